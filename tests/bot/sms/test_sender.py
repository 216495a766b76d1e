"""The sender with a real store, Twilio's own library, and a server that speaks Twilio's API."""

import asyncio
import time
from collections import Counter

import pytest

from bot.sms import attempt, sender, twilio_line
from bot.sms.console import Console
from bot.sms.provider import BUSY, Refused, Uncertain
from bot.store import Store
from bot.store.phones import opt_out
from bot.store.records import Text
from tests.bot.sms.sending import HELP, HOME, OTHER, all_are, bodies, queue, reach, reasons, run, sending, states, until
from tests.bot.sms.twilio_stand_in import (
    BROKEN_LOST,
    HANG_STORED,
    TOKEN,
    Behaviour,
    TwilioStandIn,
    refusal,
)

pytestmark = pytest.mark.usefixtures("fast")


def test_texts_go_out_once_and_those_of_a_number_in_order(store: Store, twilio: TwilioStandIn) -> None:
    heard: Counter[tuple[str, str]] = Counter()
    steps = [f"Step {n}" for n in range(5)]
    queue(store, *steps)
    queue(store, HELP, number=OTHER, kind="alarm")

    async def work() -> None:
        async with sending(store, reach(twilio), measures_hook=lambda *what: heard.update([what])) as running:
            await all_are("sent", store)
            await all_are("sent", store, OTHER)
            await asyncio.sleep(0.3)
            assert running.trouble is None

    run(work())
    assert bodies(twilio) == steps
    assert bodies(twilio, OTHER) == [HELP]
    for number in (HOME, OTHER):
        assert store.known_sids(number, 0).result(5) == {row["sid"] for row in twilio.texts if row["to"] == number}
    assert heard == {("reply", "sent"): 5, ("alarm", "sent"): 1}


def test_an_alarm_goes_before_whatever_is_not_on_its_way_yet(
    store: Store, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AT_ONCE", 1)
    twilio.usual = Behaviour(seconds=0.2)
    queue(store, "Step 1", "Step 2")
    queue(store, "Step 1", number="+12125550125")

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: len(twilio.texts) == 1)
            await asyncio.sleep(0.1)
            queue(store, HELP, number=OTHER, kind="alarm")
            await until(lambda: len(twilio.texts) == 4)

    run(work())
    assert [row["body"] for row in twilio.texts][:2] == ["Step 1", HELP]


def test_no_alarm_waits_for_texts_that_hang(
    store: Store, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AT_ONCE", 2)
    monkeypatch.setattr(twilio_line, "SECONDS", 5.0)
    twilio.coming.extend([HANG_STORED] * 2)
    for last in range(4):
        queue(store, "Step", number=f"+1212555013{last}")

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: len(twilio.texts) == 2)
            started = time.monotonic()
            queue(store, HELP, number=OTHER, kind="alarm")
            await until(lambda: any(row["body"] == HELP for row in twilio.texts))
            assert time.monotonic() - started < 3
            assert len(twilio.texts) == 3
            twilio.stop()

    run(work())


def test_what_was_queued_goes_out_at_once_when_woken(
    store: Store, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "OPEN_LOOK", 60)
    monkeypatch.setattr(sender, "IDLE_LOOK", 60)

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await asyncio.sleep(0.2)
            queue(store, HELP, "Step 2")
            await asyncio.sleep(0.2)
            assert twilio.texts == []
            running.wake()
            await all_are("sent", store)

    run(work())


def test_a_pause_that_the_provider_asks_for_is_kept(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP)
    twilio.coming.append(refusal(20429, 429, after="1"))

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await until(lambda: bool(twilio.asked))
            refused = time.monotonic()
            await all_are("sent", store)
            assert time.monotonic() - refused > 0.9
            assert running.trouble is None

    run(work())
    assert twilio.counts() == {(HOME, HELP): 1}


def test_whoever_opted_out_at_the_provider_gets_no_more(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP, "Step 2")
    twilio.opted_out.add(HOME)

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await until(lambda: states(store) == ["failed", "suppressed"])
            assert running.trouble is None

    run(work())
    assert store.texter(HOME).result(5).opted_out
    assert reasons(store) == ["opted out", "21610"]


@pytest.mark.parametrize("before", [[], [BROKEN_LOST]])
def test_a_refusal_for_good_is_left_to_staff_and_the_next_text_goes_on(
    store: Store, twilio: TwilioStandIn, before: list[Behaviour]
) -> None:
    queue(store, HELP, "Step 2")
    twilio.coming.extend([*before, refusal(21614)])

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: states(store) == ["failed", "sent"])

    run(work())
    assert reasons(store) == ["21614"]
    assert not store.texter(HOME).result(5).opted_out
    assert bodies(twilio) == ["Step 2"]


@pytest.mark.parametrize(
    ("kind", "minutes", "state"),
    [("reply", 61, "failed"), ("reply", 58, "sent"), ("alarm", 61, "failed"), ("invite", 11, "failed")],
)
def test_a_text_that_is_too_old_is_left_to_staff(
    store: Store, twilio: TwilioStandIn, kind: str, minutes: int, state: str
) -> None:
    queue(store, HELP, kind=kind)

    async def work() -> None:
        async with sending(store, reach(twilio), clock=lambda: time.time() + minutes * 60):
            await all_are(state, store)

    run(work())
    assert reasons(store) == (["too late"] if state == "failed" else [])
    assert len(twilio.texts) == (state == "sent")


def test_a_provider_that_is_down_is_waited_for(store: Store, twilio: TwilioStandIn) -> None:
    twilio.stop()
    for number in (HOME, OTHER):
        queue(store, HELP, "Step 2", number=number)
    ahead = [0.0]

    async def work() -> None:
        async with sending(store, reach(twilio), clock=lambda: time.time() + ahead[0]) as running:
            await until(lambda: running.trouble is not None)
            assert running.trouble == "the provider cannot be reached"
            await asyncio.sleep(0.5)
            ahead[0] = 300
            await until(lambda: running.trouble == "the provider cannot be reached; texts wait since 5 minutes")
            twilio.start()
            for number in (HOME, OTHER):
                await all_are("sent", store, number)
            assert running.trouble is None

    run(work())
    assert twilio.doubled() == 0
    assert bodies(twilio) == bodies(twilio, OTHER) == [HELP, "Step 2"]


def test_a_text_that_was_taken_back_waits_no_longer(store: Store, twilio: TwilioStandIn) -> None:
    twilio.stop()
    queue(store, HELP)
    ahead = [0.0]

    async def work() -> None:
        async with sending(store, reach(twilio), clock=lambda: time.time() + ahead[0]) as running:
            await until(lambda: running.trouble is not None)
            store._writer.submit(lambda db: opt_out(db, store._phones.id_of(HOME)), seconds=5).result(5)
            await all_are("suppressed", store)
            ahead[0] = 300
            await until(lambda: running.trouble == "the provider cannot be reached")

    run(work())


def test_an_account_that_is_refused_is_told_to_operators_and_loses_no_text(store: Store, twilio: TwilioStandIn) -> None:
    twilio.token = "another"
    queue(store, HELP)

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await until(lambda: running.trouble == "the provider refuses our account (20003)")
            twilio.token = TOKEN
            await all_are("sent", store)
            assert running.trouble is None

    run(work())
    assert twilio.counts() == {(HOME, HELP): 1}


def test_what_hangs_holds_up_nobody_else(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP)
    twilio.coming.append(Behaviour(seconds=0.3))

    async def work() -> None:
        async with sending(store, reach(twilio), clock=lambda: time.time() + 180) as running:
            await until(lambda: len(twilio.texts) == 1)
            assert running.trouble == "texts wait since 3 minutes"
            queue(store, HELP, number=OTHER)
            running.wake()
            await all_are("sent", store, OTHER)
            assert states(store) == ["sending"]
            await all_are("sent", store)

    run(work())


def test_without_a_provider_staff_see_that_there_is_none(store: Store) -> None:
    queue(store, HELP)
    queue(store, HELP, number="+12122345678")

    async def work() -> None:
        async with sending(store, Console()):
            await all_are("sent", store)
            await all_are("failed", store, "+12122345678")

    run(work())
    assert reasons(store) == ["no_provider"]


def tried(attempts: int) -> Text:
    return Text(1, HOME, HELP, "reply", attempts, 0, False)


def test_pauses_grow_to_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "LONGEST_PAUSE", 60.0)
    for attempts, seconds in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (5000, 60)):
        drawn = [attempt._after(tried(attempts), Refused("20003", again=True), False).seconds for _ in range(50)]
        assert 0.75 * seconds <= min(drawn) < max(drawn) <= 1.25 * seconds


def test_what_was_just_sent_gets_time_to_be_found_and_no_pause_is_longer_than_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempt, "SETTLE_SECONDS", 3.0)
    assert attempt._after(tried(1), Uncertain("500"), False).seconds == 3.0
    busy = [attempt._after(tried(1), Refused(BUSY, again=True, after=after), False).seconds for after in (7, 86_400)]
    assert 7 <= busy[0] <= 8.75 and 600 <= busy[1] <= 750
