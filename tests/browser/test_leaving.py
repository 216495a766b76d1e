"""Leaving at once: the page is blank before anything else happens, and nothing of it stays."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bot.store import conversation_key
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

ELSEWHERE = "/health/live"
BEFORE = "/health/ready"
BLANK = "getComputedStyle(document.documentElement).display === 'none' && document.title === ''"
# What the page looks like, and what it remembers, in the moment in which it asks for another.
WATCH = f"""navigation.addEventListener("navigate", () => {{
  window.name = JSON.stringify([{BLANK}, sessionStorage.length]);
}})"""


def click(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Leave this site").click()


def shift(tab: Tab) -> None:
    for _ in range(3):
        tab.page.keyboard.press("Shift")


def shift_with_the_chat_closed(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    shift(tab)


def talking(tab: Tab) -> str:
    """A visitor who came from BEFORE, chose all that is remembered, and would leave to ELSEWHERE; the token."""
    tab.page.goto(tab.base + BEFORE)
    tab.page.goto(tab.base)
    tab.page.locator("helpline-chat").evaluate("(e, url) => e.setAttribute('leave', url)", tab.base + ELSEWHERE)
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.ask("hello")
    for name in ("Español", "English", "More", "Turn sound on"):
        tab.page.get_by_role("button", name=name, exact=True).click()
    return str(tab.page.evaluate("JSON.parse(sessionStorage['helpline-chat.token'])"))


def ended(door: RunningDoor, token: str) -> bool:
    """Whether the front door noted that this visitor left."""
    query = "SELECT ended_at FROM conversations WHERE id = ?"
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with sqlite3.connect(door.database) as database:
            if database.execute(query, [conversation_key(token)]).fetchone()[0]:
                return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("leave", [click, shift, shift_with_the_chat_closed])
def test_leaving(door_tab: Callable[..., Tab], door: RunningDoor, leave: Callable[[Tab], None]) -> None:
    tab = door_tab()
    tab.page.add_init_script(WATCH)
    token = talking(tab)
    with tab.page.expect_request("**/chat/session/end") as end:
        leave(tab)
    tab.page.wait_for_url(f"**{ELSEWHERE}")
    assert json.loads(tab.page.evaluate("window.name")) == [True, 0]
    assert end.value.method == "POST" and end.value.resource_type == "fetch"
    assert "authorization" not in end.value.headers
    assert json.loads(end.value.post_data or "") == {"token": token}
    assert ended(door, token)
    tab.page.go_back()
    assert tab.page.url == tab.base + BEFORE


def test_each_press_is_announced(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.page.clock.install()
    tab.open()
    status = tab.page.get_by_role("status")
    expect(tab.input).to_be_focused()
    tab.page.keyboard.press("Shift")
    expect(status).to_have_text("Press Shift two more times to leave this site.")
    tab.page.keyboard.press("Shift")
    expect(status).to_have_text("Press Shift one more time to leave this site.")
    tab.page.clock.fast_forward(5001)
    tab.page.keyboard.press("Shift")
    expect(status).to_have_text("Press Shift two more times to leave this site.")


def test_writing_is_not_leaving(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift", "a", "Shift", "Shift", "Shift+Tab", "Shift", "Shift"):
        tab.page.keyboard.press(key)
    assert not tab.page.evaluate(BLANK)
    expect(tab.page.get_by_role("status")).to_have_text("Press Shift one more time to leave this site.")
    expect(tab.input).to_have_value("ABCa")
