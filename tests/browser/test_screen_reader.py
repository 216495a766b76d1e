"""What a screen reader is told: names and roles, the order of reading, and each message once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.bot.frontdoor.running_door import OVERDOSE
from tests.browser.canned import MIX
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

# Notes each text that is added to the log while it is read out; a text that comes twice, or is moved, is noted twice.
LISTEN = """log => {
  window.heard = [];
  const silent = "[aria-live='off'], [role='timer']";
  const texts = (node) => node.nodeType === 3 ? [node] : [...node.childNodes].flatMap(texts);
  new MutationObserver((records) => {
    if (log.getAttribute("aria-live") !== "polite") return;
    const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]).flatMap(texts));
    for (const text of added) {
      if (text.parentElement?.closest(silent) === log.closest(silent) && text.data.trim()) heard.push(text.data);
    }
  }).observe(log, { childList: true, subtree: true });
}"""
# What is seen whole of the parts of the panel, in the order in which they are read.
SEEN = """panel => [...panel.querySelectorAll(
  ".head h2, .head p, .head .button, .alarm-bar .button, .text, .choices .button, .sheet > *, form > *, .foot .button"
)].map((e) => [e, e.getBoundingClientRect()]).filter(([e, box]) => {
  const hits = [3, box.height - 3].map((y) => e.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + y));
  return hits.every((hit) => e.contains(hit));
}).map(([e, { top, bottom, left }]) => ({ top, bottom, left, says: e.textContent || e.ariaLabel }))"""
SPOKEN = {"button", "link", "textbox", "heading", "dialog", "log", "timer"}


def listen(tab: Tab) -> None:
    tab.log.evaluate(LISTEN)


def heard(tab: Tab) -> list[str]:
    """What was read out since `listen`."""
    said: list[str] = tab.page.evaluate("heard")
    return said


def tree(tab: Tab) -> list[dict[str, Any]]:
    """The accessibility tree of the page, as far as it is not ignored."""
    nodes = tab.page.context.new_cdp_session(tab.page).send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def named(tab: Tab, role: str) -> list[str]:
    return [node["name"]["value"] for node in tree(tab) if node["role"]["value"] == role]


def test_names_and_roles_before_the_first_message(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    assert named(tab, "dialog") == ["Firstlight"]
    assert named(tab, "heading") == ["Firstlight"]
    assert named(tab, "log") == ["Messages"]
    assert named(tab, "textbox") == ["Your message"]
    assert len(named(tab, "status")) == 1
    assert tab.log.evaluate("e => [e.childElementCount, e.ariaLive, e.closest('[hidden]')]") == [0, "polite", None]


def test_everything_has_a_name(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    tab.log.locator("summary").click()
    tab.ask(OVERDOSE, 4)
    tab.ask("hello", 5)
    tab.page.get_by_role("button", name="More").click()
    nameless = [node for node in tree(tab) if node["role"]["value"] in SPOKEN and not node["name"]["value"].strip()]
    assert len(named(tab, "button")) >= 13
    assert nameless == []


def test_reading_order_is_the_order_on_the_screen(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(OVERDOSE)
    tab.ask("hello", 2)
    expect(tab.page.locator(".alarm-bar")).to_be_visible()
    tab.page.get_by_role("button", name="More").click()
    parts = tab.panel.evaluate(SEEN)
    assert {"Firstlight", "Call911", "echo hello", "Your message", "What we keep", "More"} <= {p["says"] for p in parts}
    for before, after in pairwise(parts):
        beside = after["top"] < before["bottom"] - 1
        assert after["left"] > before["left"] if beside else after["top"] >= before["bottom"] - 1, (before, after)


def test_an_answer_is_read_once(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    listen(tab)
    tab.ask("hello")
    expect(tab.log.locator(".state")).to_have_text("Sent")
    assert heard(tab) == ["You said:", "hello", "Answer:", "echo hello", "Copy this answer"]


def test_an_emergency_is_read_once(door_tab: Callable[..., Tab]) -> None:
    """The card comes with the answer to the message, and its words later by the stream."""
    tab = door_tab()
    held: list[Route] = []
    tab.page.route("**/chat/events", lambda route: held.append(route))
    tab.open()
    listen(tab)
    with tab.page.expect_request("**/chat/events"):
        tab.send(OVERDOSE)
    expect(tab.log.locator(".steps li")).to_have_count(7)
    held[-1].continue_()
    tab.log.get_by_role("button", name="I gave naloxone").click()
    expect(tab.log.get_by_role("timer")).to_be_visible()
    said = heard(tab)
    sentences = [each for each in said if len(each.split()) > 3]
    assert len(sentences) > 10
    assert sorted(sentences) == sorted(set(sentences))
    assert said.count("Answer:") == 2 and said.count("Get help now") == 2
    assert not [each for each in said if ":2" in each or ":3" in each], "the clock is read out"


def test_the_end_of_a_timer_is_read_once(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.page.clock.install()
    tab.open()
    tab.ask(OVERDOSE)
    tab.log.get_by_role("button", name="I gave naloxone").click()
    expect(tab.log.get_by_role("timer")).to_be_visible()
    listen(tab)
    tab.page.clock.fast_forward(151_000)
    expect(tab.log.locator(".timer.over")).to_be_visible()
    assert heard(tab) == ["The time is over. Look now: are they awake?"]


def test_a_reload_is_not_read(door_tab: Callable[..., Tab]) -> None:
    """However slow the network is."""
    tab = door_tab()
    tab.page.clock.install()
    tab.open()
    tab.ask(MIX)
    held: list[Route] = []
    tab.page.route("**/chat/events", lambda route: held.append(route))
    with tab.page.expect_request("**/chat/events"):
        tab.page.reload()
    listen(tab)
    tab.page.clock.fast_forward(5000)
    held[-1].continue_()
    tab.log.get_by_role("button", name="Not yet").wait_for()
    assert heard(tab) == []
    tab.ask("hello", 4)
    assert heard(tab)[-3:] == ["Answer:", "echo hello", "Copy this answer"]


def test_an_answer_after_a_reload_is_read(door_tab: Callable[..., Tab], held_back: Event) -> None:
    tab = door_tab()
    tab.open()
    tab.send("hello")
    expect(tab.log.locator(".state")).to_have_text("Sent")
    tab.page.reload()
    listen(tab)
    expect(tab.log.get_by_text("hello")).to_be_visible()
    assert heard(tab) == []
    held_back.set()
    expect(tab.log.get_by_text("echo hello")).to_be_visible()
    assert heard(tab) == ["Answer:", "echo hello", "Copy this answer"]


def test_a_change_of_language_is_not_read(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    listen(tab)
    tab.page.get_by_role("button", name="Español").click()
    expect(tab.log.get_by_text("Respuesta:").first).to_be_attached()
    assert heard(tab) == []
    assert tab.log.locator(".card").get_attribute("lang") == "en"
    assert tab.log.locator(".badge span").first.get_attribute("lang") == "es"
