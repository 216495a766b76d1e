"""Another key: everything is sealed again while people write, and the old key opens nothing any more."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import LargeBinary, insert

from bot.rotate import rotated
from bot.settings import Settings, SettingsError, missing_secrets
from bot.store import Store, accounts
from bot.store.records import Answer, Callback, Message, Texts, Words
from bot.store.rotation import SEALED, key_of, rotate
from bot.store.staff import StaffStore
from bot.store.staff_tables import notes
from bot.store.tables import conversations, entries, metadata
from tests.bot.store.test_store import settings

NUMBER = "+12125550123"
OLD, NEW = (f"{name}:{base64.b64encode(os.urandom(32)).decode()}" for name in ("old", "new"))
CARD = Words("Call 911 now.", card={"kind": "emergency", "call": ["911"]})


def fill(config: Settings, most: int = 1) -> None:
    """Conversations with everything that is sealed."""
    store = Store(config)
    store.start().result(10)
    texted = Message("", "m1", "marzipan", channel="sms", phone=NUMBER, texts=Texts(["we hear you"]), alarm=CARD)
    store.accept(texted, 5).result()
    for n in range(most):
        turn = store.accept(Message(f"talk{n}", "m1", "marzipan", attention={"a": 1}), 5).result().turn
        assert turn is not None
        said = Words("hi", buttons=[{"title": "yes", "choice": "yes"}])
        asked = Callback("Ana", NUMBER, "now")
        store.finish(turn, Answer([said], "answered", 0.1, context={"a": 1}, callback=asked)).result()
    store.close()
    staff = StaffStore(config)
    note = {"conversation_id": "talk0", "author": "ana", "at": 1}
    sealed = staff.cipher.seal("called back", "talk0:ana:1:note")
    staff.change(lambda db: db.execute(insert(notes).values(**note, text_encrypted=sealed)))
    staff.change(lambda db: accounts.add(db, "ana", "admin", "x"))
    staff.change(lambda db: accounts.set_secret(db, staff.cipher, "ana", pyotp.random_base32()))
    staff.close()


def keys_used(staff: StaffStore) -> dict[str, set[str]]:
    """The ids of the keys in each sealed column."""
    found = {}
    for table, columns in SEALED.items():
        rows = staff.look(lambda db, t=table: db.execute(t.select()).all())
        for name in columns:
            found[f"{table.name}.{name}"] = {key_of(row._mapping[name]) for row in rows if row._mapping[name]}
    return found


def test_every_sealed_column_is_known() -> None:
    sealed = {(t.name, c.name) for t in metadata.tables.values() for c in t.columns if isinstance(c.type, LargeBinary)}
    assert sealed == {(table.name, name) for table, columns in SEALED.items() for name in columns}


def test_the_old_key_opens_nothing_afterwards(tmp_path: Path) -> None:
    numbers = {"NUMBER_KEY": "a key for numbers"}
    fill(settings(tmp_path, STORE_KEYS=OLD, **numbers))
    both = StaffStore(settings(tmp_path, STORE_KEYS=f"{NEW} {OLD}", **numbers))
    assert set().union(*keys_used(both).values()) == {"old"}
    assert all(keys_used(both).values()), "a column is empty, and not tried"
    assert set(rotated(both)) == {"new"}
    assert set().union(*keys_used(both).values()) == {"new"}
    both.close()
    alone = Store(settings(tmp_path, STORE_KEYS=NEW, **numbers))
    alone.start().result(10)
    assert [event.data.get("text") for event in alone.events("talk0", 0).result()][:2] == ["marzipan", "hi"]
    assert alone.callbacks().result()[0].asked.number == NUMBER
    assert alone.texts_to(NUMBER).result()[0].body == "we hear you"
    alone.close()


def test_what_was_stopped_goes_on_and_what_cannot_be_read_is_left(tmp_path: Path) -> None:
    fill(settings(tmp_path, STORE_KEYS=OLD), 5)
    both = StaffStore(settings(tmp_path, STORE_KEYS=f"{NEW} {OLD}"))
    place, _ = both.change(lambda db: rotate(db, both.cipher, entries, None, 4))
    assert place is not None
    assert keys_used(both)["entries.text_encrypted"] == {"old", "new"}
    bad = conversations.update().where(conversations.c.id == "talk3").values(context_encrypted=b"gone:" + b"x" * 40)
    both.change(lambda db: db.execute(bad))
    assert rotated(both)["gone"] == 1
    assert keys_used(both)["entries.text_encrypted"] == {"new"}
    assert keys_used(both)["conversations.context_encrypted"] == {"new", "gone"}
    both.close()


def test_people_write_meanwhile(tmp_path: Path) -> None:
    fill(settings(tmp_path, STORE_KEYS=OLD), 60)
    config = settings(tmp_path, STORE_KEYS=f"{NEW} {OLD}")
    both, store = StaffStore(config), Store(config)
    store.start().result(10)
    turning = threading.Thread(target=rotated, args=(both,))
    turning.start()
    written = [store.accept(Message(f"talk{n % 60}", f"x{n}", f"still {n}"), 5).result() for n in range(120)]
    turning.join()
    assert len(written) == 120
    texts = [event.data.get("text") for n in range(60) for event in store.events(f"talk{n}", 0).result()]
    assert {f"still {n}" for n in range(120)} < set(texts)
    store.close()
    both.close()


def test_keys_come_from_a_file_or_a_command(tmp_path: Path) -> None:
    file = tmp_path / "keys of ours"
    file.write_text(f"{NEW}\n{OLD}\n")
    for name, value in (("STORE_KEYS_FILE", str(file)), ("STORE_KEYS_COMMAND", f"cat '{file}'")):
        read = settings(tmp_path, STORE_KEYS="", **{name: value})
        assert [key for key, _ in read.store_keys] == ["new", "old"]
        assert "STORE_KEYS" not in missing_secrets({name: value})


def test_keys_that_cannot_be_had_stop_the_start_and_stay_secret(tmp_path: Path) -> None:
    wrong = [
        {"STORE_KEYS": "", "STORE_KEYS_FILE": str(tmp_path / "none")},
        {"STORE_KEYS": "", "STORE_KEYS_COMMAND": "false"},
        {"STORE_KEYS": "", "STORE_KEYS_COMMAND": "cat 'unclosed"},
        {"STORE_KEYS": OLD, "STORE_KEYS_FILE": str(tmp_path / "none")},
    ]
    for each in wrong:
        with pytest.raises(SettingsError) as error:
            settings(tmp_path, **each)
        assert OLD not in str(error.value)
