"""The page to try texts, in a real Chromium: a telephone on the screen that sends and shows them as one would."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE
from tests.browser.canned import answered
from tests.browser.tab import Tab
from tests.browser.test_accessibility import faults

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

EVIL = "<img src=x onerror=\"document.title='caught'\"> see https://evil.example/c/aaaaaaaaaaaaaaaaaaaaaa"
NUMBER = re.compile(r"\+1 \d{3} 555-01\d\d")
DUE = 10_000


@pytest.fixture
def tab(door_tab: Callable[..., Tab], door_url: str) -> Tab:
    """The page, with a number."""
    tab = door_tab()
    tab.page.goto(f"{door_url}/sms/try")
    expect(number(tab)).to_have_text(NUMBER)
    return tab


def number(tab: Tab) -> Locator:
    return tab.page.locator("#number")


def ours(tab: Tab) -> Locator:
    return tab.page.get_by_role("log").locator(".bot")


def mine(tab: Tab) -> Locator:
    return tab.page.get_by_role("log").locator(".user")


def write(tab: Tab, text: str) -> None:
    tab.page.get_by_label("Your text").fill(text)
    tab.page.keyboard.press("Enter")


def test_a_talk_by_text_with_all_that_is_offered(tab: Tab) -> None:
    for count, thing in enumerate(("can i mix xanax and percocet", "1", "LINK", "STOP", "START", "HELP"), 1):
        tab.page.get_by_role("button", name=thing, exact=True).click()
        expect(ours(tab)).to_have_count(count, timeout=DUE)
    expect(mine(tab)).to_have_count(6)
    expect(ours(tab).first).to_contain_text(re.compile(r"Size in messages: [123]\b"))
    expect(ours(tab).nth(1)).to_contain_text("echo /affirm")
    expect(ours(tab).nth(3)).to_contain_text("Reply START")
    order = tab.page.get_by_role("log").locator("> div").evaluate_all("all => all.map((e) => e.className)")
    assert order == ["user", "bot"] * 6
    assert tab.complaints == [] and tab.elsewhere == []


def test_an_emergency_is_answered_at_once(tab: Tab) -> None:
    write(tab, OVERDOSE)
    expect(ours(tab).first).to_contain_text("911", timeout=DUE)


def test_a_link_leads_on_in_the_web_chat(tab: Tab) -> None:
    write(tab, "can i mix xanax and percocet")
    with tab.page.expect_popup() as opened:
        ours(tab).get_by_role("link").first.click(timeout=DUE)
    page = opened.value
    page.get_by_role("button", name="Go on in the chat").click()
    expect(page.get_by_text("You can go on here from your texts")).to_be_visible()
    page.get_by_role("button", name="Close chat").click()
    page.get_by_label("Last four digits").fill(number(tab).inner_text()[-4:])
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="can i mix xanax and percocet")).to_be_visible()


def test_texts_are_shown_as_text_and_only_our_own_links_can_be_followed(tab: Tab, door_rasa: RasaStandIn) -> None:
    def evil(asked: Asked) -> Given:
        return said(EVIL)

    door_rasa.answer = evil
    write(tab, EVIL)
    expect(ours(tab)).to_have_count(1, timeout=DUE)
    door_rasa.answer = answered
    expect(mine(tab).first).to_contain_text(EVIL)
    expect(tab.page.locator("#texts img, #texts a[href*='evil']")).to_have_count(0)
    expect(tab.page.locator("#texts a")).to_have_count(1)
    assert "caught" not in tab.page.title()


def test_a_reload_keeps_the_phone_and_a_new_one_is_empty(tab: Tab) -> None:
    write(tab, "hello")
    expect(ours(tab)).to_have_count(1, timeout=DUE)
    before = number(tab).inner_text()
    tab.page.reload()
    expect(number(tab)).to_have_text(before)
    expect(mine(tab)).to_have_count(1)
    expect(ours(tab)).to_have_count(1)
    tab.page.get_by_role("button", name="New number").click()
    expect(number(tab)).not_to_have_text(before)
    expect(number(tab)).to_have_text(NUMBER)
    expect(tab.page.get_by_role("log").locator("> div")).to_have_count(0)


def test_without_a_connection_nothing_is_lost(tab: Tab) -> None:
    tab.page.context.set_offline(True)
    expect(tab.page.get_by_role("alert")).to_contain_text("no connection right now", timeout=DUE)
    write(tab, "hello")
    expect(tab.page.get_by_label("Your text")).to_have_value("hello")
    tab.page.context.set_offline(False)
    tab.page.get_by_role("button", name="Send").click()
    expect(ours(tab)).to_have_count(1, timeout=DUE)
    expect(tab.page.get_by_role("alert")).to_be_hidden()


def test_by_keyboard_and_by_ear(tab: Tab) -> None:
    expect(tab.page.get_by_role("log")).to_have_accessible_name("Texts")
    write(tab, "hello")
    expect(tab.page.get_by_label("Your text")).to_be_focused()
    expect(mine(tab).first).to_have_text(re.compile("You said:"))
    expect(ours(tab).first).to_have_text(re.compile("Answer:"), timeout=DUE)


def test_in_spanish(door_tab: Callable[..., Tab], door_url: str) -> None:
    tab = door_tab(locale="es-MX")
    tab.page.goto(f"{door_url}/sms/try")
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Pruébelo por mensaje de texto", use_inner_text=True)
    expect(tab.page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_violation(tab: Tab, width: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": 844})
    found = list(faults(tab, "light dark"))
    write(tab, "can i mix xanax and percocet")
    expect(ours(tab)).to_have_count(1, timeout=DUE)
    found += faults(tab, "light dark")
    assert not found, "\n".join(found)
