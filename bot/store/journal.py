"""Write the journal: each function is one transaction's work, leaves nothing half done and may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.context import ANSWERS_FORM, FORM
from bot.store.alerts import CALLBACK, Alerts
from bot.store.callbacks import store_callback
from bot.store.cipher import Cipher
from bot.store.clock import now as _now
from bot.store.erasing import empty, is_held, shut
from bot.store.outbox import Outbox
from bot.store.phones import Phones, opt_in, opt_out
from bot.store.reading import context_of
from bot.store.records import (
    Accepted,
    Answer,
    ConversationCleared,
    Event,
    Message,
    Texts,
    Turn,
    Words,
    message_event,
    turn_done_event,
)
from bot.store.summaries import Summaries
from bot.store.tables import conversations, entries, turns
from helpline.transcripts.redaction import FORM_ANSWER, without


class Journal:
    """The writing side of the store. `redact` makes the readable copy of a text."""

    def __init__(
        self,
        cipher: Cipher,
        redact: Callable[[str], str],
        book: Phones,
        outbox: Outbox,
        summaries: Summaries,
        alerts: Alerts,
    ) -> None:
        self._cipher = cipher
        self._redact = redact
        self._phones = book
        self._outbox = outbox
        self._summaries = summaries
        self._alerts = alerts

    def accept(self, db: Connection, message: Message) -> Accepted:
        """Store a message, and what answers it at once, if anything: the same id again gives the same answer."""
        phone_id = None
        if message.phone:
            phone_id, conversation = self._phones.hear(db, message.phone)
            message = replace(message, conversation=conversation)
        known = self._known(db, message)
        if known is not None:
            return known
        last, context = self._open(db, message, phone_id)
        seq, alarm = last + 1, message.alarm
        events, rows = self._arrived(message, seq, context)
        db.execute(insert(entries), rows)
        db.execute(insert(turns), self._turn_row(message, seq))
        attention: Any = self._cipher.seal_json(dict(message.attention), f"{message.conversation}:attention")
        if not message.certain and alarm is None:
            attention = func.coalesce(conversations.c.attention_encrypted, attention)
        _change(db, message.conversation, last_seq=events[-1].seq, ended_at=None, attention_encrypted=attention)
        if phone_id is not None and message.opts:
            {"out": opt_out, "in": opt_in}[message.opts](db, phone_id)
        self._send(db, phone_id, message.conversation, seq, message.texts)
        spoken, at = str(message.attention.get("language") or ""), rows[0]["created_at"]
        self._summaries.heard(db, message.conversation, message.concern, alarm is not None, spoken, at)
        self._alerts.heard(db, message.conversation, message.concern)
        if message.closed:
            return Accepted(seq, None, None, events)
        turn = Turn(
            conversation=message.conversation,
            seq=seq,
            message_id=message.message_id,
            text=None if message.choice else message.text,
            choice=message.choice,
            concern=message.concern,
            alarm=alarm is not None,
            context=context,
            attention=message.attention,
            channel=message.channel,
        )
        return Accepted(seq, alarm.card if alarm else None, turn, events)

    def _arrived(
        self, message: Message, seq: int, context: Mapping[str, Any]
    ) -> tuple[list[Event], list[dict[str, Any]]]:
        """A message, and what is said to it at once, as events and as rows."""
        here, at, said = message.conversation, _now(), message.alarm or message.answer
        of_form = context.get(FORM) and not (message.alarm or message.choice or message.closed)
        events = [message_event(seq, _said(message), None, message.message_id, at)]
        rows = [self._row(here, seq, _said(message), at, None, message.message_id, FORM_ANSWER if of_form else None)]
        if said is not None:
            events += [message_event(seq + 1, said, seq, None, at), turn_done_event(seq + 2, seq)]
            rows += [self._row(here, seq + 1, said, at, seq), _done_row(here, events[2])]
        return events, rows

    def finish(self, db: Connection, turn: Turn, answer: Answer) -> Sequence[Event] | None:
        """Store a turn's answer and close it; None when it was closed before or its conversation is gone."""
        row = _turn(db, turn)
        if row is None or row.state != "accepted":
            return None
        if not turn.alarm:  # what an alarm says went out at once, and nothing else does
            self._send(db, row.phone_id, turn.conversation, turn.seq, answer.texts)
        events = [] if turn.alarm else self._say(db, row, turn, answer, done=True)
        if turn.alarm:
            self._remember(db, turn.conversation, answer)
        values = self._understood(row, answer)
        _update_turn(db, turn, state="done", **values)
        self._sum_up(db, turn, answer, values["concern"])
        self._after_form(db, row, turn, answer)
        return events

    def append_late(self, db: Connection, turn: Turn, answer: Answer, *, always: bool = False) -> Sequence[Event]:
        """Add what came after the helpline card, unless the visitor wrote something newer (or `always`)."""
        row = _turn(db, turn)
        if row is None or row.state != "done" or row.outcome == answer.outcome:
            return ()
        shown = bool(answer.words) and (always or _newest_user_seq(db, turn.conversation) == turn.seq)
        values = self._understood(row, answer)
        self._sum_up(db, turn, answer, values["concern"])
        if not shown:
            self._remember(db, turn.conversation, answer)
            _update_turn(db, turn, **{**values, "outcome": row.outcome, "seconds": row.seconds})
            self._after_form(db, row, turn, replace(answer, callback=None))
            return ()
        self._send(db, row.phone_id, turn.conversation, row.last_seq + 1, answer.texts)
        events = self._say(db, row, turn, answer, done=False)
        _update_turn(db, turn, **values)
        self._after_form(db, row, turn, answer)
        return events

    def begin(self, db: Connection, conversation: str, words: Words) -> None:
        """Say the first thing in a conversation that nothing was said in."""
        db.execute(insert(entries), [self._row(conversation, 1, words, _now(), None)])
        _change(db, conversation, last_seq=1)

    def clear(self, db: Connection, conversation: str) -> None:
        """Delete everything that was said in a conversation and in the texts that it continues, and refuse both."""
        texted = select(conversations.c.continues).where(conversations.c.id == conversation)
        for each in filter(None, (conversation, db.execute(texted).scalar())):
            self._clear(db, each)

    def _clear(self, db: Connection, conversation: str) -> None:
        """A held conversation is closed to its visitor, and what was said stays until the hold is lifted."""
        if is_held(db, conversation):
            shut(db, conversation)
        elif not empty(db, [conversation]):
            row = {"id": conversation, "channel": "web", "created_at": _now(), "last_seq": 0, "cleared_at": _now()}
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
            "state": "done" if message.closed else "accepted",
            "alarm": message.alarm is not None,
            "card_encrypted": self._cipher.seal_json(card, key + ":alarm") if card else None,
            "concern": message.concern,
            "understood_encrypted": self._cipher.seal_json(heard, key + ":understood"),
            "outcome": message.closed or None,
        }

    def _send(self, db: Connection, phone_id: str | None, conversation: str, seq: int, said: Texts | None) -> None:
        """Queue what goes out by text; `seq` is that of the entry that it answers or, where it came late, says."""
        if phone_id is not None and said is not None:
            self._outbox.queue(db, phone_id, conversation, f"{conversation}:{seq}", said)

    def _say(self, db: Connection, row: Row, turn: Turn, answer: Answer, *, done: bool) -> list[Event]:
        """Write an answer's words after everything else in the conversation."""
        here, now = turn.conversation, _now()
        numbered = list(enumerate(answer.words, row.last_seq + 1))
        events = [message_event(seq, words, turn.seq, None, now) for seq, words in numbered]
        given = [*_given(self._form(row)), *_given((answer.context or {}).get(FORM))]
        rows = [
            self._row(here, seq, words, now, turn.seq, redacted=self._redacted(words.text, given))
            for seq, words in numbered
        ]
        if done:
            events.append(turn_done_event(row.last_seq + len(rows) + 1, turn.seq))
            rows.append(_done_row(here, events[-1]))
        db.execute(insert(entries), rows)
        _change(db, here, last_seq=events[-1].seq, **self._memory(here, answer))
        return events

    def _open(self, db: Connection, message: Message, phone_id: str | None) -> tuple[int, dict[str, Any]]:
        """The last number used in the conversation, which is made if this is its first message, and its context."""
        columns = (conversations.c.last_seq, conversations.c.cleared_at, conversations.c.context_encrypted)
        row = db.execute(select(*columns).where(conversations.c.id == message.conversation).with_for_update()).first()
        if row is None:
            fresh = {"id": message.conversation, "channel": message.channel, "created_at": _now(), "last_seq": 0}
            fresh["phone_id"] = phone_id
            db.execute(insert(conversations).values(**fresh))
            return 0, {}
        if row.cleared_at is not None:
            raise ConversationCleared("this conversation was cleared")
        return row.last_seq, context_of(self._cipher, message.conversation, row.context_encrypted)

    def _form(self, row: Row) -> Any:
        """The form that was open before this turn was answered."""
        return context_of(self._cipher, row.conversation_id, row.context_encrypted).get(FORM)

    def _after_form(self, db: Connection, row: Row, turn: Turn, answer: Answer) -> None:
        """Hide an answer to the form, show what was none, and store its request or erase what was answered in vain."""
        before, after = self._form(row), (answer.context or {}).get(FORM)
        if turn.text and not turn.alarm and (before or _given(after)):
            shown = before and _no_answer(turn, answer)
            redacted = self._redacted(turn.text, _given(before)) if shown else FORM_ANSWER
            here = and_(entries.c.conversation_id == turn.conversation, entries.c.seq == turn.seq)
            db.execute(update(entries).where(here).values(text_redacted=redacted))
        if before and answer.callback is None and answer.context is not None and not after:
            self._erase_answers(db, turn.conversation)
        if answer.callback is not None:
            store_callback(db, self._cipher, turn, answer.callback)
            self._summaries.escalated(db, turn.conversation)
            self._alerts.queue(db, turn.conversation, CALLBACK)

    def _sum_up(self, db: Connection, turn: Turn, answer: Answer, concern: str) -> None:
        self._summaries.told(db, turn.conversation, answer.understood, answer.outcome, concern)
        self._alerts.heard(db, turn.conversation, concern)
        language = _short((answer.context or {}).get("language"), 16)
        if language:
            self._summaries.speaks(db, turn.conversation, language)

    def _erase_answers(self, db: Connection, conversation: str) -> None:
        """Overwrite the texts that hold answers to a form with their redacted copies."""
        here = and_(entries.c.conversation_id == conversation, entries.c.text_redacted.contains(FORM_ANSWER))
        for row in db.execute(select(entries.c.seq, entries.c.text_redacted).where(here)).all():
            sealed = self._cipher.seal(row.text_redacted, f"{conversation}:{row.seq}:text")
            same = and_(entries.c.conversation_id == conversation, entries.c.seq == row.seq)
            db.execute(update(entries).where(same).values(text_encrypted=sealed))

    def _redacted(self, text: str | None, answers: Sequence[str] = ()) -> str | None:
        return None if text is None else self._redact(without(text, answers))

    def _row(
        self,
        conversation: str,
        seq: int,
        words: Words,
        now: int,
        reply_to: int | None,
        message_id: str | None = None,
        redacted: str | None = None,
    ) -> dict[str, Any]:
        key = f"{conversation}:{seq}"
        language = None if words.language == "en" else words.language
        payload = {"buttons": list(words.buttons), "card": words.card, "language": language}
        return {
            "conversation_id": conversation,
            "seq": seq,
            "kind": "message",
            "role": words.role,
            "reply_to": reply_to,
            "message_id": message_id,
            "text_encrypted": None if words.text is None else self._cipher.seal(words.text, key + ":text"),
            "text_redacted": redacted or self._redacted(words.text),
            "payload_encrypted": self._cipher.seal_json(payload, key + ":payload") if any(payload.values()) else None,
            "created_at": now,
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

    def _remember(self, db: Connection, conversation: str, answer: Answer) -> None:
        changes = self._memory(conversation, answer)
        if changes:
            _change(db, conversation, **changes)

    def _memory(self, conversation: str, answer: Answer) -> dict[str, Any]:
        """The columns that keep what Rasa wants to be told next time."""
        if answer.context is None:
            return {}
        language = _short(answer.context.get("language"), 16)
        sealed = self._cipher.seal_json(answer.context, f"{conversation}:context")
        return {"context_encrypted": sealed, **({"language": language} if language else {})}


def _said(message: Message) -> Words:
    # A pressed button is kept as a button, so that the choice survives a restart.
    pressed = [{"title": message.text, "choice": message.choice}] if message.choice else []
    return Words(text=message.text, buttons=pressed, role="user")


def _given(form: Any) -> list[str]:
    """The answers of a form that are words of the visitor's."""
    return [each for each in form["answers"].values() if isinstance(each, str) and each] if form else []


def _no_answer(turn: Turn, answer: Answer) -> bool:
    """Whether a message that came while a form was open was something else, which staff must be able to read."""
    intent = answer.understood.get("intent")
    if answer.outcome == "alarm_late" or (turn.concern != "none" and intent != ANSWERS_FORM):
        return True
    return intent not in (None, ANSWERS_FORM) and not answer.understood.get("fallback")


def _done_row(conversation: str, event: Event) -> dict[str, Any]:
    row = dict.fromkeys(("role", "message_id", "text_encrypted", "text_redacted", "payload_encrypted"))
    here = {"conversation_id": conversation, "seq": event.seq, "reply_to": event.data["reply_to"]}
    return {**row, **here, "kind": "turn_done", "created_at": _now()}


def _change(db: Connection, conversation: str, **values: Any) -> None:
    db.execute(update(conversations).where(conversations.c.id == conversation).values(**values))


def _newest_user_seq(db: Connection, conversation: str) -> int | None:
    here = and_(entries.c.conversation_id == conversation, entries.c.role == "user")
    newest: int | None = db.execute(select(func.max(entries.c.seq)).where(here)).scalar()
    return newest


def _turn(db: Connection, turn: Turn) -> Row | None:
    """The turn and the last number used in its conversation."""
    here = and_(turns.c.conversation_id == turn.conversation, turns.c.seq == turn.seq)
    joined = turns.join(conversations, conversations.c.id == turns.c.conversation_id)
    query = (
        select(turns, conversations.c.last_seq, conversations.c.context_encrypted, conversations.c.phone_id)
        .select_from(joined)
        .where(here)
        .with_for_update()
    )
    row: Row | None = db.execute(query).first()
    return row


def _update_turn(db: Connection, turn: Turn, **values: Any) -> None:
    here = and_(turns.c.conversation_id == turn.conversation, turns.c.seq == turn.seq)
    db.execute(update(turns).where(here).values(**values))


def _short(value: object, longest: int) -> str | None:
    return value[:longest] if isinstance(value, str) else None
