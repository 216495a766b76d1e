"""Sum up each conversation, in the transaction of what is summed up: the lists of staff never read the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, exists, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.staff_tables import facets, notes, summaries
from bot.store.tables import callbacks, conversations, entries, turns
from helpline.knowledge.severity import RANK
from helpline.safety.concerns import LEVELS, Concern, load_concerns

SAFETY = Path(__file__).resolve().parents[2] / "data" / "safety"
FACETS = {"substance": "substance", "unknown_substance": "unknown"}  # a facet's kind, by that of the entity
# How turns end that were answered, or that nobody waits for an answer to; every other end left somebody without one.
ANSWERED = ("answered", "concern", "noted", "not_noted", "alarm", "late", "keyword", "no_words", "cut")
LONGEST = 128
Facet = tuple[str, str]


@lru_cache(maxsize=1)
def concerns() -> Mapping[str, Concern]:
    """The table of concerns, read once a process."""
    return load_concerns(SAFETY)


class Summaries:
    """Keeps the summary and the facets of each conversation; `zone` is the time zone whose hours staff search by."""

    def __init__(self, cipher: Cipher, redact: Callable[[str], str], zone: str) -> None:
        self._cipher = cipher
        self._redact = redact
        self._zone = ZoneInfo(zone)

    def heard(self, db: Connection, conversation: str, concern: str, alarm: bool, language: str, at: int) -> None:
        """A message was accepted."""
        row = _summary(db, conversation)
        if row is None:
            self.rebuild(db, conversation, language)
            return
        changed = {"messages": row["messages"] + 1, "last_at": at, **_worse(row, concern)}
        changed |= {"escalated": True} if alarm else {}
        changed |= {"language": language} if language else {}
        _change(db, conversation, changed)
        db.execute(update(facets).where(facets.c.conversation_id == conversation).values(last_at=at))

    def told(self, db: Connection, conversation: str, heard: Mapping[str, Any], outcome: str, concern: str) -> None:
        """A message was answered: what was understood of it, how its turn ended, and what worried."""
        row = _summary(db, conversation)
        if row is not None:
            changed = {**_worse(row, concern), **_understood(row, heard), **_ended(row, heard, outcome)}
            _change(db, conversation, {name: value for name, value in changed.items() if value != row[name]})
            mark(db, conversation, self._facets(heard), row["last_at"])

    def speaks(self, db: Connection, conversation: str, language: str) -> None:
        """The language of a conversation became known."""
        _change(db, conversation, {"language": language})

    def escalated(self, db: Connection, conversation: str) -> None:
        """Somebody asked to be called back."""
        _change(db, conversation, {"escalated": True})

    def backfill(self, db: Connection, most: int) -> int:
        """Sum up at most so many conversations that have no summary yet; how many it were."""
        missing = ~exists().where(summaries.c.conversation_id == conversations.c.id)
        spoken = exists().where(turns.c.conversation_id == conversations.c.id)
        rows = db.execute(select(conversations.c.id).where(missing, spoken).limit(most)).all()
        for row in rows:
            self.rebuild(db, row.id)
        return len(rows)

    def rebuild(self, db: Connection, conversation: str, language: str = "") -> None:
        """Make a summary out of the journal, where there is none."""
        turned = _turned(db, conversation)
        summary = self._started(turned[0], language)
        found: dict[Facet, None] = {}
        for row in turned:
            heard = self._opened(row)
            summary |= {"messages": summary["messages"] + 1, "last_at": row.created_at}
            summary |= _worse(summary, row.concern or "none")
            summary |= {"escalated": summary["escalated"] or bool(row.alarm)}
            summary |= _understood(summary, heard)
            summary |= _ended(summary, heard, row.outcome or "answered")
            found |= dict.fromkeys(self._facets(heard))
        asked = select(callbacks.c.seq).where(callbacks.c.conversation_id == conversation)
        summary["escalated"] = summary["escalated"] or db.execute(asked).first() is not None
        db.execute(insert(summaries).values(**summary))
        mark(db, conversation, found, summary["last_at"])

    def _started(self, row: Row, language: str) -> dict[str, Any]:
        started = datetime.fromtimestamp(row.created_at / 1000, self._zone)
        nothing = {"messages": 0, "severity": None, "graveness": 0, "confidence": None, "tenth": None, "assignee": None}
        flags = {"concern": "none", "urgency": 0, "escalated": False, "fallback": False, "review": "new"}
        times = {"started_at": row.created_at, "last_at": row.created_at, "hour": started.hour}
        here = {"conversation_id": row.conversation_id, "channel": row.channel}
        return {**here, "language": row.language or language or "en", **times, **nothing, **flags}

    def _opened(self, row: Row) -> dict[str, Any]:
        """What was understood in a turn; nothing where its key is gone."""
        try:
            heard: Any = self._cipher.open_json(row.understood_encrypted, f"{row.conversation_id}:{row.seq}:understood")
        except CipherError:
            return {"intent": row.intent, "severity": row.severity}
        return heard if isinstance(heard, dict) else {}

    def _facets(self, understood: Mapping[str, Any]) -> Iterator[Facet]:
        """What a message makes its conversation findable by; a word that may name somebody is none."""
        if isinstance(understood.get("intent"), str):
            yield "intent", understood["intent"][:LONGEST]
        for entity in understood.get("entities") or ():
            kind = FACETS.get(str(entity.get("entity"))) if isinstance(entity, dict) else None
            value = str(entity["value"])[:LONGEST] if kind and entity.get("value") else ""
            if kind and value and entity.get("certain", True) and self._redact(value) == value:
                yield kind, value


def mark(db: Connection, conversation: str, found: Iterable[Facet], at: int) -> None:
    """Make a conversation findable by facets, each of which it has once."""
    here = facets.c.conversation_id == conversation
    known = {(row.kind, row.value) for row in db.execute(select(facets.c.kind, facets.c.value).where(here))}
    fresh = [each for each in dict.fromkeys(found) if each not in known]
    rows = [{"kind": kind, "value": value, "conversation_id": conversation, "at": at} for kind, value in fresh]
    if rows:
        db.execute(insert(facets), rows)


def forget(db: Connection, conversation: str) -> None:
    """Delete what a conversation was summed up as, and what staff noted of it."""
    for table in (summaries, facets, notes):
        db.execute(delete(table).where(table.c.conversation_id == conversation))


def _turned(db: Connection, conversation: str) -> list[Row]:
    """The turns of a conversation in order, each with the time of its message."""
    same = and_(entries.c.conversation_id == turns.c.conversation_id, entries.c.seq == turns.c.seq)
    joined = turns.join(entries, same).join(conversations, conversations.c.id == turns.c.conversation_id)
    columns = (turns, entries.c.created_at, conversations.c.channel, conversations.c.language)
    query = select(*columns).select_from(joined).where(turns.c.conversation_id == conversation)
    return list(db.execute(query.order_by(turns.c.seq)).all())


def _summary(db: Connection, conversation: str) -> Any:
    return db.execute(select(summaries).where(summaries.c.conversation_id == conversation)).mappings().first()


def _change(db: Connection, conversation: str, values: dict[str, Any]) -> None:
    if values:
        db.execute(update(summaries).where(summaries.c.conversation_id == conversation).values(**values))


def _worse(row: Mapping[str, Any], concern: str) -> dict[str, Any]:
    """The concern that is the worse one of a summary's and another."""
    table = concerns()
    if concern not in table or table[concern].rank <= table[row["concern"]].rank:
        return {}
    return {"concern": concern, "urgency": LEVELS.index(table[concern].level)}


def _understood(row: Mapping[str, Any], understood: Mapping[str, Any]) -> dict[str, Any]:
    """The worst severity and the least confidence, of a summary and of one more message."""
    changed: dict[str, Any] = {}
    severity, confidence = understood.get("severity"), understood.get("confidence")
    if severity in RANK and RANK[severity] + 1 > row["graveness"]:
        changed |= {"severity": severity, "graveness": RANK[severity] + 1}
    if understood.get("intent") and isinstance(confidence, (int, float)) and confidence < _least(row):
        changed |= {"confidence": float(confidence), "tenth": min(9, max(0, int(confidence * 10)))}
    return changed


def _ended(row: Mapping[str, Any], understood: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """Whether something was not understood, or not answered, in a summary or one more message."""
    missed = bool(understood.get("fallback")) or outcome.removesuffix("_late") not in ANSWERED
    return {"fallback": True} if missed and not row["fallback"] else {}


def _least(row: Mapping[str, Any]) -> float:
    return 2.0 if row["confidence"] is None else row["confidence"]
