"""Numbers that write by text: found by a keyed hash, kept encrypted, shown by their last four digits."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from sqlalchemy import and_, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.audit import record
from bot.store.cipher import Cipher, CipherError
from bot.store.clock import DAY, now
from bot.store.tables import conversations, phones, texts

SILENCE = DAY  # after which a number begins a new conversation


class Phones:
    """Every number, and the conversation that it is in. `key` makes the hash: with another one nobody is known."""

    def __init__(self, cipher: Cipher, key: str) -> None:
        self._cipher = cipher
        self._key = key.encode()

    def id_of(self, number: str) -> str:
        """The name of a number in the database."""
        return hmac.new(self._key, number.encode(), hashlib.sha256).hexdigest()

    def row(self, db: Connection, phone_id: str) -> Row | None:
        """A number that is known."""
        row: Row | None = db.execute(select(phones).where(phones.c.id == phone_id)).first()
        return row

    def known(self, db: Connection, number: str) -> Row:
        """The row of a number, which is made if it is new, and readable again where its key was lost."""
        phone_id = self.id_of(number)
        row = self.row(db, phone_id)
        if row is None:
            sealed = self._cipher.seal(number, _about(phone_id))
            db.execute(insert(phones).values(id=phone_id, number_encrypted=sealed, created_at=now()))
            row = self.row(db, phone_id)
        elif not self._readable(row):
            change(db, phone_id, number_encrypted=self._cipher.seal(number, _about(phone_id)))
        assert row is not None
        return row

    def conversation(self, db: Connection, row: Row) -> str | None:
        """The conversation that a number is in; None where its next message begins a new one."""
        if row.conversation_id is None or now() - (row.heard_at or 0) > SILENCE:
            return None
        here = and_(conversations.c.id == row.conversation_id, conversations.c.cleared_at.is_(None))
        found: str | None = db.execute(select(conversations.c.id).where(here)).scalar()
        return found

    def hear(self, db: Connection, number: str) -> tuple[str, str]:
        """A number wrote: its name, and the conversation that the message belongs to."""
        row = self.known(db, number)
        conversation = self.conversation(db, row) or secrets.token_hex(32)
        change(db, row.id, conversation_id=conversation, heard_at=now())
        return row.id, conversation

    def number(self, phone_id: str, sealed: bytes) -> str:
        """The number that was sealed under this name."""
        return self._cipher.open(sealed, _about(phone_id))

    def _readable(self, row: Row) -> bool:
        try:
            return bool(self.number(row.id, row.number_encrypted))
        except CipherError:
            return False

    def reveal(self, db: Connection, conversation: str, who: str, reason: str) -> str | None:
        """The number that a conversation is with, for somebody whose look is written down first; None without one."""
        joined = conversations.join(phones, phones.c.id == conversations.c.phone_id)
        query = select(phones).select_from(joined).where(conversations.c.id == conversation)
        row = db.execute(query).first()
        if row is None:
            return None
        record(db, who, "reveal number", conversation, reason)
        return self.number(row.id, row.number_encrypted)


def change(db: Connection, phone_id: str, **values: Any) -> None:
    """Change columns of a number."""
    db.execute(update(phones).where(phones.c.id == phone_id).values(**values))


def opt_in(db: Connection, phone_id: str) -> None:
    """Texts may go out to a number again."""
    change(db, phone_id, opted_out_at=None)


def opt_out(db: Connection, phone_id: str) -> None:
    """No more texts to a number: what still waits for it is not sent, but for alarms."""
    change(db, phone_id, opted_out_at=now())
    waiting = and_(texts.c.phone_id == phone_id, texts.c.state == "queued", texts.c.kind != "alarm")
    db.execute(update(texts).where(waiting).values(state="suppressed", reason="opted out", changed_at=now()))


def _about(phone_id: str) -> str:
    return f"{phone_id}:number"
