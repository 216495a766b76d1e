"""Delete what was said in conversations, everywhere that it is kept, and put a hold on what must not be deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, and_, cast, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.store.clock import now
from bot.store.staff_tables import alerts, claims, facets, holds, notes, summaries
from bot.store.tables import callbacks, conversations, entries, handoffs, texts, turns

# Children before what they belong to: no row is looked for twice.
CONTENT = (callbacks, turns, entries, texts, handoffs, facets, notes, alerts, summaries)
NAMED = 64  # letters of a conversation's name, with which the subject of a claim begins
CHUNK = 1000


def remove(db: Connection, ids: Sequence[str]) -> None:
    """Delete conversations with all that belongs to them; nothing is left by which they could be named."""
    _delete_content(db, ids)
    for some in _chunks(ids):
        db.execute(delete(conversations).where(_among(db, conversations.c.id, some)))


def empty(db: Connection, ids: Sequence[str]) -> int:
    """Delete what was said, and refuse the conversations, which are counted: whoever has the token begins a new one."""
    _delete_content(db, ids)
    forgotten = ("context_encrypted", "attention_encrypted", "language", "phone_id", "continues")
    gone = {"cleared_at": now(), **dict.fromkeys(forgotten)}
    changes = (update(conversations).where(conversations.c.id.in_(some)).values(**gone) for some in _chunks(ids))
    return sum(db.execute(change).rowcount for change in changes)


def shut(db: Connection, conversation: str) -> None:
    """Close a held conversation to its visitor and send nothing more for it; what was said stays for staff alone."""
    here = conversations.c.id == conversation
    db.execute(update(conversations).where(here).values(cleared_at=now(), context_encrypted=None))
    db.execute(delete(handoffs).where(handoffs.c.conversation_id == conversation))
    waiting = and_(texts.c.conversation_id == conversation, texts.c.state == "queued")
    db.execute(update(texts).where(waiting).values(state="suppressed", reason="cleared", changed_at=now()))


def is_held(db: Connection, conversation: str) -> bool:
    """Whether a legal hold keeps a conversation."""
    return db.execute(select(holds.c.at).where(holds.c.conversation_id == conversation)).first() is not None


def hold(db: Connection, conversation: str, account: str, reason: str) -> bool:
    """Keep a conversation until the hold is lifted; False where there is nothing to hold, or it is held already."""
    known = and_(conversations.c.id == conversation, conversations.c.cleared_at.is_(None))
    if is_held(db, conversation) or db.execute(select(conversations.c.id).where(known)).first() is None:
        return False
    row = {"conversation_id": conversation, "account": account, "at": now(), "reason": reason}
    db.execute(insert(holds).values(**row))
    return True


def lift(db: Connection, conversation: str) -> bool:
    """End a hold; what the visitor had cleared meanwhile is deleted now. False where it was not held."""
    if not db.execute(delete(holds).where(holds.c.conversation_id == conversation)).rowcount:
        return False
    cleared = and_(conversations.c.id == conversation, conversations.c.cleared_at.is_not(None))
    if db.execute(select(conversations.c.id).where(cleared)).first() is not None:
        empty(db, [conversation])
    return True


def held(db: Connection) -> list[Row]:
    """Every hold, the newest first."""
    return list(db.execute(select(holds).order_by(holds.c.at.desc(), holds.c.conversation_id)))


def contents(db: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many rows of each kind belong to conversations."""
    return {table.name: sum(_count(db, table, some) for some in _chunks(ids)) for table in CONTENT}


def _count(db: Connection, table: Any, ids: Sequence[str]) -> int:
    counted = select(func.count()).select_from(table).where(_among(db, table.c.conversation_id, ids))
    return int(db.execute(counted).scalar_one())


def _delete_content(db: Connection, ids: Sequence[str]) -> None:
    for some in _chunks(ids):
        for table in CONTENT:
            db.execute(delete(table).where(_among(db, table.c.conversation_id, some)))
        subject = func.substr(claims.c.subject, 1, NAMED)
        db.execute(delete(claims).where(_among(db, subject, some)))


def _among(db: Connection, column: Any, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column is one of many, which are one parameter: a thousand take longer to bind than to look up."""
    if db.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))
    return column == func.any(cast(list(ids), ARRAY(Text)))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in parts that a database takes in one statement."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
