"""Requests to be called back: one row for the turn in which a visitor confirmed it, read by staff."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from sqlalchemy import and_, insert, select
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.records import Callback, CallbackRequest, Turn
from bot.store.tables import callbacks, conversations, turns

# Intents that say nothing of what somebody wants to talk about.
NO_TOPIC = (
    *("greet", "thanks", "goodbye", "returning", "chitchat", "insult", "start_over", "cancel", "affirm", "deny"),
    *("nlu_fallback", "out_of_scope", "ask_bot", "ask_helpline", "ask_callback", "answer_callback", "ask_call"),
    *("crisis_noted", "not_in_crisis"),
)


def store_callback(db: Connection, cipher: Cipher, turn: Turn, asked: Callback) -> None:
    """Store a request once, however often its turn is repeated."""
    here = and_(callbacks.c.conversation_id == turn.conversation, callbacks.c.seq == turn.seq)
    if db.execute(select(callbacks.c.seq).where(here)).first():
        return
    language = select(conversations.c.language).where(conversations.c.id == turn.conversation)
    row = {
        "conversation_id": turn.conversation,
        "seq": turn.seq,
        "created_at": int(time.time() * 1000),
        "name_encrypted": asked.name and cipher.seal(asked.name, _about(turn.conversation, turn.seq, "name")),
        "number_encrypted": cipher.seal(asked.number, _about(turn.conversation, turn.seq, "number")),
        "best_time_encrypted": cipher.seal(asked.best_time, _about(turn.conversation, turn.seq, "best_time")),
        "reason": _reason(db, turn),
        "urgency": "urgent" if _worried(db, turn) else "routine",
        "language": db.execute(language).scalar(),
        "state": "new",
    }
    db.execute(insert(callbacks).values(**row))


def read_callbacks(db: Connection, cipher: Cipher, most: int) -> list[CallbackRequest]:
    """The newest requests first, decrypted."""
    newest = select(callbacks).order_by(callbacks.c.created_at.desc(), callbacks.c.seq.desc()).limit(most)
    return [_request(cipher, row) for row in db.execute(newest)]


def numbers_left(db: Connection, cipher: Cipher) -> Iterator[tuple[str, str]]:
    """Every conversation in which a number was left to be called, and that number; what cannot be read is left out."""
    columns = (callbacks.c.conversation_id, callbacks.c.seq, callbacks.c.number_encrypted)
    for row in db.execute(select(*columns)):
        with contextlib.suppress(CipherError):
            about = _about(row.conversation_id, row.seq, "number")
            yield row.conversation_id, cipher.open(row.number_encrypted, about)


def _request(cipher: Cipher, row: Row) -> CallbackRequest:
    def opened(column: str) -> str:
        return cipher.open(row[f"{column}_encrypted"], _about(row.conversation_id, row.seq, column))

    return CallbackRequest(
        conversation=row.conversation_id,
        seq=row.seq,
        created_at=row.created_at,
        asked=Callback(opened("name") if row.name_encrypted else None, opened("number"), opened("best_time")),
        reason=row.reason,
        urgency=row.urgency,
        language=row.language,
        state=row.state,
    )


def _about(conversation: str, seq: int, column: str) -> str:
    return f"{conversation}:{seq}:callback_{column}"


def _reason(db: Connection, turn: Turn) -> str | None:
    """The last intent of the conversation that names a topic."""
    topics = and_(turns.c.conversation_id == turn.conversation, turns.c.seq < turn.seq, turns.c.intent.not_in(NO_TOPIC))
    reason: str | None = db.execute(select(turns.c.intent).where(topics).order_by(turns.c.seq.desc())).scalar()
    return reason


def _worried(db: Connection, turn: Turn) -> bool:
    """Whether a concern was heard anywhere in the conversation; every one of concerns.csv but `none` is urgent."""
    concerns = and_(
        turns.c.conversation_id == turn.conversation, turns.c.concern.is_not(None), turns.c.concern != "none"
    )
    return db.execute(select(turns.c.seq).where(concerns)).first() is not None
