"""Conversations for the console to show, written by the journal itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from bot.store import Store
from bot.store.records import Answer, Message, Words
from bot.store.staff_tables import audit
from tests.bot.staff.console import RunningConsole


@contextmanager
def journal(console: RunningConsole) -> Iterator[Store]:
    """The journal as the front door has it, on the database of a console."""
    store = Store(console.settings)
    store.start().result(10)
    yield store
    store.close()


def talk(store: Store, *said: str, phone: str = "", answer: str = "We hear you.") -> str:
    """A conversation of messages that were all answered; its name in the database."""
    name = uuid.uuid4().hex * 2
    for text in said:
        message = Message(name, str(uuid.uuid4()), text, channel="sms" if phone else "web", phone=phone)
        turn = store.accept(message, 5).result().turn
        assert turn is not None
        name = turn.conversation
        store.finish(turn, Answer([Words(answer)], "answered", 0.1)).result()
    return name


def audited(console: RunningConsole, action: str) -> list[tuple[str, str, str]]:
    """Who did this, to what, and why, in order."""
    query = audit.select().where(audit.c.action == action).order_by(audit.c.id)
    rows = console.store.look(lambda db: db.execute(query).all())
    return [(row.who, row.subject, row.reason) for row in rows]
