"""“Text me this” in a real Chromium: an answer goes to a number that somebody gave and agreed to, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.bot.frontdoor.links import opened
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.canned import MIX
from tests.browser.host import Host, page, policy, told
from tests.browser.tab import Tab
from tests.browser.test_accessibility import AXE
from tests.browser.test_embedding import VIOLATIONS

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

SMS = "+18445550100"
CONSENT = "Send me this answer by text."
# In the range that belongs to nobody; each test has its own, as a number gets no second text within seconds.
NUMBERS = (f"+121255501{n:02}" for n in range(10, 99))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A site that ALLOWED_ORIGINS names."""
    site = Host()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def door(door_rasa: RasaStandIn, host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A front door with a number for texts, which pretends to deliver to numbers that nobody has."""
    settings = {"ALLOWED_ORIGINS": host.origin, "SMS_NUMBER": SMS}
    running = RunningDoor(tmp_path_factory.mktemp("door"), door_rasa.port, **settings).start()
    running.wait_for_store()
    yield running
    running.stop()


@pytest.fixture
def tab(door_tab: Callable[..., Tab], door: RunningDoor) -> Tab:
    """A chat with an answer; not counted with the other tests' texts, which come from the same address."""
    tab = door_tab(extra_http_headers={"X-Evaluate-Key": door.settings.evaluate_key})
    tab.open()
    tab.ask("hello")
    return tab


@pytest.fixture
def number() -> str:
    """A number that no other test uses."""
    return next(NUMBERS)


def dialog(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name="Text me this")


def open_dialog(tab: Tab) -> Locator:
    tab.log.get_by_role("button", name="Text me this").last.click()
    expect(dialog(tab).get_by_label("Mobile number")).to_be_focused()
    return dialog(tab)


def fill(tab: Tab, number: str) -> None:
    dialog(tab).get_by_label("Mobile number").fill(number)
    dialog(tab).get_by_label(CONSENT).check()


def send(tab: Tab) -> None:
    dialog(tab).get_by_role("button", name="Send").click()


def texted(door: RunningDoor, number: str) -> list[str]:
    """What is queued or sent to a number."""
    with opened(door) as store:
        return [text.body for text in store.texts_to(number).result()]


# ---- sending


def test_an_answer_is_sent_to_whoever_agrees(tab: Tab, door: RunningDoor, number: str) -> None:
    open_dialog(tab)
    fill(tab, number)
    with tab.page.expect_request("**/chat/text") as asked:
        send(tab)
    expect(dialog(tab).get_by_role("status")).to_contain_text(f"on its way to •••{number[-4:]}")
    body: dict[str, Any] = json.loads(asked.value.post_data or "")
    assert {key: body[key] for key in ("number", "agreed", "language")} == {
        "number": number,
        "agreed": True,
        "language": "en",
    }
    (text,) = texted(door, number)
    assert "echo hello" in text
    dialog(tab).get_by_role("button", name="Back to the chat").click()
    expect(dialog(tab)).to_have_count(0)
    assert tab.complaints == []


def test_the_number_is_kept_nowhere(tab: Tab, number: str) -> None:
    open_dialog(tab)
    fill(tab, number)
    send(tab)
    dialog(tab).get_by_role("status").wait_for()
    assert number[2:] not in str(tab.page.evaluate("Object.entries(sessionStorage)"))
    assert tab.page.evaluate("localStorage.length") == 0
    dialog(tab).get_by_role("button", name="Back to the chat").click()
    assert open_dialog(tab).get_by_label("Mobile number").input_value() == ""
    expect(dialog(tab).get_by_label(CONSENT)).not_to_be_checked()


def test_nothing_is_sent_without_a_number_and_a_yes(tab: Tab, door: RunningDoor, number: str) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    open_dialog(tab)
    asked.clear()
    dialog(tab).get_by_label("Mobile number").fill("12")
    send(tab)
    expect(dialog(tab).get_by_role("alert")).to_have_text("Please enter the number with its area code.")
    expect(dialog(tab).get_by_label("Mobile number")).to_be_focused()
    dialog(tab).get_by_label("Mobile number").fill(number)
    send(tab)
    expect(dialog(tab).get_by_role("alert")).to_have_text("Please tick the box first.")
    expect(dialog(tab).get_by_label(CONSENT)).to_be_focused()
    dialog(tab).get_by_role("button", name="Cancel").click()
    assert asked == [] and texted(door, number) == []


def test_a_number_that_gets_no_texts_is_told_by_the_server(tab: Tab) -> None:
    open_dialog(tab)
    fill(tab, "+44 20 7946 0000")
    send(tab)
    expect(dialog(tab).get_by_role("alert")).to_contain_text("We cannot send a text to that number")
    expect(dialog(tab).get_by_role("alert").get_by_role("link")).to_have_attribute("href", "tel:+18445578575")
    expect(dialog(tab).get_by_label("Mobile number")).to_be_focused()


def test_trying_again_without_a_connection_sends_one_text(tab: Tab, door: RunningDoor, number: str) -> None:
    open_dialog(tab)
    fill(tab, number)
    taken: list[str] = []

    def lose(route: Any) -> None:
        """The server takes it, and its answer is lost on the way."""
        taken.append(route.fetch().text())
        route.abort()

    tab.page.route("**/chat/text", lose, times=1)
    send(tab)
    expect(dialog(tab).get_by_role("alert")).to_contain_text("We could not reach our computer.")
    tab.page.context.set_offline(True)
    send(tab)
    expect(dialog(tab).get_by_role("alert")).to_contain_text("We could not reach our computer.")
    tab.page.context.set_offline(False)
    send(tab)
    dialog(tab).get_by_role("status").wait_for()
    assert len(taken) == 1 and len(texted(door, number)) == 1


def test_while_the_part_cannot_be_fetched_it_says_so(tab: Tab) -> None:
    tab.page.context.set_offline(True)
    tab.log.get_by_role("button", name="Text me this").click()
    expect(tab.page.get_by_text("This did not open. Try again, or copy the answer.")).to_be_visible()
    tab.page.context.set_offline(False)
    open_dialog(tab)


# ---- where it is offered


def test_it_is_offered_once_for_each_answer_and_under_more(tab: Tab) -> None:
    tab.ask(MIX, 4)
    expect(tab.log.get_by_role("button", name="Text me this")).to_have_count(2)
    tab.page.get_by_role("button", name="More", exact=True).click()
    tab.page.locator(".sheet").get_by_role("button", name="Text me this").click()
    expect(dialog(tab)).to_be_visible()


def test_it_is_not_offered_before_there_is_an_answer(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.page.get_by_role("button", name="More", exact=True).click()
    expect(tab.page.get_by_role("button", name="Show this to a helper")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Text me this")).to_have_count(0)


def test_a_site_without_a_number_for_texts_does_not_offer_it(
    door_tab: Callable[..., Tab], host: Host, door_url: str
) -> None:
    tab = door_tab()
    tab.page.goto(host.serve(page(told("<script src", door_url))))
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.ask("hello")
    expect(tab.log.get_by_role("button", name="Copy this answer")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Text me this")).to_have_count(0)


def test_it_is_fetched_only_when_it_is_wanted_and_under_a_strict_policy(
    door_tab: Callable[..., Tab], host: Host, door_url: str, number: str
) -> None:
    tab = door_tab()
    tab.page.add_init_script(VIOLATIONS)
    lines = told("<script src", door_url).replace("<helpline-chat", f'<helpline-chat sms="{SMS}"')
    tab.page.goto(host.serve(page(lines), policy("default-src 'none'; script-src https", door_url)))
    tab.base = host.origin
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.ask("hello")
    assert not [url for url in tab.elsewhere if "texting" in url]
    open_dialog(tab)
    fill(tab, number)
    send(tab)
    expect(dialog(tab).get_by_role("status")).to_contain_text("on its way")
    assert tab.page.evaluate("window.violations") == [] and tab.complaints == []
    box = dialog(tab).bounding_box()
    assert box is not None and box["width"] < 390 and box["x"] >= 0, "it has its style"


# ---- for everybody


def test_all_of_it_by_keyboard(tab: Tab, number: str) -> None:
    opener = tab.log.get_by_role("button", name="Text me this")
    opener.press("Enter")
    expect(dialog(tab).get_by_label("Mobile number")).to_be_focused()
    tab.page.keyboard.type(number)
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Space")
    expect(dialog(tab).get_by_label(CONSENT)).to_be_checked()
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    expect(dialog(tab).get_by_role("status")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(dialog(tab)).to_have_count(0)
    expect(tab.panel).to_be_visible()
    expect(opener).to_be_focused()


def test_in_spanish(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Español").click()
    tab.log.get_by_role("button", name="Mándeme esto por texto").click()
    expect(tab.page.get_by_role("dialog", name="Mándeme esto por texto")).to_have_attribute("lang", "es")
    expect(tab.page.get_by_label("Número de celular")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_violation(tab: Tab, width: int, number: str) -> None:
    tab.page.set_viewport_size({"width": width, "height": 844})
    open_dialog(tab)
    check(tab)
    send(tab)
    dialog(tab).get_by_role("alert").wait_for()
    check(tab)
    fill(tab, number)
    send(tab)
    dialog(tab).get_by_role("status").wait_for()
    check(tab)


def check(tab: Tab) -> None:
    """Nothing that axe finds in light or dark, and nothing wider than the screen."""
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        found = Axe().run(tab.page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
    assert dialog(tab).evaluate("e => e.scrollWidth <= e.clientWidth")
