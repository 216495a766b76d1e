"""The sender with a real store, Twilio's own library, and a server that speaks Twilio's API."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import bot.store
from bot.settings import Settings, missing_secrets
from bot.sms import attempt, sender, twilio_line
from bot.sms.console import Console
from bot.sms.provider import Provider
from bot.sms.sender import Sender
from bot.sms.twilio_api import TwilioApi
from bot.store import Store
from bot.store.records import Text, Texts
from tests.bot.sms.twilio_stand_in import (
    ACCOUNT,
    BROKEN_LOST,
    BROKEN_STORED,
    DROP_LOST,
    DROP_STORED,
    HANG_LOST,
    HANG_STORED,
    NUMBER,
    TOKEN,
    Behaviour,
    TwilioStandIn,
    refusal,
)

HOME, OTHER = "+12125550123", "+12125550124"
HELP = "Call 911 now. ¿Está bien?"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that waits, waits less."""
    monkeypatch.setattr(attempt, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(attempt, "SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(sender, "OPEN_LOOK", 0.05)
    monkeypatch.setattr(sender, "IDLE_LOOK", 0.05)
    monkeypatch.setattr(twilio_line, "SECONDS", 0.4)
    monkeypatch.setattr(bot.store, "CLAIM_SECONDS", 0.3)


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    stand_in = TwilioStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    env = {**missing_secrets({}), "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.db'}"}
    return Settings.from_environment(env)


@pytest.fixture
def store(config: Settings) -> Iterator[Store]:
    opened = Store(config)
    opened.start().result(10)
    yield opened
    opened.close()


def reach(twilio: TwilioStandIn, token: str = TOKEN) -> TwilioApi:
    return TwilioApi(ACCOUNT, token, number=NUMBER, base=twilio.url)


def queue(store: Store, *bodies: str, number: str = HOME, kind: str = "reply") -> None:
    once = f"test:{time.monotonic_ns()}"
    assert store.invite(number, once, Texts(bodies, kind), 0, 5).result(5) == "queued"


def states(store: Store, number: str = HOME) -> list[str]:
    return [text.state for text in store.texts_to(number).result(5)]


def reasons(store: Store) -> list[str | None]:
    return [text.reason for text in store.unsent_texts().result(5)]


def bodies(twilio: TwilioStandIn, number: str = HOME) -> list[str]:
    return [row["body"] for row in twilio.texts if row["to"] == number]


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too late"
        await asyncio.sleep(0.01)


async def all_are(state: str, store: Store, number: str = HOME) -> None:
    await until(lambda: set(states(store, number)) == {state})


@asynccontextmanager
async def sending(store: Store, provider: Provider, **more: Any) -> AsyncIterator[Sender]:
    running = Sender(store, provider, **more)
    running.start()
    try:
        yield running
    finally:
        await running.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


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
    (alarm,) = [text for text in twilio.texts[:2] if text["body"] == HELP]  # both are on their way at once
    assert bodies(twilio) == steps
    assert len(twilio.texts) == 6
    assert store.known_sids(OTHER, 0).result(5) == {alarm["sid"]}
    assert heard == {("reply", "sent"): 5, ("alarm", "sent"): 1}


def test_what_was_queued_goes_out_at_once_when_woken(
    store: Store, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.parametrize(
    "given", [HANG_STORED, DROP_STORED, BROKEN_STORED, HANG_LOST, DROP_LOST, BROKEN_LOST, Behaviour(201, raw=b"{")]
)
def test_what_may_have_been_sent_is_not_doubled(store: Store, twilio: TwilioStandIn, given: Behaviour) -> None:
    queue(store, HELP)
    twilio.coming.append(given)

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await all_are("sent", store)
            assert running.trouble is None

    run(work())
    assert twilio.counts() == {(HOME, HELP): 1}
    assert store.known_sids(HOME, 0).result(5) == {twilio.texts[0]["sid"]}


@pytest.mark.parametrize("listing", [Behaviour(500), refusal(20001), refusal(20429, 429)])
def test_nothing_is_sent_again_while_it_cannot_be_looked_for(
    store: Store, twilio: TwilioStandIn, listing: Behaviour
) -> None:
    queue(store, HELP)
    twilio.coming.append(BROKEN_STORED)
    twilio.listing = listing

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: len(twilio.asked) > 4)
            twilio.listing = Behaviour(200)
            await all_are("sent", store)

    run(work())
    assert twilio.counts() == {(HOME, HELP): 1}


def test_the_same_words_twice_are_two_texts(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP, HELP)
    twilio.coming.extend([Behaviour(), BROKEN_LOST])

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await all_are("sent", store)

    run(work())
    assert twilio.counts() == {(HOME, HELP): 2}


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


def test_a_refusal_for_good_is_left_to_staff_and_the_next_text_goes_on(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP, "Step 2")
    twilio.coming.append(refusal(21614))

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: states(store) == ["failed", "sent"])

    run(work())
    assert reasons(store) == ["21614"]
    assert not store.texter(HOME).result(5).opted_out
    assert len(twilio.asked) == 2


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


@pytest.mark.parametrize(
    ("given", "listing", "state"),
    [
        (BROKEN_STORED, Behaviour(200), "sent"),
        (BROKEN_LOST, Behaviour(200), "failed"),
        (BROKEN_STORED, Behaviour(500), "failed"),
    ],
)
def test_a_text_that_is_too_old_is_still_looked_for(
    store: Store, twilio: TwilioStandIn, given: Behaviour, listing: Behaviour, state: str
) -> None:
    queue(store, HELP)
    twilio.coming.append(given)
    hours = [0]

    async def work() -> None:
        async with sending(store, reach(twilio), clock=lambda: time.time() + hours[0] * 3600):
            await until(lambda: bool(twilio.asked))
            hours[0], twilio.listing = 1, listing
            await all_are(state, store)

    run(work())
    assert len(twilio.texts) == given.stores


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


def test_two_senders_send_nothing_twice(store: Store, twilio: TwilioStandIn) -> None:
    twilio.usual = Behaviour(seconds=0.02)
    numbers = [f"+121255501{n:02}" for n in range(20)]
    for number in numbers:
        queue(store, HELP, "Step 2", number=number)

    async def work() -> None:
        async with sending(store, reach(twilio)), sending(store, reach(twilio)):
            for number in numbers:
                await all_are("sent", store, number)

    run(work())
    assert len(twilio.texts) == 40
    assert twilio.doubled() == 0


def test_what_hangs_holds_up_nobody_else(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP)
    twilio.coming.append(Behaviour(seconds=0.3))

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await until(lambda: len(twilio.texts) == 1)
            queue(store, HELP, number=OTHER)
            running.wake()
            await all_are("sent", store, OTHER)
            assert states(store) == ["sending"]
            await all_are("sent", store)

    run(work())


def test_what_is_on_its_way_arrives_before_the_end(store: Store, twilio: TwilioStandIn) -> None:
    queue(store, HELP, "Step 2")
    twilio.usual = Behaviour(seconds=0.3)

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: len(twilio.texts) == 1)

    run(work())
    assert states(store) == ["sent", "queued"]
    assert twilio.counts() == {(HOME, HELP): 1}


def test_what_was_on_its_way_at_the_end_is_looked_for_after_the_next_start(
    config: Settings, store: Store, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "CLOSE_SECONDS", 0.1)
    monkeypatch.setattr(twilio_line, "SECONDS", 1.0)
    queue(store, HELP)
    twilio.coming.append(HANG_STORED)

    async def end() -> None:
        async with sending(store, reach(twilio)):
            await until(lambda: len(twilio.texts) == 1)

    run(end())
    assert states(store) == ["sending"]
    store.close()
    again = Store(config)
    again.start().result(10)
    again.reclaim_texts().result(10)

    async def work() -> None:
        async with sending(again, reach(twilio)):
            await all_are("sent", again)

    run(work())
    again.close()
    assert twilio.counts() == {(HOME, HELP): 1}


def test_a_store_that_is_away_is_waited_for(store: Store, twilio: TwilioStandIn, tmp_path: Path) -> None:
    queue(store, HELP, "Step 2")
    twilio.coming.append(Behaviour(seconds=0.2))

    async def work() -> None:
        async with sending(store, reach(twilio)) as running:
            await until(lambda: len(twilio.texts) == 1)
            locked = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
            locked.execute("BEGIN EXCLUSIVE")  # the provider has a text of which the store cannot be told
            await until(lambda: running.trouble == "the outbox cannot be read (StoreBusy)")
            locked.execute("ROLLBACK")
            locked.close()
            await all_are("sent", store)
            await until(lambda: running.trouble is None)

    run(work())
    assert twilio.counts() == {(HOME, HELP): 1, (HOME, "Step 2"): 1}


class Faulty(Console):
    """Fails once in a way that nobody thought of."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.looked = 0

    def send(self, text: Text) -> str:
        self.sent.append(text.body)
        if len(self.sent) == 1:
            raise RuntimeError(text.body)
        return super().send(text)

    def find(self, text: Text, known: Collection[str]) -> str | None:
        self.looked += 1
        return super().find(text, known)


def test_a_fault_of_ours_is_one_more_reason_to_look_and_to_try_again(store: Store) -> None:
    queue(store, HELP)
    faulty = Faulty()

    async def work() -> None:
        async with sending(store, faulty) as running:
            await until(lambda: running.trouble == "the provider does not answer (error)")
            await all_are("sent", store)
            assert running.trouble is None

    run(work())
    assert (faulty.sent, faulty.looked) == ([HELP, HELP], 1)


def test_without_a_provider_staff_see_that_there_is_none(store: Store) -> None:
    queue(store, HELP)
    queue(store, HELP, number="+12122345678")

    async def work() -> None:
        async with sending(store, Console()):
            await all_are("sent", store)
            await all_are("failed", store, "+12122345678")

    run(work())
    assert reasons(store) == ["no_provider"]


def test_pauses_grow_to_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "LONGEST_PAUSE", 60.0)
    for attempts, seconds in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (400, 60)):
        drawn = {attempt._pause(attempts) for _ in range(50)}
        assert 0.75 * seconds <= min(drawn) < max(drawn) <= 1.25 * seconds
