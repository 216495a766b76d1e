"""Write the journal: each function is one transaction's work, leaves nothing half done and may be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher
from bot.store.records import Accepted, Answer, ConversationCleared, Message, Turn, Words
from bot.store.tables import conversations, entries, turns


class Journal:
    """The writing side of the store. `redact` makes the readable copy of a text."""

    def __init__(self, cipher: Cipher, redact: Callable[[str], str]) -> None:
        self._cipher = cipher
        self._redact = redact

    def accept(self, db: Connection, message: Message) -> Accepted:
        """Store a message, and for an alarm its reply, once: the same id again gives the same answer."""
        known = self._known(db, message)
        if known is not None:
            return known
        seq = _open(db, message) + 1
        rows = [self._row(message.conversation, seq, _said(message), None, message.message_id)]
        if message.alarm is not None:
            rows.append(self._row(message.conversation, seq + 1, message.alarm, seq))
            rows.append(_turn_done(message.conversation, seq + 2, seq))
        db.execute(insert(entries), rows)
        db.execute(insert(turns), self._turn_row(message, seq))
        _advance(db, message.conversation, seq + len(rows) - 1, ended_at=None)
        alarm = message.alarm
        turn = Turn(
            conversation=message.conversation,
            seq=seq,
            message_id=message.message_id,
            text=None if message.choice else message.text,
            choice=message.choice,
            concern=message.concern,
            alarm=alarm is not None,
        )
        return Accepted(seq, alarm.card if alarm else None, turn)

    def finish(self, db: Connection, turn: Turn, answer: Answer) -> bool:
        """Store a turn's answer and close it; False when it was closed before or its conversation is gone."""
        row = _turn(db, turn)
        if row is None or row.state != "accepted":
            return False
        if not turn.alarm:
            last = _last_seq(db, turn.conversation)
            rows = self._answer_rows(turn, answer.words, last)
            rows.append(_turn_done(turn.conversation, last + len(rows) + 1, turn.seq))
            db.execute(insert(entries), rows)
            _advance(db, turn.conversation, last + len(rows))
        self._keep_context(db, turn.conversation, answer.context)
        _update_turn(db, turn, state="done", **self._understood(row, answer))
        return True

    def append_late(self, db: Connection, turn: Turn, answer: Answer, *, always: bool = False) -> bool:
        """Add what came after the helpline card, unless the visitor wrote something newer (or `always`)."""
        row = _turn(db, turn)
        if row is None or row.state != "done" or row.outcome == answer.outcome:
            return False
        self._keep_context(db, turn.conversation, answer.context)
        shown = bool(answer.words) and (always or _newest_user_seq(db, turn.conversation) == turn.seq)
        if shown:
            last = _last_seq(db, turn.conversation)
            rows = self._answer_rows(turn, answer.words, last)
            db.execute(insert(entries), rows)
            _advance(db, turn.conversation, last + len(rows))
        values = self._understood(row, answer)
        _update_turn(db, turn, **values if shown else {**values, "outcome": row.outcome, "seconds": row.seconds})
        return shown

    def clear(self, db: Connection, conversation: str) -> None:
        """Delete everything that was said in a conversation and refuse it from now on."""
        for table in (turns, entries):
            db.execute(delete(table).where(table.c.conversation_id == conversation))
        gone = {"cleared_at": _now(), "context_encrypted": None, "language": None}
        found = db.execute(update(conversations).where(conversations.c.id == conversation).values(**gone))
        if not found.rowcount:
            row = {"id": conversation, "channel": "web", "created_at": _now(), "last_seq": 0, **gone}
            db.execute(insert(conversations).values(**row))

    def end(self, db: Connection, conversation: str) -> None:
        """Note that the visitor left; a later message opens the conversation again."""
        here = and_(conversations.c.id == conversation, conversations.c.cleared_at.is_(None))
        db.execute(update(conversations).where(here).values(ended_at=_now()))

    def _known(self, db: Connection, message: Message) -> Accepted | None:
        same = and_(turns.c.conversation_id == message.conversation, turns.c.message_id == message.message_id)
        row = db.execute(select(turns.c.seq, turns.c.card_encrypted).where(same)).first()
        if row is None:
            return None
        about = f"{message.conversation}:{row.seq}:alarm"
        card: Any = self._cipher.open_json(row.card_encrypted, about) if row.card_encrypted else None
        return Accepted(row.seq, card, None)

    def _turn_row(self, message: Message, seq: int) -> dict[str, Any]:
        key = f"{message.conversation}:{seq}"
        heard = {"concern": message.concern, "level": message.level, "evidence": list(message.evidence)}
        card = message.alarm.card if message.alarm else None
        return {
            "conversation_id": message.conversation,
            "seq": seq,
            "message_id": message.message_id,
            "state": "accepted",
            "alarm": message.alarm is not None,
            "card_encrypted": self._cipher.seal_json(card, key + ":alarm") if card else None,
            "concern": message.concern,
            "understood_encrypted": self._cipher.seal_json(heard, key + ":understood"),
        }

    def _answer_rows(self, turn: Turn, words: Sequence[Words], last: int) -> list[dict[str, Any]]:
        return [self._row(turn.conversation, last + n, said, turn.seq) for n, said in enumerate(words, 1)]

    def _row(
        self, conversation: str, seq: int, words: Words, reply_to: int | None, message_id: str | None = None
    ) -> dict[str, Any]:
        key = f"{conversation}:{seq}"
        payload = {"buttons": list(words.buttons), "card": words.card}
        return {
            "conversation_id": conversation,
            "seq": seq,
            "kind": "message",
            "role": words.role,
            "reply_to": reply_to,
            "message_id": message_id,
            "text_encrypted": None if words.text is None else self._cipher.seal(words.text, key + ":text"),
            "text_redacted": None if words.text is None else self._redact(words.text),
            "payload_encrypted": self._cipher.seal_json(payload, key + ":payload") if any(payload.values()) else None,
            "created_at": _now(),
        }

    def _understood(self, row: Row, answer: Answer) -> dict[str, Any]:
        about = f"{row.conversation_id}:{row.seq}:understood"
        heard: Any = self._cipher.open_json(row.understood_encrypted, about)
        merged = {**heard, **answer.understood}
        if answer.concern and heard["concern"] == "none":
            merged["concern"] = answer.concern
        return {
            "outcome": answer.outcome,
            "seconds": answer.seconds,
            "concern": merged["concern"],
            "intent": _short(merged.get("intent"), 128),
            "severity": _short(merged.get("severity"), 32),
            "understood_encrypted": self._cipher.seal_json(merged, about),
        }

    def _keep_context(self, db: Connection, conversation: str, context: Mapping[str, Any] | None) -> None:
        if context is None:
            return
        sealed = self._cipher.seal_json(context, f"{conversation}:context")
        language = _short(context.get("language"), 16)
        changes = {"context_encrypted": sealed, **({"language": language} if language else {})}
        db.execute(update(conversations).where(conversations.c.id == conversation).values(**changes))


def _said(message: Message) -> Words:
    # A pressed button is kept as a button, so that the choice survives a restart.
    pressed = [{"title": message.text, "choice": message.choice}] if message.choice else []
    return Words(text=message.text, buttons=pressed, role="user")


def _turn_done(conversation: str, seq: int, reply_to: int) -> dict[str, Any]:
    row = dict.fromkeys(("role", "message_id", "text_encrypted", "text_redacted", "payload_encrypted"))
    here = {"conversation_id": conversation, "seq": seq, "kind": "turn_done", "reply_to": reply_to}
    return {**row, **here, "created_at": _now()}


def _open(db: Connection, message: Message) -> int:
    """The last number used in the conversation, which is made if this is its first message."""
    here = conversations.c.id == message.conversation
    columns = (conversations.c.last_seq, conversations.c.cleared_at)
    row = db.execute(select(*columns).where(here).with_for_update()).first()
    if row is None:
        fresh = {"id": message.conversation, "channel": message.channel, "created_at": _now(), "last_seq": 0}
        db.execute(insert(conversations).values(**fresh))
        return 0
    if row.cleared_at is not None:
        raise ConversationCleared("this conversation was cleared")
    return int(row.last_seq)


def _advance(db: Connection, conversation: str, last_seq: int, **more: Any) -> None:
    db.execute(update(conversations).where(conversations.c.id == conversation).values(last_seq=last_seq, **more))


def _last_seq(db: Connection, conversation: str) -> int:
    query = select(conversations.c.last_seq).where(conversations.c.id == conversation).with_for_update()
    return int(db.execute(query).scalar_one())


def _newest_user_seq(db: Connection, conversation: str) -> int | None:
    here = and_(entries.c.conversation_id == conversation, entries.c.role == "user")
    newest: int | None = db.execute(select(func.max(entries.c.seq)).where(here)).scalar()
    return newest


def _turn(db: Connection, turn: Turn) -> Row | None:
    here = and_(turns.c.conversation_id == turn.conversation, turns.c.seq == turn.seq)
    row: Row | None = db.execute(select(turns).where(here).with_for_update()).first()
    return row


def _update_turn(db: Connection, turn: Turn, **values: Any) -> None:
    here = and_(turns.c.conversation_id == turn.conversation, turns.c.seq == turn.seq)
    db.execute(update(turns).where(here).values(**values))


def _short(value: object, longest: int) -> str | None:
    return value[:longest] if isinstance(value, str) else None


def _now() -> int:
    return int(time.time() * 1000)
