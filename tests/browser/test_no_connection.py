"""Without a connection the widget helps by itself, and the server's answer takes its place; nothing is sent twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Event

import pytest
from playwright.sync_api import Locator, expect

from bot.widget import words
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, RunningDoor, is_done
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

AT_ONCE = 1500  # ms
SAID = words()["offline"][0]
CONNECT_AGAIN_MS = 20_000


def offline(tab: Tab) -> Tab:
    """An open chat of which the network is gone, with a clock that a test can move."""
    tab.page.clock.install()
    tab.open()
    tab.page.context.set_offline(True)
    return tab


def stored(tab: Tab, door: RunningDoor, turns: int) -> list[str]:
    """What the front door has of the visitor's words after so many turns."""
    chat = Chat(door, token=tab.page.evaluate("JSON.parse(sessionStorage['helpline-chat.token'])"))
    events = chat.events(lambda found: sum(is_done(each, each.get("reply_to")) for each in found) == turns)
    return [event["text"] for event in events if event.get("role") == "user"]


def connected(tab: Tab, *states: str) -> None:
    tab.page.context.set_offline(False)
    expect(tab.log.locator(".state")).to_have_text([*states], timeout=CONNECT_AGAIN_MS)


def steps(card: Locator) -> list[str]:
    return card.locator(".steps li").all_text_contents()


def test_an_emergency(door_tab: Callable[..., Tab], door: RunningDoor) -> None:
    tab = offline(door_tab())
    tab.send(OVERDOSE)
    card = tab.log.locator(".card.emergency")
    expect(card.locator("a.big[href='tel:911']")).to_be_in_viewport(timeout=AT_ONCE)
    assert steps(card) == SAID["emergency"]["card"]["steps"]
    expect(tab.log.locator(".state")).to_have_text("Waiting to send")
    expect(tab.page.locator(".working")).to_be_hidden()
    connected(tab, "Sent")
    # Only the server offers this one.
    expect(tab.log.get_by_role("button", name="Help is here")).to_be_visible()
    expect(card).to_have_count(1)
    expect(tab.log.locator(".message.bot")).to_have_count(1)
    assert stored(tab, door, 1) == [OVERDOSE]


def test_naloxone_was_given(door_tab: Callable[..., Tab], door: RunningDoor) -> None:
    tab = offline(door_tab())
    tab.send(OVERDOSE)
    tab.log.get_by_role("button", name="I gave naloxone").click(timeout=AT_ONCE)
    cards = tab.log.locator(".card.emergency")
    expect(cards).to_have_count(2, timeout=AT_ONCE)
    assert steps(cards.last) == SAID["wait"]["card"]["steps"]
    clock = tab.log.get_by_role("timer").locator("strong")
    tab.page.clock.fast_forward(60_000)
    expect(clock).to_have_text(re.compile("1:(30|2[0-9])"))
    connected(tab, "", "Sent")
    tab.log.get_by_role("button", name="Help is here").wait_for()
    expect(cards).to_have_count(2)
    expect(clock).to_have_count(1)
    minutes, seconds = map(int, clock.inner_text().split(":"))
    assert 60 <= 60 * minutes + seconds <= 90, "it began again"
    assert stored(tab, door, 2) == [OVERDOSE, "I gave naloxone"]


def test_a_crisis(door_tab: Callable[..., Tab]) -> None:
    tab = offline(door_tab())
    tab.send(SUICIDE)
    card = tab.log.locator(".card.crisis")
    for link in ("tel:988", "sms:988"):
        expect(card.locator(f"a.big[href='{link}']")).to_be_in_viewport(timeout=AT_ONCE)
    assert steps(card) == SAID["crisis"]["card"]["steps"]


def test_a_question(door_tab: Callable[..., Tab], door: RunningDoor) -> None:
    tab = offline(door_tab())
    tab.send("can i mix xanax and beer")
    expect(tab.log.locator(".state")).to_have_text("Waiting to send")
    expect(tab.page.get_by_role("status")).to_have_text("Waiting to send")
    expect(tab.log.locator(".card")).to_have_count(0)
    tab.page.clock.fast_forward(8000)
    for link in ("tel:+18445578575", "tel:911"):
        expect(tab.log.locator(f".card.helpline a[href='{link}']")).to_be_visible()
    connected(tab, "Sent")
    expect(tab.log.locator(".card.interaction")).to_be_visible()
    assert stored(tab, door, 1) == ["can i mix xanax and beer"]


def test_the_indicator_shows_an_open_turn(door_tab: Callable[..., Tab], held_back: Event) -> None:
    tab = door_tab()
    tab.open()
    working = tab.page.locator(".working")
    expect(working).to_be_hidden()
    tab.send("hello")
    expect(working).to_be_visible()
    held_back.set()
    expect(tab.log.get_by_text("echo hello")).to_be_visible()
    expect(working).to_be_hidden(timeout=500)


def test_the_indicator_gives_way_to_the_helpline(door_tab: Callable[..., Tab], held_back: Event) -> None:
    tab = door_tab()
    tab.page.clock.install()
    tab.open()
    tab.send("hello")
    working = tab.page.locator(".working")
    expect(working).to_be_visible()
    tab.page.clock.fast_forward(8000)
    expect(tab.log.locator(".card.helpline a[href^='tel:+1']")).to_be_visible()
    expect(working).to_be_hidden(timeout=500)
