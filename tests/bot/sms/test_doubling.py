"""Nothing is lost and nothing is sent twice, whatever the provider, the store or a stop does in between."""

import asyncio
import sqlite3
import time
from collections.abc import Collection
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.settings import Settings
from bot.sms import attempt, sender, twilio_line
from bot.sms.console import Console
from bot.store import Store
from bot.store.records import StoreBusy, Text
from bot.store.tables import texts
from tests.bot.sms.sending import HELP, HOME, all_are, queue, reach, run, sending, states, until
from tests.bot.sms.twilio_stand_in import (
    BROKEN_LOST,
    BROKEN_STORED,
    DROP_LOST,
    DROP_STORED,
    HANG_LOST,
    HANG_STORED,
    Behaviour,
    TwilioStandIn,
    refusal,
)

pytestmark = pytest.mark.usefixtures("fast")


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
    again.reclaim_texts().result(5)

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


def test_what_is_claimed_while_we_stop_is_given_back(store: Store, twilio: TwilioStandIn, tmp_path: Path) -> None:
    queue(store, HELP)
    locked = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")

    async def work() -> None:
        async with sending(store, reach(twilio)):
            await asyncio.sleep(0.1)  # the store is being asked
            asyncio.get_running_loop().call_later(0.1, locked.close)

    run(work())
    with store._engine.connect() as db:
        row = db.execute(select(texts)).one()
    assert (row.state, row.attempts, row.uncertain) == ("queued", 1, False)
    assert twilio.asked == []


class Away(Store):
    """Cannot be read once."""

    looked = 0

    def known_sids(self, number: str, since: int, apart_from: int = 0) -> Future[set[str]]:
        self.looked += 1
        if self.looked > 1:
            return super().known_sids(number, since, apart_from)
        away: Future[set[str]] = Future()
        away.set_exception(StoreBusy("the database could not be read"))
        return away


def test_nothing_is_sent_again_while_the_store_cannot_be_read(
    config: Settings, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "STORE_SECONDS", 0.05)
    away = Away(config)
    away.start().result(10)
    queue(away, HELP)
    twilio.coming.append(BROKEN_STORED)

    async def work() -> None:
        async with sending(away, reach(twilio)):
            await all_are("sent", away)

    run(work())
    away.close()
    assert (away.looked, twilio.counts()) == (2, {(HOME, HELP): 1})


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
