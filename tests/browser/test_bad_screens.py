"""Large text, a low window, forced colours, no motion, unsteady fingers: the call and the input stay in reach."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from playwright.sync_api import Locator, expect

from tests.bot.frontdoor.running_door import OVERDOSE
from tests.browser.canned import MIX
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

LARGE = {"fontSizes": {"standard": 32}}  # pixels, as set in the browser; 16 is usual
# What stands out of its button, and which buttons, links and inputs lie over each other in the part that does not move.
SPILLED = """panel => [...panel.querySelectorAll(".button")].filter((e) => e.checkVisibility()).filter((e) => {
  const box = e.getBoundingClientRect();
  const words = document.createRange();
  words.selectNodeContents(e);
  const inner = words.getBoundingClientRect();
  return inner.left < box.left - 1 || inner.right > box.right + 1 || inner.bottom > box.bottom + 1;
}).map((e) => e.textContent)"""
OVERLAPPING = """panel => {
  const parts = [...panel.querySelectorAll(".head .button, .head h2, form > *, .foot .button, .sheet > *")]
    .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]);
  return parts.flatMap(([a, p], at) => parts.slice(at + 1)
    .filter(([, q]) => p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1)
    .map(([b]) => [a.textContent, b.textContent]));
}"""
SIDEWAYS = "e => e.scrollWidth > e.clientWidth"
BORDERED = """e => {
  const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(e);
  return parseFloat(borderTopWidth) >= 1 && borderTopStyle !== "none" && borderTopColor !== backgroundColor;
}"""


def in_reach(part: Locator) -> None:
    """Seen whole where it is, and nothing lies over it."""
    expect(part).to_be_in_viewport(ratio=0.95)
    part.click(trial=True, timeout=3000)


def within_a_scroll(part: Locator) -> None:
    part.scroll_into_view_if_needed()
    in_reach(part)


def foot(tab: Tab) -> list[Locator]:
    """Clear, language and More."""
    return tab.page.locator(".foot:not([hidden]) .button").all()


def hits(tab: Tab) -> list[Locator]:
    """What can be pressed, inside and outside of the messages."""
    return tab.panel.locator("a:visible, button:visible, summary:visible, textarea:visible").all()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 390])
def test_text_at_200_percent(door_tab: Callable[..., Tab], width: int, language: str) -> None:
    tab = door_tab(viewport={"width": width, "height": 844})
    tab.page.context.new_cdp_session(tab.page).send("Page.setFontSizes", LARGE)
    tab.open()
    if language == "es":
        tab.page.get_by_role("button", name="Español").click()
    box = tab.page.locator("textarea")
    box.fill(OVERDOSE)
    box.press("Enter")
    tab.log.locator(".choices").wait_for()
    for part in [tab.panel, tab.page.locator(".scroll")]:
        assert not part.evaluate(SIDEWAYS)
    assert tab.panel.evaluate(SPILLED) == []
    assert tab.panel.evaluate(OVERLAPPING) == []
    assert tab.page.locator(".scroll").evaluate("e => e.clientHeight") >= 200
    for part in [tab.page.locator(".head a[href^='tel:+1']"), tab.log.locator("a.big"), box, *foot(tab)]:
        within_a_scroll(part)


@pytest.mark.parametrize("width", [320, 390])
def test_a_window_of_300_pixels(door_tab: Callable[..., Tab], width: int) -> None:
    tab = door_tab(viewport={"width": width, "height": 300})
    tab.open()
    tab.ask(OVERDOSE)
    expect(tab.page.locator("a[href='tel:911']:is(.big)").first).to_be_in_viewport(ratio=0.95)
    tab.ask("hello", 2)
    seen = [".head a[href^='tel:+1']", ".alarm-bar a[href='tel:911']", ".message.bot:last-child .text", "textarea"]
    for part in [*map(tab.page.locator, seen), tab.page.get_by_role("button", name="Close chat")]:
        in_reach(part)
    assert tab.panel.evaluate(SPILLED) == []
    for part in foot(tab):
        within_a_scroll(part)


def test_targets(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    tab.log.locator("summary").click()
    tab.ask(OVERDOSE, 4)
    tab.page.get_by_role("button", name="More").click()
    for target in hits(tab):
        box = target.bounding_box()
        large = target.evaluate("e => e.matches('.button, summary, textarea')")
        assert box and min(box["width"], box["height"]) >= (44 if large else 24), target.evaluate("e => e.outerHTML")


def test_forced_colours_leave_borders(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab(forced_colors="active")
    tab.page.goto(tab.base)
    dock = tab.page.locator("helpline-chat aside").locator("a, button").all()
    assert [part.evaluate(BORDERED) for part in dock] == [True, True]
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.ask(MIX)
    tab.log.locator("summary").click()
    tab.ask(OVERDOSE, 4)
    tab.ask("hello", 5)
    for part in tab.panel.locator(".button:visible, .badge:visible, .card:visible").all():
        assert part.evaluate(BORDERED), part.evaluate("e => e.outerHTML")
    assert tab.page.locator(".alarm-bar").evaluate("e => parseFloat(getComputedStyle(e).borderBottomWidth)") >= 1


@pytest.mark.parametrize(("wish", "moving"), [("reduce", 0), ("no-preference", 3)])
def test_nothing_moves_where_motion_is_unwelcome(
    door_tab: Callable[..., Tab], held_back: Event, wish: str, moving: int
) -> None:
    tab = door_tab(reduced_motion=wish)
    tab.open()
    tab.send("hello")
    expect(tab.page.locator(".working")).to_be_visible()
    assert tab.panel.evaluate("e => e.getAnimations({ subtree: true }).length") == moving
