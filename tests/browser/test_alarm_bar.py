"""The bar of an emergency: its numbers stay in sight while its card is not, and only as long as they are needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

MESSAGES = 4


def bar(tab: Tab) -> Locator:
    return tab.page.locator(".alarm-bar")


def go_on(tab: Tab, count: int) -> None:
    """Write about other things."""
    for _ in range(count):
        tab.ask("hello", tab.log.locator(".message.bot").count() + 1)


@pytest.mark.parametrize(
    ("text", "links"),
    [(OVERDOSE, ["tel:911"]), (SUICIDE, ["tel:988", "sms:988", "tel:911"])],
    ids=["overdose", "suicide"],
)
def test_it_shows_while_the_card_is_out_of_sight(door_tab: Callable[..., Tab], text: str, links: list[str]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(text)
    expect(bar(tab)).to_be_hidden()
    go_on(tab, 1)
    expect(bar(tab)).to_be_visible()
    assert bar(tab).locator("a").evaluate_all("links => links.map((e) => e.getAttribute('href'))") == links
    for link in bar(tab).locator("a").all():
        expect(link).to_be_in_viewport(ratio=1)
    tab.log.locator("a.big").first.scroll_into_view_if_needed()
    expect(bar(tab)).to_be_hidden()


def test_hidden_it_stays_hidden(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(OVERDOSE)
    go_on(tab, 1)
    tab.page.get_by_role("button", name="Hide this bar").click()
    expect(bar(tab)).to_be_hidden()
    tab.page.reload()
    expect(tab.log.locator(".message.bot")).to_have_count(2)
    expect(tab.log.locator("a.big")).not_to_be_in_viewport()
    expect(bar(tab)).to_be_hidden()
    tab.ask(OVERDOSE, 3)
    go_on(tab, 1)
    expect(bar(tab)).to_be_visible()


def test_it_comes_back_after_a_reload(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(OVERDOSE)
    go_on(tab, 1)
    tab.page.reload()
    expect(bar(tab)).to_be_visible()


def test_it_goes_when_the_talk_went_on(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(OVERDOSE)
    go_on(tab, MESSAGES)
    expect(bar(tab)).to_be_visible()
    go_on(tab, 1)
    expect(bar(tab)).to_be_hidden()
