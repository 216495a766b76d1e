"""The journal on a real SQLite file."""

import base64
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.settings import Settings, missing_secrets
from bot.store import Store, conversation_key
from bot.store.database import migrate, open_engine
from bot.store.records import Answer, ConversationCleared, Message, StoreBusy, Turn, Words
from bot.store.tables import metadata
from tests.databases import sqlite

TALK = conversation_key("a")
ALARM = Words("Call 911 now.", card={"kind": "emergency", "call": ["911"]})


def settings(folder: Path, **more: str) -> Settings:
    env = {**missing_secrets({}), "DATABASE_URL": sqlite(folder), **more}
    return Settings.from_environment(env)


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return settings(tmp_path)


@pytest.fixture
def store(config: Settings) -> Iterator[Store]:
    opened = Store(config)
    assert opened.start().result(10) == []
    yield opened
    opened.close()


def message(message_id: str = "m1", said: str = "hello", **more: object) -> Message:
    return Message(TALK, message_id, said, **more)  # type: ignore[arg-type]


def accept(store: Store, **more: object) -> Turn:
    turn = store.accept(message(**more), 5).result().turn  # type: ignore[arg-type]
    assert turn is not None
    return turn


def answered(*texts: str, outcome: str = "answered", **more: object) -> Answer:
    return Answer([Words(said) for said in texts], outcome, 0.1, **more)  # type: ignore[arg-type]


def test_the_file_is_durable_and_readable_while_written(store: Store, tmp_path: Path) -> None:
    with store._engine.connect() as db:
        assert db.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.execute(text("PRAGMA busy_timeout")).scalar() == 200
        assert db.execute(text("PRAGMA secure_delete")).scalar() == 1


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    migrate(engine)
    migrate(engine)
    with engine.connect() as db:
        # SQLite's own table of the numbers that it gave out is none of ours, and neither are those of its search.
        own = ("sqlite_sequence", "searched")
        options = {"include_object": lambda thing, name, *_: not name.startswith(own)}
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_a_turn_is_finished_once(store: Store) -> None:
    turn = accept(store)
    told = store.finish(turn, answered("hi")).result()
    assert store.finish(turn, answered("hi again")).result() is None
    events = store.events(TALK, 0).result()
    assert told == events[1:]  # what is told at once and what is read later are the same
    data = [event.data for event in events]
    assert [entry.get("text") for entry in data] == ["hello", "hi", None]
    assert data[2] == {"kind": "turn_done", "reply_to": 1}


def test_the_same_id_is_accepted_once_also_after_a_restart(store: Store, config: Settings) -> None:
    first = store.accept(message(alarm=ALARM, concern="overdose_other", level="emergency"), 5).result()
    second = store.accept(message(said="something else"), 5).result()
    assert (second.seq, second.card, second.turn) == (first.seq, first.card, None)
    assert list(first.events) == store.events(TALK, 0).result()
    assert first.card == ALARM.card
    again = Store(config)
    again.start().result(10)
    assert again.accept(message(), 5).result() == second
    again.close()


def test_many_threads_accept_one_id_once(store: Store) -> None:
    futures = [store.accept(message(f"m{n % 5}"), 5) for n in range(200)]
    accepted = [future.result() for future in futures]
    assert sum(answer.turn is not None for answer in accepted) == 5
    assert len(store.events(TALK, 0).result()) == 5


def test_an_alarm_is_answered_in_its_own_transaction(store: Store) -> None:
    turn = accept(store, alarm=ALARM, concern="overdose_other", level="emergency", evidence=("not waking",))
    events = [event.data for event in store.events(TALK, 0).result()]
    assert [entry.get("text") or entry.get("kind") for entry in events] == ["hello", ALARM.text, "turn_done"]
    assert turn.alarm and turn.concern == "overdose_other"
    store.finish(turn, Answer((), "noted", 0.1, context={"concern": "overdose_other"})).result()
    assert len(store.events(TALK, 0).result()) == 3
    assert accept(store, message_id="m2").context == {"concern": "overdose_other"}
    known = store.understood("a", "m1")
    assert known is not None
    assert (known["concern"], known["evidence"], known["outcome"]) == ("overdose_other", ["not waking"], "noted")


def test_open_turns_come_back_in_order_with_all_that_they_need(store: Store, config: Settings) -> None:
    offered = accept(store)
    buttons = [{"title": "Yes", "choice": "/affirm"}]
    store.finish(offered, Answer([Words("Taken?", buttons)], "answered", 0.1)).result()
    waiting = [
        accept(store, message_id="m2", said="one"),
        accept(store, message_id="m3", said="Yes", choice="/affirm"),
        accept(store, message_id="m4", said="help", alarm=ALARM, concern="overdose_self"),
    ]
    store.close()
    again = Store(config)
    assert again.start().result(10) == waiting
    assert again.offered(TALK, "/affirm").result() == "Yes"
    assert again.offered(TALK, "Yes").result() is None
    assert again.offered(conversation_key("b"), "/affirm").result() is None
    again.close()


def test_a_late_answer_is_added_unless_there_is_something_newer(store: Store) -> None:
    card = answered("helpline", outcome="late")
    turn = accept(store)
    assert not store.append_late(turn, answered("too early")).result()
    store.finish(turn, card).result()
    late = answered("late", outcome="answered_late", understood={"intent": "greet"})
    assert [event.data["text"] for event in store.append_late(turn, late).result()] == ["late"]
    assert not store.append_late(turn, late).result()
    second = accept(store, message_id="m2")
    store.finish(second, card).result()
    accept(store, message_id="m3")
    assert not store.append_late(second, late).result()
    known = store.understood("a", "m2")
    assert known is not None and (known["outcome"], known["intent"]) == ("late", "greet")
    assert store.append_late(second, answered("crisis", outcome="concern_late"), always=True).result()


def test_clearing_deletes_and_refuses(store: Store, tmp_path: Path) -> None:
    turn = accept(store, said="a very unusual sentence")
    store.finish(turn, answered("hi", context={"x": 1})).result()
    running = accept(store, message_id="m2")
    store.clear(TALK, 5).result()
    with pytest.raises(ConversationCleared):
        store.accept(message("m3"), 5).result()
    with pytest.raises(ConversationCleared):
        store.events(TALK, 0).result()
    assert store.finish(running, answered("late")).result() is None
    assert store.understood("a", "m1") is None
    with store._engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM entries")).scalar() == 0
        assert db.execute(text("SELECT count(*) FROM turns")).scalar() == 0
        kept = db.execute(text("SELECT context_encrypted, language FROM conversations")).one()
        assert tuple(kept) == (None, None)


def test_what_people_write_is_encrypted_and_tied_to_its_row(store: Store, config: Settings, tmp_path: Path) -> None:
    turn = accept(store, said="zebra crossing", evidence=("zebra",))
    words = Words("giraffe", [{"title": "okapi", "choice": "/okapi"}], {"kind": "gnu"})
    store.finish(turn, Answer([words], "answered", 0.1, {"entities": ["ibex"]}, context={"a": "eland"})).result()
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("journal.db*"))
    for word in (b"okapi", b"gnu", b"ibex", b"eland"):
        assert word not in raw
    db = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    db.execute("UPDATE entries SET text_encrypted = (SELECT text_encrypted FROM entries WHERE seq = 2) WHERE seq = 1")
    db.close()
    with pytest.raises(Exception, match="does not belong"):
        store.events(TALK, 0).result()


def test_an_older_key_still_reads(store: Store, config: Settings, tmp_path: Path) -> None:
    accept(store)
    store.close()
    old = f"1:{base64.b64encode(config.store_keys[0][1]).decode()}"
    fresh = f"2:{base64.b64encode(os.urandom(32)).decode()}"
    rotated = Store(settings(tmp_path, STORE_KEYS=f"{fresh} {old}"))
    rotated.start().result(10)
    rotated.accept(message("m2", "new"), 5).result()
    assert [event.data["text"] for event in rotated.events(TALK, 0).result()] == ["hello", "new"]
    rotated.close()
    lost = Store(settings(tmp_path, STORE_KEYS=fresh))
    with pytest.raises(Exception, match="STORE_KEYS"):
        lost.events(TALK, 0).result()
    lost.close()


def test_a_lock_is_waited_for_only_so_long(store: Store, tmp_path: Path) -> None:
    accept(store)
    other = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(StoreBusy):
        store.accept(message("m2"), 0.6).result()
    assert 0.5 < time.monotonic() - started < 1.2
    assert store.trouble and "OperationalError" in store.trouble
    assert [event.seq for event in store.events(TALK, 0).result()] == [1]
    patient = store.accept(message("m3"), 5)
    time.sleep(0.3)
    other.execute("ROLLBACK")
    assert patient.result().seq == 2  # m2 left no trace
    assert store.trouble is None


def test_a_full_disk_stores_nothing_and_passes(store: Store) -> None:
    accept(store)

    def full(db: object) -> None:
        db.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    store._writer.submit(full, seconds=5).result()
    with pytest.raises(StoreBusy):
        for n in range(200):
            store.accept(message(f"big{n}", "x" * 2000), 0.3).result()
    before = len(store.events(TALK, 0).result())
    store._writer.submit(lambda db: db.exec_driver_sql("PRAGMA max_page_count = 1073741823"), seconds=5).result()
    accept(store, message_id="after")
    assert len(store.events(TALK, 0).result()) == before + 1


def test_one_bad_write_harms_no_other(store: Store) -> None:
    def bad(db: object) -> None:
        db.exec_driver_sql("UPDATE entries SET kind = 'lost'")  # type: ignore[attr-defined]
        raise ValueError("a bug")

    gate = threading.Event()
    store._writer.submit(lambda db: gate.wait(5), seconds=5)  # so that the rest share one transaction
    first = store.accept(message("m1"), 5)
    broken = store._writer.submit(bad, seconds=5)
    missing = store._writer.submit(lambda db: db.exec_driver_sql("SELECT * FROM nowhere"), seconds=0.5)
    second = store.accept(message("m2"), 5)
    gate.set()
    assert (first.result().seq, second.result().seq) == (1, 2)
    with pytest.raises(ValueError, match="a bug"):
        broken.result()
    with pytest.raises(Exception, match=r"nowhere|in time"):
        missing.result()
    assert {event.data["role"] for event in store.events(TALK, 0).result()} == {"user"}


def test_alarms_go_first(store: Store) -> None:
    order: list[str] = []
    gate = threading.Event()
    store._writer.submit(lambda db: gate.wait(5), seconds=5)
    time.sleep(0.05)
    done = [store._writer.submit(lambda db, n=n: order.append(f"{n}"), seconds=5) for n in range(3)]  # type: ignore[misc]
    done.append(store._writer.submit(lambda db: order.append("alarm"), seconds=5, urgent=True))
    gate.set()
    for future in done:
        future.result()
    assert order == ["alarm", "0", "1", "2"]


def test_what_was_said_in_spanish_is_spanish_when_it_is_read_again(store: Store) -> None:
    turn = accept(store)
    store.finish(turn, Answer([Words("Llame al 911.", language="es"), Words("Call.")], "answered", 0.1)).result()
    said = [event.data for event in store.events(TALK, turn.seq).result() if "text" in event.data]
    assert [each["language"] for each in said] == ["es", "en"]
