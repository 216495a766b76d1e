"""Messages on a bad line: one card for one emergency, no long silence after a short one, nothing said twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

EMERGENCY = "my friend is not waking up he took oxys and bars"
AT_ONCE = 5
BACK_SECONDS = 4.0  # from the network's return to the last answer; with growing back-offs it was 12 and more


def late(seconds: float, *, answer: bool) -> Callable[[Route], None]:
    """Holds a request back, or its answer."""

    def hold(route: Route) -> None:
        if answer:
            response = route.fetch()
            time.sleep(seconds)
            route.fulfill(response=response)
        else:
            time.sleep(seconds)
            route.continue_()

    return hold


def test_a_slow_session_and_a_slow_answer_bring_one_card(door_tab: Callable[..., Tab]) -> None:
    """The card comes from a post without a token, then from the stream, then from the post's own answer."""
    tab = door_tab()
    tab.open()
    with_token = late(2.5, answer=True)
    tab.page.route("**/chat/session", late(2.0, answer=False))
    tab.page.route(
        "**/chat/messages",
        lambda route: with_token(route) if "authorization" in route.request.headers else route.continue_(),
    )
    tab.send(EMERGENCY)
    expect(tab.log.locator(".state[data-sent]")).to_have_text("Sent", timeout=15_000)
    expect(tab.log.locator(".card.emergency")).to_have_count(1)
    expect(tab.log.locator(".message.bot .text")).to_have_count(1)


def test_whoever_writes_much_in_a_short_black_out_does_not_wait_long(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask("hello")
    tab.page.route("**/chat/messages", lambda route: route.abort())
    for number in range(AT_ONCE):
        tab.send(f"message {number}")
        tab.page.wait_for_timeout(50)
    tab.page.wait_for_timeout(1000)
    tab.page.unroute("**/chat/messages")
    started = time.monotonic()
    tab.answer(1 + AT_ONCE)
    assert time.monotonic() - started < BACK_SECONDS


def test_the_card_of_a_late_answer_goes_when_the_answer_comes(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.page.context.set_offline(True)
    tab.send("hello")
    expect(tab.log.locator(".card.helpline")).to_be_visible(timeout=10_000)
    tab.page.context.set_offline(False)
    expect(tab.log.get_by_text("echo hello")).to_be_visible(timeout=10_000)
    expect(tab.log.locator(".card.helpline")).to_have_count(0)
