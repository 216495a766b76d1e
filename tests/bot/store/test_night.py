"""The night: what is in it, in which order, and that each thing is taken by one of staff."""

import threading
import time
from typing import Any

from sqlalchemy import event, insert, select, update

from bot.store import Store, conversation_key
from bot.store.callback_desk import WAIT
from bot.store.claims import claim, done
from bot.store.clock import now
from bot.store.night import KINDS, MOST, Night, night
from bot.store.staff import StaffStore
from bot.store.staff_tables import alerts, claims, summaries
from bot.store.tables import callbacks, conversations, phones, texts
from tests.bot.store.talks import ALARM, ASKED, talk, understood

LONG_AGO = 1000


def of(staff: StaffStore, since: int = 0) -> Night:
    return staff.look(lambda db: night(db, since, now() + 1000))


def group(staff: StaffStore, kind: str, since: int = 0) -> Any:
    return of(staff, since).groups[KINDS.index(kind)]


def failed_text(staff: StaffStore, conversation: str) -> None:
    at = now()
    phone = {"id": "p", "number_encrypted": b"x", "created_at": at}
    row = {"phone_id": "p", "conversation_id": conversation, "once": "o", "kind": "reply", "body_encrypted": b"x"}
    more = {"created_at": at, "changed_at": at, "due_at": at, "state": "failed", "attempts": 3, "uncertain": False}
    staff.change(lambda db: db.execute(insert(phones), phone))
    staff.change(lambda db: db.execute(insert(texts), {**row, **more, "reason": "30005"}))


def test_everything_has_its_group_and_the_gravest_comes_first(talking: Store, reading: StaffStore) -> None:
    crisis = talk(talking, "crisis", concern="suicide_passive", alarm=ALARM)
    emergency = talk(talking, "emergency", concern="overdose_other", alarm=ALARM)
    wish = talk(talking, "wish", callback=ASKED, understood=understood())
    missed = talk(talking, "missed", outcome="timeout")
    unsure = talk(talking, "unsure", understood=understood("ask_cost", 0.49))
    strange = talk(talking, "strange", understood=understood(unknown=["zorbex"]))
    talk(talking, "calm", understood=understood("ask_cost", 0.5))
    failed_text(reading, wish)
    told = of(reading)
    assert [each.kind for each in told.groups] == list(KINDS)
    assert [[item.conversation for item in each.items] for each in told.groups] == [
        [emergency, crisis],
        [wish],
        [unsure, missed],
        [strange],
        [wish],
        [],
    ]
    assert [each.count for each in told.groups] == [2, 1, 2, 1, 1, 0]
    why = {"concern": "overdose_other", "level": "emergency", "alerts": (), "said": "hello"}
    assert told.groups[0].items[0].fields == why
    assert [item.fields["said"] for item in told.groups[2].items] == ["", "hello"]
    assert [item.why for item in told.groups[2].items] == ["confidence", "fallback"]
    assert told.groups[3].items[0].fields == {"name": "zorbex", "asked": 1}
    assert told.groups[4].items[0].fields == {"kind": "reply", "reason": "30005"}


def test_what_was_before_is_left_out_but_for_call_backs_that_are_due(talking: Store, reading: StaffStore) -> None:
    strange = understood(unknown=["z"])
    here = talk(talking, "a", concern="overdose_other", alarm=ALARM, outcome="timeout", understood=strange)
    talk(talking, "a", callback=ASKED)
    assert [each.count for each in of(reading, now() + 500).groups] == [0, 1, 0, 0, 0, 0]
    late = update(callbacks).where(callbacks.c.conversation_id == here)
    reading.change(lambda db: db.execute(late.values(due_at=now() + 10**7)))
    assert group(reading, "callback").count == 0
    reading.change(lambda db: db.execute(late.values(due_at=LONG_AGO, state="retry")))
    assert group(reading, "callback").count == 1
    reading.change(lambda db: db.execute(late.values(state="done")))
    assert group(reading, "callback").count == 0


def test_a_group_shows_so_many_and_counts_all(talking: Store, reading: StaffStore) -> None:
    first = talk(talking, "t", outcome="timeout")
    row = reading.look(lambda db: db.execute(select(summaries)).mappings().one())
    fresh = {"channel": "web", "created_at": 1, "last_seq": 0}
    ids = [conversation_key(f"n{n}") for n in range(MOST + 4)]
    more = [{**row, "conversation_id": each} for each in ids]
    reading.change(lambda db: db.execute(insert(conversations), [{"id": each, **fresh} for each in ids]))
    reading.change(lambda db: db.execute(insert(summaries), more))
    assert first and (len(group(reading, "unsure").items), group(reading, "unsure").count) == (MOST, MOST + 5)


def test_one_unknown_name_is_one_item(talking: Store, reading: StaffStore) -> None:
    for name in ("a", "b"):
        talk(talking, name, understood=understood(unknown=["zorbex"]))
    talk(talking, "c", understood=understood(unknown=["quux"]))
    told = group(reading, "unknown")
    assert [(item.subject, item.fields["asked"]) for item in told.items] == [("zorbex", 2), ("quux", 1)]


def test_who_claims_something_has_it_until_it_is_done(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", outcome="timeout")
    assert reading.change(lambda db: claim(db, "unsure", here, "ann", 1)) == "ann"
    assert reading.change(lambda db: claim(db, "unsure", here, "bob", 2)) == "ann"
    item = group(reading, "unsure").items[0]
    assert (item.claimed_by, item.done_at) == ("ann", None)
    later = now() + 500
    assert not reading.change(lambda db: done(db, "unsure", here, "bob", later))
    assert group(reading, "unsure").items[0].done_at is None
    assert reading.change(lambda db: done(db, "unsure", here, "ann", later))
    assert not reading.change(lambda db: done(db, "unsure", here, "ann", later + 1))
    told = group(reading, "unsure")
    assert (told.items, told.done[0].done_at, told.count) == ((), later, 0)


def test_who_has_something_can_be_relieved_by_name_only(reading: StaffStore) -> None:
    def take(account: str, over: str | None = None) -> str:
        return reading.change(lambda db: claim(db, "alarm", "s", account, 1, over=over))

    assert [take("ann"), take("bob"), take("bob", "eve"), take("bob", "ann"), take("ann", "ann")] == [
        *("ann", "ann", "ann"),
        *("bob", "bob"),
    ]
    assert reading.change(lambda db: done(db, "alarm", "s", "bob", 2))
    assert take("ann", "bob") == "bob"


def test_what_was_done_is_open_again_when_more_happens(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", concern="overdose_other", alarm=ALARM)
    assert reading.change(lambda db: done(db, "alarm", here, "ann", now()))
    assert group(reading, "alarm").done[0].claimed_by == "ann"
    time.sleep(0.002)
    talk(talking, "a", concern="suicide_passive", alarm=ALARM)
    item = group(reading, "alarm").items[0]
    assert (item.again, item.claimed_by, item.done_at) == (True, None, None)
    for account in ("bob", "ann"):
        assert reading.change(lambda db, a=account: claim(db, "alarm", here, a, now(), newest=item.at)) == "bob"  # type: ignore[misc]
    assert group(reading, "alarm").items[0].claimed_by == "bob"


def test_an_alert_that_did_not_go_out_is_seen_and_so_is_one_that_did(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", concern="overdose_other", alarm=ALARM)
    states = {"email": "sent", "webhook": "failed", "text": "queued"}
    at = now() - 6 * 60 * 1000
    rows = [
        {"once": way, "conversation_id": here, "kind": "crisis", "way": way, "created_at": at, "state": state}
        | {"due_at": at, "attempts": 1}
        for way, state in states.items()
    ]
    reading.change(lambda db: db.execute(insert(alerts), rows))
    told = group(reading, "alert")
    assert [(item.fields["way"], item.why) for item in told.items] == [("text", "queued"), ("webhook", "failed")]
    assert dict(group(reading, "alarm").items[0].fields["alerts"]) == states


def test_a_call_back_that_waits_too_long_is_overdue(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", callback=ASKED)
    assert group(reading, "callback").items[0].fields["overdue_at"] is None
    early = update(callbacks).where(callbacks.c.conversation_id == here).values(created_at=LONG_AGO)
    reading.change(lambda db: db.execute(early))
    assert group(reading, "callback").items[0].fields["overdue_at"] == LONG_AGO + WAIT["routine"]


def test_two_who_claim_the_same_at_once_never_both_have_it(reading: StaffStore) -> None:
    told: dict[str, list[str]] = {"ann": [], "bob": []}
    start = threading.Barrier(2)
    if reading.engine.dialect.name == "sqlite":  # who is first does not hang on the disk
        event.listen(reading.engine, "connect", lambda db, _: db.execute("PRAGMA synchronous=OFF"))

    def take(account: str) -> None:
        for n in range(1000):
            start.wait(30)
            told[account].append(reading.change(lambda db, n=n: claim(db, "alarm", f"s{n}", account, n)))  # type: ignore[misc]

    threads = [threading.Thread(target=take, args=(account,)) for account in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told["ann"]) == len(told["bob"]) == 1000
    assert told["ann"] == told["bob"]
    assert len(reading.look(lambda db: db.execute(select(claims)).all())) == 1000
