"""Deletion that somebody asks for: which conversations are theirs, what would go, and what went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.engine import Connection

from bot.store import audit
from bot.store.callbacks import numbers_left
from bot.store.cipher import Cipher
from bot.store.erasing import contents, empty, is_held
from bot.store.listing import first_messages
from bot.store.phones import Phones
from bot.store.tables import conversations, handoffs, phones, texts

MOST = 100  # conversations of one person


@dataclass(frozen=True)
class Found:
    """A conversation that could be deleted: when it began, how many rows it has by kind, and its first message."""

    id: str
    channel: str
    created_at: int
    held: bool
    rows: dict[str, int]
    first: str


def with_related(db: Connection, ids: Sequence[str]) -> list[str]:
    """Conversations that are there, and those by text that they continue or on the web that continue them."""
    before = select(conversations.c.continues).where(conversations.c.id.in_(list(ids)))
    named = [*ids, *filter(None, db.execute(before).scalars())]
    same = or_(conversations.c.id.in_(named), conversations.c.continues.in_(named))
    here = and_(same, conversations.c.cleared_at.is_(None))
    query = select(conversations.c.id).where(here).order_by(conversations.c.created_at.desc()).limit(MOST)
    return list(db.execute(query).scalars())


def of_number(db: Connection, cipher: Cipher, book: Phones, number: str) -> list[str]:
    """The conversations of a number: those by text, and those in which it was left to be called back."""
    texted = select(conversations.c.id).where(conversations.c.phone_id == book.id_of(number))
    return with_related(db, [*db.execute(texted).scalars(), *_to_call(db, cipher, number)])


def found(db: Connection, ids: Sequence[str]) -> list[Found]:
    """What is known of conversations, the newest first."""
    rows = db.execute(select(conversations).where(conversations.c.id.in_(list(ids)))).all()
    said = first_messages(db, ids)
    return [
        Found(row.id, row.channel, row.created_at, is_held(db, row.id), _filled(db, row.id), said.get(row.id, ""))
        for row in sorted(rows, key=lambda row: row.created_at, reverse=True)
    ]


def erase(db: Connection, ids: Sequence[str], who: str, reason: str) -> int:
    """Delete what was said in conversations that are there and not held; how many, each with a line in the audit."""
    there = and_(conversations.c.id.in_(list(ids)), conversations.c.cleared_at.is_(None))
    free = [each for each in db.execute(select(conversations.c.id).where(there)).scalars() if not is_held(db, each)]
    for each in free:
        audit.record(db, who, "delete", each, reason)
    return empty(db, free)


def forget_number(db: Connection, phone_id: str) -> None:
    """Forget a number with the texts to it, unless a conversation of it is left, or it wants no more texts."""
    left = select(conversations.c.id).where(conversations.c.phone_id == phone_id)
    if db.execute(left).first() is not None:
        return
    for table in (texts, handoffs):
        db.execute(delete(table).where(table.c.phone_id == phone_id))
    db.execute(delete(phones).where(phones.c.id == phone_id, phones.c.opted_out_at.is_(None)))


def _filled(db: Connection, conversation: str) -> dict[str, int]:
    return {kind: count for kind, count in contents(db, [conversation]).items() if count}


def _to_call(db: Connection, cipher: Cipher, number: str) -> list[str]:
    """The conversations in which this number was left, however it was written there."""
    digits = _digits(number)
    return [name for name, left in numbers_left(db, cipher) if _digits(left) == digits]


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))[-10:]
