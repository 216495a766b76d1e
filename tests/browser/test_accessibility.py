"""No state of the chat has a violation that axe can find, in light and in dark; the main ones on four widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.store import Store, conversation_key
from bot.store.records import Answer, Turn, Words
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, RunningDoor
from tests.browser.canned import MIX
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
States = Iterator[str]


def press(tab: Tab, name: str) -> None:
    tab.page.get_by_role("button", name=name, exact=True).click()


def bar_shown(tab: Tab) -> None:
    """Scroll until the alarm's card is out of sight."""
    tab.page.locator(".scroll").evaluate("e => { e.dispatchEvent(new Event('wheel')); e.scrollTop = 0; }")
    expect(tab.page.locator(".alarm-bar")).to_be_visible()


def staff_says(tab: Tab, door: RunningDoor, text: str) -> None:
    """Write into the conversation from another process's side, as a person who helps would."""
    token = tab.page.evaluate("JSON.parse(sessionStorage['helpline-chat.token'])")
    turn = Turn(conversation_key(token), 1, "", None, None, "none", False)
    store = Store(door.settings)
    store.start().result()
    store.append_late(turn, Answer([Words(text, role="staff")], "staff", 0.0), always=True).result()
    store.close()
    expect(tab.log.locator(".message.staff")).to_contain_text(text)


def opened(tab: Tab) -> States:
    tab.page.goto(tab.base)
    yield "dock"
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.input.wait_for()
    yield "opened"


def an_answer(tab: Tab) -> States:
    tab.ask(MIX)
    tab.log.get_by_role("button", name="Not yet").wait_for()
    yield "answer, card closed"
    tab.log.locator("summary").click()
    yield "answer, card open"


def beside_the_talk(tab: Tab) -> States:
    press(tab, "More")
    yield "More"
    press(tab, "Show this to a helper")
    yield "helper page"
    press(tab, "Back to the chat")
    press(tab, "More")
    press(tab, "Clear this chat")
    yield "clear asks"
    press(tab, "Keep it")


def in_trouble(tab: Tab, door: RunningDoor) -> States:
    tab.send("x" * 2001)
    expect(tab.log.locator(".state").last).to_have_text("Not sent")
    yield "failed"
    tab.page.context.set_offline(True)
    tab.send("hello")
    expect(tab.log.locator(".state").last).to_have_text("Waiting to send")
    yield "waiting"
    tab.page.context.set_offline(False)
    expect(tab.log.get_by_text("echo hello")).to_be_visible(timeout=10_000)
    staff_says(tab, door, "I am here with you.")
    yield "staff"


def an_emergency(tab: Tab) -> States:
    tab.send(OVERDOSE)
    gave = tab.log.get_by_role("button", name="I gave naloxone")
    gave.wait_for()
    yield "emergency"
    gave.click()
    tab.log.get_by_role("timer").wait_for()
    bar_shown(tab)
    yield "timer, bar"
    tab.page.clock.fast_forward(151_000)
    tab.log.locator(".timer.over").wait_for()
    yield "time is over"


def the_end(tab: Tab) -> States:
    tab.send(SUICIDE)
    tab.log.locator(".card.crisis + .text").wait_for()
    yield "crisis"
    press(tab, "Español")
    yield "Spanish"
    press(tab, "English")
    press(tab, "Clear this chat")
    press(tab, "Yes, clear it")
    expect(tab.page.get_by_text("This chat is cleared.")).to_be_visible()
    yield "cleared"


def every_state(tab: Tab, door: RunningDoor) -> States:
    yield from opened(tab)
    yield from an_answer(tab)
    yield from beside_the_talk(tab)
    yield from in_trouble(tab, door)
    yield from an_emergency(tab)
    yield from the_end(tab)


def main_states(tab: Tab, door: RunningDoor) -> States:
    yield from opened(tab)
    yield from an_answer(tab)
    tab.send(OVERDOSE)
    tab.log.get_by_role("button", name="I gave naloxone").wait_for()
    bar_shown(tab)
    yield "emergency, bar"


def faults(tab: Tab, schemes: str) -> Iterator[str]:
    """What is wrong with the page as it is."""
    for scheme in schemes.split():
        tab.page.emulate_media(color_scheme=scheme)
        for broken in Axe().run(tab.page, options=AXE).response["violations"]:
            yield f"{scheme}: {broken['help']}: {[node['html'] for node in broken['nodes']]}"
    for part in tab.page.locator("html, .panel, .scroll").all():
        if part.evaluate("e => e.scrollWidth > e.clientWidth"):
            yield f"scrolls sideways: {part}"


@pytest.mark.parametrize(
    ("width", "schemes", "states"),
    [(390, "light dark", every_state), *((width, "dark", main_states) for width in (320, 768, 1280))],
)
def test_no_violation(
    door_tab: Callable[..., Tab], door: RunningDoor, width: int, schemes: str, states: Callable[..., States]
) -> None:
    tab = door_tab(viewport={"width": width, "height": 844}, has_touch=width < 1000)
    tab.page.clock.install()
    found = [(state, fault) for state in states(tab, door) for fault in faults(tab, schemes)]
    assert not found, "\n".join(f"{state}: {fault}" for state, fault in found)
