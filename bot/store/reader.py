"""Read one conversation for staff: what was said in order, in its redacted copy, and what is known about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.lines import Button, Line, Sent, heard, pieces, with_pressed
from bot.store.notes import Note, notes_of, tags_of
from bot.store.phones import Phones
from bot.store.staff_tables import holds, summaries
from bot.store.tables import conversations, entries, phones, texts, turns
from helpline.sms import shown

ROLES = ("user", "bot", "staff", "system")


@dataclass(frozen=True)
class Opened:
    """A conversation as staff see it; `number` shows four digits, `held` is why it must not be deleted."""

    id: str
    channel: str
    started_at: int
    ended_at: int | None
    cleared_at: int | None
    language: str | None
    continues: str | None
    continued_by: tuple[str, ...]
    number: str | None
    review: str
    assignee: str | None
    held: str | None
    tags: tuple[str, ...]
    notes: tuple[Note, ...]
    lines: tuple[Line, ...]


class Transcripts:
    """Opens conversations; whoever calls writes down that it was opened."""

    def __init__(self, cipher: Cipher, book: Phones) -> None:
        self._cipher = cipher
        self._phones = book

    def opened(self, db: Connection, conversation: str) -> Opened | None:
        """A conversation with everything that belongs to it; None where there is none."""
        row = db.execute(_conversation(conversation)).first()
        if row is None:
            return None
        newer = select(conversations.c.id).where(conversations.c.continues == conversation)
        return Opened(
            id=row.id,
            channel=row.channel,
            started_at=row.created_at,
            ended_at=row.ended_at,
            cleared_at=row.cleared_at,
            language=row.language,
            continues=row.continues,
            continued_by=tuple(each.id for each in db.execute(newer)),
            number=self._number(row),
            review=row.review or "new",
            assignee=row.assignee,
            held=row.held,
            tags=tags_of(db, conversation),
            notes=notes_of(db, self._cipher, conversation),
            lines=tuple(self._lines(db, conversation)),
        )

    def original(self, db: Connection, conversation: str, seq: int) -> str | None:
        """A message as it was written; None where it is not there, or its key is gone."""
        here = and_(entries.c.conversation_id == conversation, entries.c.seq == seq, entries.c.role == "user")
        row = db.execute(select(entries).where(here)).first()
        return None if row is None else self._text(row)

    def _lines(self, db: Connection, conversation: str) -> list[Line]:
        said = select(entries).where(entries.c.conversation_id == conversation, entries.c.kind == "message")
        of = {row.seq: row for row in db.execute(select(turns).where(turns.c.conversation_id == conversation))}
        sent = _sent(db, conversation)
        rows = db.execute(said.order_by(entries.c.seq)).all()
        return with_pressed([self._line(row, of.get(row.seq), sent.get(row.seq, ())) for row in rows])

    def _line(self, row: Row, turn: Row | None, sent: tuple[Sent, ...]) -> Line:
        known = self._json(turn.understood_encrypted, row, "understood") if turn else None
        entities = [each for each in (known or {}).get("entities") or () if isinstance(each, Mapping)]
        payload = self._json(row.payload_encrypted, row, "payload") or {}
        offered = tuple(Button(str(each["title"]), str(each["choice"])) for each in payload.get("buttons") or ())
        of_visitor = row.role == "user"
        text = pieces(row.text_redacted, self._text(row) if of_visitor else None, entities)
        return Line(
            seq=row.seq,
            role=row.role if row.role in ROLES else "system",
            at=row.created_at,
            pieces=text,
            chosen=offered[0].choice if of_visitor and offered else None,
            card=payload.get("card"),
            buttons=() if of_visitor else offered,
            heard=heard(known, turn._mapping, text) if turn else None,
            texts=sent,
            language=payload.get("language"),
            original=of_visitor and not offered and row.text_encrypted is not None,
        )

    def _text(self, row: Row) -> str | None:
        try:
            about = f"{row.conversation_id}:{row.seq}:text"
            return None if row.text_encrypted is None else self._cipher.open(row.text_encrypted, about)
        except CipherError:
            return None

    def _json(self, sealed: bytes | None, row: Row, column: str) -> dict[str, Any] | None:
        try:
            value = self._cipher.open_json(sealed, f"{row.conversation_id}:{row.seq}:{column}") if sealed else None
        except CipherError:
            return None
        return value if isinstance(value, dict) else None

    def _number(self, row: Row) -> str | None:
        if row.number_encrypted is None:
            return None
        try:
            return shown(self._phones.number(row.phone_id, row.number_encrypted))
        except CipherError:
            return shown("????")


def _conversation(conversation: str) -> Any:
    joined = conversations.outerjoin(summaries, summaries.c.conversation_id == conversations.c.id)
    joined = joined.outerjoin(phones, phones.c.id == conversations.c.phone_id)
    joined = joined.outerjoin(holds, holds.c.conversation_id == conversations.c.id)
    more = (summaries.c.review, summaries.c.assignee, phones.c.number_encrypted, holds.c.reason.label("held"))
    return select(conversations, *more).select_from(joined).where(conversations.c.id == conversation)


def _sent(db: Connection, conversation: str) -> dict[int, tuple[Sent, ...]]:
    """The texts of a conversation by the number of the entry that they answer or say."""
    found: dict[int, tuple[Sent, ...]] = defaultdict(tuple)
    for row in db.execute(select(texts).where(texts.c.conversation_id == conversation).order_by(texts.c.id)):
        seq = row.once.removeprefix(f"{conversation}:").partition(":")[0]
        if seq.isdecimal():
            found[int(seq)] += (Sent(row.kind, row.state, row.reason),)
    return found
