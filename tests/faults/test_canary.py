"""A marked word and its writer's number: written, answered, searched, exported, deleted, and then found nowhere."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.frontdoor.keeping import LOOK_SECONDS
from bot.retention import purged
from bot.store import Store
from bot.store.clock import now
from bot.store.records import Answer, Message, Texts, Words
from bot.store.retention import kept_since, sweep
from bot.store.tables import conversations, entries, phones
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import Chat, RunningDoor
from tests.bot.staff.console import RunningConsole

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
WORD = "quizzlewort"
NUMBER = "+12125550123"
# An index of words may keep the beginnings of two words together; a number is written in several ways.
TRACES = (b"zzlewort", b"5550123", b"555-0123")


class House:
    """A front door and a console on one database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rasa = folder, RasaStandIn()
        self.door = RunningDoor(folder, self.rasa.port).start()
        self.door.wait_for_store()
        secrets = {
            name: self.door.environment[name] for name in self.door.environment if name.endswith(("KEY", "KEYS"))
        }
        self.console = RunningConsole(folder, **secrets).start()
        self.browser = self.console.client("supervisor")

    def close(self) -> None:
        self.door.stop()
        self.console.stop()
        self.rasa.stop()

    def traces(self) -> list[str]:
        """Every file with the word or the number in it, and every table."""
        files = [file for file in self.folder.rglob("*") if file.is_file()]
        found = [file.name for file in files if any(trace in file.read_bytes() for trace in TRACES)]
        return found + self._tables()

    def _tables(self) -> list[str]:
        with closing(sqlite3.connect(self.console.database)) as database:
            # The search index itself cannot be listed; the tables behind it can.
            kept = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            names = [row[0] for row in database.execute(kept)]
            rows = {name: repr(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}
        return [name for name, text in rows.items() if any(trace.decode() in text for trace in TRACES)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()


def chat(house: House) -> tuple[str, Chat]:
    """Somebody in the web chat."""
    visitor = Chat(house.door)
    visitor.turn(visitor.say(f"i took {WORD} and my number is 212 555 0123").json()["seq"])
    return visitor.conversation, visitor


def text(house: House) -> tuple[str, None]:
    """Somebody who texts, as the journal takes it."""
    store = Store(house.door.settings)
    store.start().result(10)
    said = Message("", "m1", f"i took {WORD}, call 212 555 0123", channel="sms", phone=NUMBER)
    turn = store.accept(said, 5).result().turn
    assert turn is not None
    texts = Texts([f"we hear you about {WORD}"])
    store.finish(turn, Answer([Words(f"you said {WORD}")], "answered", 0.1, texts=texts)).result()
    store.close()
    return turn.conversation, None


def cleared(house: House, conversation: str, visitor: Chat | None) -> None:
    """Clear this chat, of which the front door is rid at its next looks; the files are swept here instead."""
    if visitor is None:
        store = Store(house.door.settings)
        store.start().result(10)
        store.clear(conversation, 5).result()
        store.close()
    else:
        assert visitor.http.delete("/chat/session", headers=visitor.bearer).status_code == 204
    assert LOOK_SECONDS <= 60
    _until(lambda: sweep(house.console.store.engine))


def asked_for(house: House, conversation: str, visitor: Chat | None) -> None:
    """Staff delete it on request."""
    phone = house.console.store.phones.id_of(NUMBER) if visitor is None else ""
    answer = house.browser.send_form("/deletion", ids=conversation, phone=phone, reason="they asked us by letter")
    assert answer.headers["location"] == "/deletion?deleted=1"
    _until(lambda: not house.traces())


def too_old(house: House, conversation: str, visitor: Chat | None) -> None:
    """Its days are over."""
    store = house.console.store
    for change in (
        update(conversations).values(created_at=1),
        update(entries).values(created_at=1),
        update(phones).values(created_at=1, heard_at=1),
    ):
        store.change(lambda db, change=change: db.execute(change))
    assert purged(store, kept_since(house.door.settings, now())) == 1
    _until(lambda: sweep(store.engine))


@pytest.mark.parametrize("delete", [cleared, asked_for, too_old])
@pytest.mark.parametrize("write", [chat, text])
def test_what_was_deleted_is_nowhere(
    house: House,
    write: Callable[[House], tuple[str, Chat | None]],
    delete: Callable[[House, str, Chat | None], None],
) -> None:
    conversation, visitor = write(house)
    look = house.browser
    assert WORD in look.get(f"/search?words={WORD}").text.replace("<mark>", "").replace("</mark>", "")
    assert WORD in look.get(f"/conversations/{conversation}").text
    assert WORD in look.send_form("/export", kind="csv", reason="for the yearly review").text
    assert "entries" in house.traces(), "the word is not looked for where it is"
    delete(house, conversation, visitor)
    assert house.traces() == []
    assert WORD not in look.send_form("/export", kind="json", reason="for the yearly review").text


def _until(done: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.2)
