"""Everything can be done with the keyboard, in the order of the screen, and the focus is never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.bot.frontdoor.running_door import OVERDOSE
from tests.browser.canned import MIX
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

DESK = {"viewport": {"width": 1280, "height": 800}, "has_touch": False}
HAND = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
STOPS = """panel => [...panel.querySelectorAll("a[href], button, textarea, summary, [tabindex='0']")]
  .filter((e) => e.checkVisibility() && e.tabIndex >= 0).map((e) => e.textContent || e.ariaLabel)"""
# Where the focus is: what it says, whether that is seen, and whether it is in the open panel.
FOCUS = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const { left, top, width, height } = e.getBoundingClientRect();
  const hit = e.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  return {
    says: e.textContent || e.ariaLabel,
    ringed: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: e.contains(hit),
    inside: Boolean(e.closest("dialog[open]")) && e.checkVisibility(),
  };
}"""


def focus(tab: Tab) -> dict[str, Any]:
    found: dict[str, Any] = tab.page.evaluate(FOCUS)
    return found


def press(tab: Tab, name: str) -> None:
    """Press a button by the keyboard."""
    tab.panel.get_by_role("button", name=name, exact=True).press("Enter")


def walk(tab: Tab, key: str, count: int) -> list[dict[str, Any]]:
    """The stops of so many presses of a key."""
    stops = []
    for _ in range(count):
        tab.page.keyboard.press(key)
        stops.append(focus(tab))
    return stops


def talked(tab: Tab) -> list[str]:
    """A talk with a card, an emergency, its bar and the sheet; what can be reached in it, in the order of reading."""
    tab.open()
    tab.ask(MIX)
    tab.ask(OVERDOSE, 4)
    tab.ask("hello", 5)
    press(tab, "More")
    expect(tab.page.locator(".alarm-bar")).to_be_visible()
    stops: list[str] = tab.panel.evaluate(STOPS)
    return stops


@pytest.mark.parametrize("place", [DESK, HAND], ids=["desk", "hand"])
def test_a_walk_through_all_of_it(door_tab: Callable[..., Tab], place: dict[str, Any]) -> None:
    tab = door_tab(**place)
    stops = talked(tab)
    assert stops[:2] == ["Leave this site", "Close chat"] and stops[-1] == "More" and len(stops) > 25
    tab.page.get_by_role("button", name="Leave this site").focus()
    there = walk(tab, "Tab", len(stops) - 1)
    back = walk(tab, "Shift+Tab", len(stops) - 1)
    assert [stop["says"] for stop in there] == stops[1:]
    assert [stop["says"] for stop in back] == stops[-2::-1]
    assert [stop for stop in there + back if not (stop["ringed"] and stop["seen"] and stop["inside"])] == []


def test_beyond_the_last_stop_the_page_goes_on(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab(**DESK)
    tab.open()
    tab.page.get_by_role("button", name="More").focus()
    (beyond,) = walk(tab, "Tab", 1)
    assert not beyond["inside"]


@pytest.mark.parametrize("place", [DESK, HAND], ids=["desk", "hand"])
def test_escape_goes_back_to_the_launcher(door_tab: Callable[..., Tab], place: dict[str, Any]) -> None:
    tab = door_tab(**place)
    tab.page.goto(tab.base)
    launcher = tab.page.get_by_role("button", name="Chat with us")
    launcher.press("Enter")
    expect(tab.input).to_be_focused()
    for leave in (lambda: tab.page.keyboard.press("Escape"), lambda: press(tab, "Close chat")):
        leave()
        expect(tab.panel).to_be_hidden()
        expect(launcher).to_be_focused()
        launcher.press("Enter")
        expect(tab.panel).to_be_visible()


@pytest.mark.parametrize("place", [DESK, HAND], ids=["desk", "hand"])
def test_a_quick_answer_leaves_the_focus_in_the_chat(door_tab: Callable[..., Tab], place: dict[str, Any]) -> None:
    tab = door_tab(**place)
    tab.open()
    tab.ask(MIX)
    press(tab, "Not yet")
    expect(tab.log.locator(".choices")).to_have_count(0)
    assert focus(tab)["inside"]
    tab.answer(4)
    assert focus(tab)["inside"]


def test_the_bar_gives_the_focus_to_the_input(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    talked(tab)
    bar = tab.page.locator(".alarm-bar")
    bar.locator("a").focus()
    tab.log.locator("a.big").evaluate("e => e.scrollIntoView({ block: 'center' })")
    expect(bar).to_be_hidden()
    expect(tab.input).to_be_focused()
    tab.log.get_by_text("echo hello").scroll_into_view_if_needed()
    press(tab, "Hide this bar")
    expect(bar).to_be_hidden()
    expect(tab.input).to_be_focused()


def test_clearing_keeps_the_focus(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    press(tab, "Clear this chat")
    assert focus(tab)["says"] == "Yes, clear it"
    press(tab, "Keep it")
    assert focus(tab)["says"] == "Clear this chat"
    press(tab, "Clear this chat")
    press(tab, "Yes, clear it")
    expect(tab.input).to_be_focused()


@pytest.mark.parametrize("way", ["Back to the chat", "Escape"])
def test_the_helper_page_takes_the_focus_and_gives_it_back(door_tab: Callable[..., Tab], way: str) -> None:
    tab = door_tab()
    tab.open()
    press(tab, "More")
    press(tab, "Show this to a helper")
    page = tab.page.get_by_role("dialog", name="Show this to a helper")
    expect(page.get_by_role("heading", name="Show this to a helper")).to_be_focused()
    if way == "Escape":
        tab.page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name=way).press("Enter")
    expect(page).to_have_count(0)
    expect(tab.panel).to_be_visible()
    assert focus(tab)["says"] == "Show this to a helper"


def test_the_notice_hides_nothing(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.page.context.grant_permissions(["clipboard-write"])
    tab.open()
    tab.ask(MIX)
    tab.log.get_by_role("button", name="Copy this answer").last.press("Enter")
    expect(tab.page.get_by_text("Copied.")).to_be_visible()
    tab.log.get_by_role("button", name="Not yet").click(trial=True, timeout=3000)
