"""What operators hear of sending."""

import logging

import pytest

from bot.sms.outlook import Outlook
from bot.sms.provider import BUSY, UNREACHABLE, Refused, Uncertain
from bot.store.records import Text


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def text(clock: Clock, id: int = 1) -> Text:
    return Text(id, "+12125550123", "hello", "reply", 1, int(clock.now * 1000), False)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (Refused(UNREACHABLE, again=True), "the provider cannot be reached"),
        (Refused("20003", again=True), "the provider refuses our account (20003)"),
        (Uncertain("503"), "the provider does not answer (503)"),
        (Refused(BUSY, again=True), None),
        (Refused("21614", again=False), None),
        (None, None),
    ],
)
def test_only_what_operators_can_mend_is_trouble(clock: Clock, error: Refused, trouble: str | None) -> None:
    outlook = Outlook(clock)
    outlook.heard(error)
    assert outlook.trouble == trouble
    outlook.heard(None)
    assert outlook.trouble is None


def test_the_same_trouble_is_logged_once(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    outlook = Outlook(clock)
    for error in (*[Uncertain("503")] * 5, Refused(UNREACHABLE, again=True), None, Uncertain("503")):
        outlook.heard(error)
    assert len(caplog.records) == 3


def test_a_text_that_waits_is_told_of_until_it_is_gone(clock: Clock) -> None:
    outlook, waiting = Outlook(clock), text(clock)
    outlook.claimed(waiting)
    clock.now += 119
    assert outlook.trouble is None
    clock.now += 61
    assert outlook.trouble == "texts wait since 3 minutes"
    outlook.later(waiting, 600)
    clock.now += 600
    assert outlook.trouble == "texts wait since 13 minutes"
    assert outlook.open
    outlook.closed(waiting)
    assert outlook.trouble is None
    assert not outlook.open


def test_a_text_that_is_never_claimed_again_is_forgotten(clock: Clock) -> None:
    outlook = Outlook(clock)
    outlook.later(text(clock), 200)
    clock.now += 201
    assert outlook.trouble is not None
    clock.now += 60
    assert outlook.trouble is None
    outlook.later(text(clock, 2), 1)
    outlook.closed(text(clock, 2))
    assert not outlook.open
