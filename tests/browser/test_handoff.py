"""From a link in a text to the web chat, in a real Chromium: what the page shows, spends, keeps and leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.bot.frontdoor.links import ASKED, LAST_DIGITS, TOLD, link_from_texts
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.host import Host
from tests.browser.tab import Tab
from tests.browser.test_accessibility import faults

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

WRONG = "9999"
EVIL = "<img src=x onerror=\"document.title='caught'\"> <b>bold</b>"
KEPT = "Object.fromEntries(Object.entries(sessionStorage))"
Arrive = Callable[..., Tab]


@pytest.fixture
def arrive(door_tab: Callable[..., Tab], door: RunningDoor) -> Arrive:
    """Opens a new link from texts in a tab of its own."""

    def go(code: str = "", language: str = "en", **options: object) -> Tab:
        tab = door_tab(**options)
        tab.page.goto(f"{door.url}/c/{code or link_from_texts(door, language=language)}")
        return tab

    return go


def button(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name="Go on in the chat")


def go_on(tab: Tab) -> None:
    """Press the button, and wait for the greeting in the chat."""
    button(tab).click()
    expect(tab.log.get_by_text("You can go on here from your texts")).to_be_visible()


def close_chat(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Close chat").click()


def enter(tab: Tab, digits: str) -> None:
    tab.page.get_by_label("Last four digits").fill(digits)
    tab.page.get_by_role("button", name="Show the texts").click()


def said(tab: Tab) -> Locator:
    """What the page says about the digits."""
    return tab.page.locator("#digits-said")


def texts(tab: Tab) -> Locator:
    return tab.page.get_by_role("listitem")


def spent(door: RunningDoor, code: str) -> bool:
    return httpx.post(f"{door.url}/c/{code}", trust_env=False).status_code == 410


# ---- the link


def test_one_button_leads_on_in_the_chat(arrive: Arrive) -> None:
    tab = arrive()
    go_on(tab)
    expect(tab.input).to_be_focused()
    expect(tab.panel).to_have_attribute("lang", "en")
    expect(tab.ask("hello", 2).last).to_contain_text("echo hello")
    assert ASKED not in tab.page.content()
    assert tab.complaints == [] and tab.elsewhere == []


def test_a_look_spends_nothing(arrive: Arrive, door: RunningDoor) -> None:
    code = link_from_texts(door)
    arrive(code)
    arrive(code).page.reload()
    arrive(code, java_script_enabled=False)
    go_on(arrive(code))


def test_the_second_use_says_so_and_leads_on_too(arrive: Arrive, door: RunningDoor) -> None:
    code = link_from_texts(door)
    go_on(arrive(code))
    tab = arrive(code)
    button(tab).click()
    expect(tab.page.get_by_role("heading", name="This link was used")).to_be_focused()
    expect(tab.page.locator("#used").get_by_text("Reply LINK to our text")).to_be_visible()
    expect(tab.page.locator("#used").get_by_role("link", name="(844) 557-8575").first).to_be_visible()
    tab.page.get_by_role("button", name="Open the chat").click()
    expect(tab.ask("hello").last).to_contain_text("echo hello")
    close_chat(tab)
    expect(tab.page.get_by_label("Last four digits")).to_be_hidden()


def test_the_code_stays_neither_in_the_address_nor_in_the_history(arrive: Arrive, door: RunningDoor) -> None:
    code = link_from_texts(door)
    tab = arrive(code)
    before = tab.page.evaluate("history.length")
    go_on(tab)
    assert tab.page.url == f"{door.url}/c" and tab.page.evaluate("history.length") == before
    assert code not in str(tab.page.evaluate(KEPT))
    tab.page.goto(door.url)
    tab.page.go_back()
    assert tab.page.url == f"{door.url}/c"
    expect(tab.log.get_by_text("You can go on here from your texts")).to_be_visible()
    tab.page.go_back()
    assert code not in tab.page.url


def test_a_reload_keeps_the_chat_and_spends_nothing(arrive: Arrive) -> None:
    tab = arrive()
    go_on(tab)
    tab.ask("hello", 2)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    tab.page.reload()
    expect(tab.log.locator(".message")).to_have_count(3)
    assert not [each for each in asked if each.startswith("POST")]
    assert tab.complaints == []


def test_another_tab_knows_nothing(arrive: Arrive, door: RunningDoor) -> None:
    tab = arrive()
    go_on(tab)
    other = tab.page.context.new_page()
    other.goto(f"{door.url}/c")
    expect(other.get_by_role("heading", name="This page waits for a link")).to_be_visible()
    assert other.evaluate(KEPT) == {} and tab.page.evaluate("localStorage.length") == 0
    assert tab.page.context.cookies() == []


def test_nobody_is_told_where_the_visitor_was(arrive: Arrive, door: RunningDoor) -> None:
    site = Host()
    tab = arrive()
    referred: list[str] = []
    tab.page.on("request", lambda request: referred.append(request.headers.get("referer", "")))
    go_on(tab)
    tab.page.evaluate("address => location.assign(address)", site.serve("<p>elsewhere</p>"))
    tab.page.get_by_text("elsewhere").wait_for()
    assert tab.page.evaluate("document.referrer") == "" and set(referred) == {""}
    site.stop()


def test_spanish_texts_go_on_in_spanish(arrive: Arrive) -> None:
    tab = arrive(language="es")
    button(tab).click()
    expect(tab.panel).to_have_attribute("lang", "es")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("heading", name="Su chat sigue aquí")).to_be_visible()
    expect(tab.page.get_by_text("Your chat goes on here")).to_be_hidden()
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Escríbanos")).to_be_visible()


# ---- when something is missing


def test_without_javascript_it_says_whom_to_call(arrive: Arrive, door: RunningDoor) -> None:
    code = link_from_texts(door)
    tab = arrive(code, java_script_enabled=False)
    expect(tab.page.get_by_text("Your link is not used up")).to_be_visible()
    expect(tab.page.get_by_role("link", name="Call")).to_have_attribute("href", "tel:+18445578575")
    expect(tab.page.get_by_role("button")).to_have_count(0)
    assert not spent(door, code)


def test_where_the_chat_cannot_be_loaded_the_link_is_not_spent(door_tab: Callable[..., Tab], door: RunningDoor) -> None:
    code = link_from_texts(door)
    tab = door_tab()
    tab.page.route("**/widget.js", lambda route: route.abort())
    tab.page.goto(f"{door.url}/c/{code}")
    expect(tab.page.get_by_text("Your link is not used up")).to_be_visible()
    expect(tab.page.get_by_role("button")).to_have_count(0)
    assert not spent(door, code)


def test_while_it_waits_it_says_so(arrive: Arrive) -> None:
    tab = arrive()
    tab.page.route("**/c/*", lambda route: None)
    button(tab).click()
    expect(tab.page.get_by_role("alert")).to_contain_text("Opening…")


def test_without_a_connection_it_says_so_and_works_later(arrive: Arrive) -> None:
    tab = arrive()
    tab.page.context.set_offline(True)
    button(tab).click()
    expect(tab.page.get_by_role("alert").get_by_text("We could not open the chat")).to_be_visible()
    tab.page.context.set_offline(False)
    go_on(tab)


# ---- what was said by text


def test_the_texts_are_shown_for_the_digits_and_can_be_hidden(arrive: Arrive) -> None:
    tab = arrive()
    go_on(tab)
    close_chat(tab)
    expect(texts(tab)).to_have_count(0)
    enter(tab, LAST_DIGITS)
    expect(texts(tab).filter(has_text=ASKED).first).to_be_visible()
    expect(texts(tab).filter(has_text=TOLD).first).to_be_visible()
    tab.page.get_by_role("button", name="Hide the texts").click()
    expect(texts(tab)).to_have_count(0)
    expect(tab.page.get_by_label("Last four digits")).to_be_focused()
    assert tab.page.get_by_label("Last four digits").input_value() == ""


def test_three_wrong_tries_close_them(arrive: Arrive) -> None:
    tab = arrive()
    go_on(tab)
    close_chat(tab)
    enter(tab, "12")
    expect(said(tab)).to_have_text("Please enter four digits.", use_inner_text=True)
    for left in ("2", "1"):
        enter(tab, WRONG)
        expect(said(tab)).to_have_text(f"Those digits do not match. Tries left: {left}", use_inner_text=True)
    enter(tab, WRONG)
    expect(said(tab)).to_contain_text("can no longer be shown here")
    expect(tab.page.get_by_label("Last four digits")).to_be_hidden()
    tab.page.reload()
    close_chat(tab) if tab.panel.is_visible() else None
    expect(tab.page.get_by_label("Last four digits")).to_be_hidden()
    assert TOLD not in tab.page.content()


def test_texts_are_shown_as_text(arrive: Arrive, door: RunningDoor) -> None:
    tab = arrive(link_from_texts(door, asked=EVIL, told=EVIL))
    go_on(tab)
    close_chat(tab)
    enter(tab, LAST_DIGITS)
    expect(texts(tab).filter(has_text=EVIL)).to_have_count(2)
    expect(tab.page.locator("#texts img, #texts b")).to_have_count(0)
    assert tab.page.title() == "Firstlight" and tab.complaints == []


def test_clearing_the_chat_takes_the_texts_away(arrive: Arrive) -> None:
    tab = arrive(viewport={"width": 1280, "height": 800}, has_touch=False)
    go_on(tab)
    enter(tab, LAST_DIGITS)
    expect(texts(tab).first).to_be_visible()
    tab.page.get_by_role("button", name="Clear this chat").click()
    tab.page.get_by_role("button", name="Yes, clear it").click()
    expect(texts(tab)).to_have_count(0)
    expect(tab.page.get_by_label("Last four digits")).to_be_hidden()


def test_leaving_the_page_takes_the_texts_away(arrive: Arrive, door: RunningDoor) -> None:
    tab = arrive()
    go_on(tab)
    close_chat(tab)
    enter(tab, LAST_DIGITS)
    texts(tab).first.wait_for()
    tab.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(texts(tab)).to_have_count(0)
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.page.get_by_role("button", name="Leave this site").click()
    tab.page.goto(f"{door.url}/c")
    expect(tab.page.get_by_role("heading", name="This page waits for a link")).to_be_visible()
    assert tab.page.evaluate(KEPT) == {}


def test_texts_that_cannot_be_fetched_are_not_a_try(arrive: Arrive) -> None:
    tab = arrive()
    go_on(tab)
    close_chat(tab)
    tab.page.context.set_offline(True)
    enter(tab, LAST_DIGITS)
    expect(said(tab)).to_contain_text("We could not get the texts")
    tab.page.context.set_offline(False)
    enter(tab, WRONG)
    expect(said(tab)).to_contain_text("Tries left: 2")


# ---- for everybody


def press(tab: Tab, key: str, until: Locator) -> None:
    """Press a key until the focus is where it should go."""
    for _ in range(12):
        tab.page.keyboard.press(key)
        if until.evaluate("e => e.matches(':focus')"):
            return
    raise AssertionError(f"the focus never came to {until}")


def test_all_of_it_by_keyboard(arrive: Arrive) -> None:
    tab = arrive(viewport={"width": 1280, "height": 800}, has_touch=False)
    press(tab, "Tab", button(tab))
    tab.page.keyboard.press("Enter")
    expect(tab.input).to_be_focused()
    tab.page.keyboard.press("Escape")
    field = tab.page.get_by_label("Last four digits")
    press(tab, "Shift+Tab", field)
    tab.page.keyboard.type(LAST_DIGITS)
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="What was said by text")).to_be_focused()
    press(tab, "Tab", tab.page.get_by_role("button", name="Hide the texts"))
    tab.page.keyboard.press("Enter")
    expect(field).to_be_focused()


def test_a_screen_reader_hears_both_languages_in_their_own_voice(arrive: Arrive) -> None:
    tab = arrive()
    expect(tab.page.get_by_role("heading", level=1)).to_have_accessible_name(
        "Go on from your texts Siga desde sus textos"
    )
    expect(button(tab)).to_have_accessible_name("Go on in the chat Seguir en el chat")
    expect(button(tab).locator("[lang=es]")).to_have_text("Seguir en el chat")
    go_on(tab)
    close_chat(tab)
    field = tab.page.get_by_label("Last four digits")
    expect(field).to_have_accessible_name("Last four digits")
    expect(field).to_have_accessible_description(
        "To see what was said by text, enter the last four digits of that phone number."
    )
    enter(tab, LAST_DIGITS)
    expect(texts(tab).first).to_contain_text("You said:")
    expect(texts(tab).nth(1)).to_contain_text("Answer:")


def every_state(tab: Tab, door: RunningDoor) -> Iterator[str]:
    code = link_from_texts(door)
    tab.page.goto(f"{door.url}/c")
    yield "no link"
    tab.page.goto(f"{door.url}/c/{code}")
    tab.page.context.set_offline(True)
    button(tab).click()
    tab.page.get_by_role("alert").get_by_text("We could not").wait_for()
    tab.page.context.set_offline(False)
    yield "no connection"
    go_on(tab)
    yield "chat"
    close_chat(tab)
    enter(tab, WRONG)
    said(tab).get_by_text("Tries left").first.wait_for()
    yield "wrong digits"
    enter(tab, LAST_DIGITS)
    texts(tab).first.wait_for()
    yield "texts"
    tab.page.goto(f"{door.url}/c/{code}")
    button(tab).click()
    tab.page.get_by_role("heading", name="This link was used").wait_for()
    yield "used"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_violation(door_tab: Callable[..., Tab], door: RunningDoor, width: int) -> None:
    tab = door_tab(viewport={"width": width, "height": 844}, has_touch=width < 1000)
    found = [(state, fault) for state in every_state(tab, door) for fault in faults(tab, "light dark")]
    assert not found, "\n".join(f"{state}: {fault}" for state, fault in found)
