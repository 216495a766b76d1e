"""Conversations that nobody had, for a console to be shown with: told from real ones by how their names end."""

from __future__ import annotations

import secrets

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.cipher import Cipher
from bot.store.erasing import remove
from bot.store.outbox import about_body
from bot.store.requests import forget_number
from bot.store.summaries import Summaries, forget
from bot.store.tables import callbacks, conversations, entries, texts

MARK = "de30" * 4  # no hash of a real one ever ends so
CALLED_AFTER = 20 * 60 * 1000
APART = 25_000  # milliseconds from one entry to the next


def new_name() -> str:
    """A name for one more."""
    return secrets.token_hex(24) + MARK


def real(db: Connection) -> int:
    """How many conversations are none of ours."""
    ours = conversations.c.id.endswith(MARK)
    return int(db.execute(select(func.count()).select_from(conversations).where(~ours)).scalar_one())


def remove_all(db: Connection) -> int:
    """Delete every one of ours; how many it were."""
    rows = db.execute(select(conversations).where(conversations.c.id.endswith(MARK))).all()
    remove(db, [row.id for row in rows])
    for phone in {row.phone_id for row in rows if row.phone_id}:
        forget_number(db, phone)
    return len(rows)


def called(db: Connection, conversation: str) -> None:
    """Whoever wanted a call in it was reached."""
    done = {"state": "done", "outcome": "reached", "attempts": 1, "closed_at": callbacks.c.created_at + CALLED_AFTER}
    db.execute(update(callbacks).where(callbacks.c.conversation_id == conversation).values(**done))


def text(db: Connection, cipher: Cipher, conversation: str, phone: str, body: str, failed: str) -> None:
    """A text of a conversation, with the reason why it did not arrive; nothing is ever sent."""
    at = db.execute(select(func.max(entries.c.created_at)).where(entries.c.conversation_id == conversation)).scalar()
    once = f"{conversation[:60]}:made-up"
    db.execute(update(conversations).where(conversations.c.id == conversation).values(phone_id=phone))
    what = {"phone_id": phone, "conversation_id": conversation, "once": once, "kind": "reply"}
    how = {"state": "failed" if failed else "delivered", "reason": failed or None, "attempts": 1, "uncertain": False}
    times = dict.fromkeys(("created_at", "due_at", "changed_at"), at)
    db.execute(insert(texts).values(**what, **how, **times, body_encrypted=cipher.seal(body, about_body(once))))


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
