"""Conversations that nobody had, for a console to be shown with: told from real ones by how their names begin."""

from __future__ import annotations

import secrets

from sqlalchemy import and_, func, select, update
from sqlalchemy.engine import Connection

from bot.store.erasing import remove
from bot.store.summaries import Summaries, forget
from bot.store.tables import callbacks, conversations, entries

MARK = "de30" * 4  # no hash of a real one ever begins so
APART = 25_000  # milliseconds from one entry to the next


def new_name() -> str:
    """A name for one more."""
    return MARK + secrets.token_hex(24)


def real(db: Connection) -> int:
    """How many conversations are none of ours."""
    ours = conversations.c.id.startswith(MARK)
    return int(db.execute(select(func.count()).select_from(conversations).where(~ours)).scalar_one())


def remove_all(db: Connection) -> int:
    """Delete every one of ours; how many it were."""
    ids = list(db.execute(select(conversations.c.id).where(conversations.c.id.startswith(MARK))).scalars())
    remove(db, ids)
    return len(ids)


def move(db: Connection, summaries: Summaries, conversation: str, at: int) -> None:
    """Have a conversation begin at another time, and sum it up anew."""
    here, name = entries.c.conversation_id == conversation, conversations.c.id == conversation
    for row in db.execute(select(entries.c.seq).where(here)).all():
        one = and_(here, entries.c.seq == row.seq)
        db.execute(update(entries).where(one).values(created_at=at + (row.seq - 1) * APART))
    db.execute(update(conversations).where(name).values(created_at=at))
    asked = callbacks.c.conversation_id == conversation
    db.execute(update(callbacks).where(asked).values(created_at=at + APART))
    forget(db, conversation)
    summaries.rebuild(db, conversation)
