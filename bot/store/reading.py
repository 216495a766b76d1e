"""Read the journal: the event stream, what buttons were offered, open turns, and what was understood."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.records import ConversationCleared, Event, Turn, Words, message_event, turn_done_event
from bot.store.tables import conversations, entries, turns

# The outcomes of turns that are answered with a notice, which offers nothing.
NOTICES = ("keyword", "no_words", "cut")
LONGEST_ANSWER = 20  # entries


def context_of(cipher: Cipher, conversation: str, sealed: bytes | None) -> dict[str, Any]:
    """What Rasa asked us to remember; empty when there is nothing, or nothing that can be read."""
    return _remembered(cipher, f"{conversation}:context", sealed)


def attention_of(cipher: Cipher, conversation: str, sealed: bytes | None) -> dict[str, Any]:
    """What triage keeps of a conversation; empty when there is nothing, or nothing that can be read."""
    return _remembered(cipher, f"{conversation}:attention", sealed)


def _remembered(cipher: Cipher, about: str, sealed: bytes | None) -> dict[str, Any]:
    try:
        values: Any = cipher.open_json(sealed, about) if sealed else {}
    except CipherError:
        return {}
    return values if isinstance(values, dict) else {}


class Reader:
    """The reading side of the store; no function needs more than its own look."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def events(self, db: Connection, conversation: str, after: int, most: int) -> list[Event]:
        """The entries after a number, in order; a conversation without any yet has none."""
        newer = and_(entries.c.conversation_id == conversations.c.id, entries.c.seq > after)
        rows = db.execute(
            select(conversations.c.cleared_at, entries)
            .select_from(conversations.outerjoin(entries, newer))
            .where(conversations.c.id == conversation)
            .order_by(entries.c.seq)
            .limit(most)
        ).all()
        if rows and rows[0].cleared_at is not None:
            raise ConversationCleared("this conversation was cleared")
        return [self._event(row) for row in rows if row.seq is not None]

    def offered(self, db: Connection, conversation: str, choice: str) -> str | None:
        """The title of the newest button with this choice that we sent to this conversation."""
        here = and_(
            entries.c.conversation_id == conversation,
            entries.c.role == "bot",
            entries.c.payload_encrypted.is_not(None),
        )
        rows = db.execute(
            select(entries.c.conversation_id, entries.c.seq, entries.c.payload_encrypted)
            .where(here)
            .order_by(entries.c.seq.desc())
        )
        for row in rows:
            for button in self._payload(row)["buttons"]:
                if button["choice"] == choice:
                    return str(button["title"])
        return None

    def last_offers(self, db: Connection, conversation: str) -> list[dict[str, str]]:
        """The buttons of the newest answer in a conversation, in order.

        A keyword, a picture and a pause are answered with a notice, after which the answer before it can be picked
        from still. What came late is an answer of its own: it is numbered without what stood in its place.
        """
        same = and_(turns.c.conversation_id == entries.c.conversation_id, turns.c.seq == entries.c.reply_to)
        notice = func.coalesce(turns.c.outcome, "").in_(NOTICES)
        here = and_(entries.c.conversation_id == conversation, entries.c.role == "bot", ~notice)
        said = select(entries).select_from(entries.outerjoin(turns, same)).where(here)
        rows = db.execute(said.order_by(entries.c.seq.desc()).limit(LONGEST_ANSWER)).all()
        newest = [row for place, row in enumerate(rows) if (row.seq, row.reply_to) == _before(rows[0], place)]
        return [button for row in reversed(newest) for button in self._payload(row)["buttons"]]

    def attention(self, db: Connection, conversation: str) -> dict[str, Any]:
        """What triage keeps of a conversation; empty for one that is not known."""
        here = conversations.c.id == conversation
        sealed = db.execute(select(conversations.c.attention_encrypted).where(here)).scalar()
        return attention_of(self._cipher, conversation, sealed)

    def open_turns(self, db: Connection) -> list[Turn]:
        """The turns that were accepted and not done, each conversation's in order."""
        same = and_(entries.c.conversation_id == turns.c.conversation_id, entries.c.seq == turns.c.seq)
        joined = turns.join(entries, same).join(conversations, conversations.c.id == turns.c.conversation_id)
        kept = (conversations.c.context_encrypted, conversations.c.attention_encrypted, conversations.c.channel)
        columns = (turns, entries.c.text_encrypted, entries.c.payload_encrypted, *kept)
        rows = db.execute(
            select(*columns)
            .select_from(joined)
            .where(turns.c.state == "accepted")
            .order_by(turns.c.conversation_id, turns.c.seq)
        )
        return [self._open_turn(row) for row in rows]

    def understood(self, db: Connection, conversation: str, message_id: str) -> dict[str, Any] | None:
        """What was understood of a message and what was replied to it; None when it is not known."""
        here = and_(turns.c.conversation_id == conversation, turns.c.message_id == message_id)
        row = db.execute(select(turns).where(here)).first()
        if row is None:
            return None
        heard: Any = self._cipher.open_json(row.understood_encrypted, f"{conversation}:{row.seq}:understood")
        same = and_(
            entries.c.conversation_id == conversation, entries.c.reply_to == row.seq, entries.c.kind == "message"
        )
        replies = [self._event(reply).data for reply in db.execute(select(entries).where(same).order_by(entries.c.seq))]
        return {
            **heard,
            "message_id": message_id,
            "seq": row.seq,
            "state": row.state,
            "outcome": row.outcome,
            "seconds": row.seconds,
            "replies": [{part: reply[part] for part in ("text", "card", "buttons")} for reply in replies],
        }

    def _open_turn(self, row: Row) -> Turn:
        key = f"{row.conversation_id}:{row.seq}"
        pressed = self._payload(row)["buttons"]
        return Turn(
            conversation=row.conversation_id,
            seq=row.seq,
            message_id=row.message_id,
            text=None if pressed else self._cipher.open(row.text_encrypted, key + ":text"),
            choice=pressed[0]["choice"] if pressed else None,
            concern=row.concern or "none",
            alarm=bool(row.alarm),
            context=context_of(self._cipher, row.conversation_id, row.context_encrypted),
            attention=attention_of(self._cipher, row.conversation_id, row.attention_encrypted),
            channel=row.channel,
        )

    def _event(self, row: Row) -> Event:
        if row.kind == "turn_done":
            return turn_done_event(row.seq, row.reply_to)
        about = f"{row.conversation_id}:{row.seq}:text"
        text = None if row.text_encrypted is None else self._cipher.open(row.text_encrypted, about)
        payload = self._payload(row)
        words = Words(text, payload["buttons"], payload["card"], row.role, payload.get("language") or "en")
        return message_event(row.seq, words, row.reply_to, row.message_id, row.created_at)

    def _payload(self, row: Row) -> dict[str, Any]:
        if row.payload_encrypted is None:
            return {"buttons": [], "card": None}
        about = f"{row.conversation_id}:{row.seq}:payload"
        payload: dict[str, Any] = self._cipher.open_json(row.payload_encrypted, about)  # type: ignore[assignment]
        return payload


def _before(newest: Row, place: int) -> tuple[int, int | None]:
    """The numbers of the entry that stands so many places before the newest, where it is of the same answer."""
    return newest.seq - place, newest.reply_to
