"""Links from a text to the web chat: each works once, for a short time, and leads on what the texts were about."""

from __future__ import annotations

import hmac

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher
from bot.store.clock import DAY, now
from bot.store.phones import Phones
from bot.store.reading import attention_of, context_of
from bot.store.records import Link
from bot.store.tables import conversations, handoffs, phones

KEPT = DAY  # that a link is kept after its time
TRIES = 3
DIGITS = 4


def store_link(db: Connection, phone_id: str, conversation: str | None, link: Link) -> None:
    """Keep a link, and forget the old ones."""
    db.execute(delete(handoffs).where(handoffs.c.expires_at < now() - KEPT))
    times = {"created_at": now(), "expires_at": link.expires_at}
    row = {"id": link.code_hash, "phone_id": phone_id, "conversation_id": conversation, "language": link.language}
    db.execute(insert(handoffs).values(**row, **times))


class Handoffs:
    """Using a link, and showing what was said by text to whoever knows its number."""

    def __init__(self, cipher: Cipher, book: Phones) -> None:
        self._cipher = cipher
        self._phones = book

    def use(self, db: Connection, code_hash: str, conversation: str) -> str | None:
        """Spend a link: its language, and from now on `conversation`, a new one on the web, continues the texts.

        None where it was used before, is too old, or never was. What was understood goes along, words do not.
        """
        fresh = and_(handoffs.c.id == code_hash, handoffs.c.used_at.is_(None), handoffs.c.expires_at > now())
        if not db.execute(update(handoffs).where(fresh).values(used_at=now())).rowcount:
            return None
        row = db.execute(select(handoffs).where(handoffs.c.id == code_hash)).one()
        before = self._conversation(db, row.conversation_id)
        kept = {} if before is None else self._kept(before, conversation)
        new = {"id": conversation, "channel": "web", "created_at": now(), "last_seq": 0, "language": row.language}
        sealed = {f"{name}_encrypted": value for name, value in kept.items()}
        db.execute(insert(conversations).values(**new, **sealed, continues=row.conversation_id, wrong_digits=0))
        return str(row.language)

    def continued(self, db: Connection, conversation: str, digits: str) -> tuple[str | None, int]:
        """The conversation by text that this one continues, for whoever knows the last four digits of its number.

        And how many more tries there are. None where the digits are wrong, or nothing is continued.
        """
        row = self._conversation(db, conversation)
        before = self._conversation(db, row.continues) if row is not None and row.continues else None
        if row is None or before is None or row.wrong_digits >= TRIES:
            return None, 0
        phone = db.execute(select(phones).where(phones.c.id == before.phone_id)).first()
        if phone is not None and self._ends_in(phone, digits):
            return str(before.id), TRIES
        wrong = row.wrong_digits + 1
        db.execute(update(conversations).where(conversations.c.id == conversation).values(wrong_digits=wrong))
        return None, TRIES - wrong

    def _ends_in(self, phone: Row, digits: str) -> bool:
        number = self._phones.number(phone.id, phone.number_encrypted)
        return hmac.compare_digest(number[-DIGITS:].encode(), digits.encode())

    def _kept(self, before: Row, conversation: str) -> dict[str, bytes | None]:
        """What the texts left behind, sealed for the conversation that continues them; an open form is left alone."""
        context = {
            k: v for k, v in context_of(self._cipher, before.id, before.context_encrypted).items() if k != "form"
        }
        attention = attention_of(self._cipher, before.id, before.attention_encrypted)
        return {
            "context": self._cipher.seal_json(context, f"{conversation}:context") if context else None,
            "attention": self._cipher.seal_json(attention, f"{conversation}:attention") if attention else None,
        }

    def _conversation(self, db: Connection, conversation: str | None) -> Row | None:
        here = and_(conversations.c.id == conversation, conversations.c.cleared_at.is_(None))
        row: Row | None = db.execute(select(conversations).where(here)).first()
        return row
