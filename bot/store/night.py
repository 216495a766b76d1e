"""What happened while nobody looked, the gravest first, and who of staff takes care of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.store.alerts import CRISIS as CRISIS_ALERT
from bot.store.alerts import stuck
from bot.store.callback_desk import DONE, call_due
from bot.store.claims import claimed
from bot.store.listing import first_messages
from bot.store.outbox import UNSENT
from bot.store.staff_tables import alerts, facets, summaries
from bot.store.summaries import ANSWERED
from bot.store.tables import callbacks, texts, turns
from helpline.safety.concerns import LEVELS

MOST = 20
LOOKED_AT = 200  # of one kind, done or not: more than a night brings
KINDS = ("alarm", "callback", "unsure", "unknown", "text", "alert")
ALARM, CALLBACK, UNSURE, UNKNOWN, TEXT, ALERT = KINDS
LOW = 5  # tenths: below this an answer may have been to another question
URGENT = LEVELS.index("urgent")
# The turn in which something was not understood, or not answered; which one had little confidence is not known here.
MISSED = (turns.c.intent == "nlu_fallback", turns.c.outcome.not_in([*ANSWERED, *(f"{each}_late" for each in ANSWERED)]))


@dataclass(frozen=True)
class Item:
    """One thing to look at. `why` names a sentence of the page, whose blanks are `fields`; `at` is its newest time.

    `again` says that it was done once, and that more happened since.
    """

    kind: str
    subject: str
    conversation: str | None
    at: int
    why: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    claimed_by: str | None = None
    done_at: int | None = None
    again: bool = False


@dataclass(frozen=True)
class Group:
    """The things of one kind: the first ones that are open, the first ones that are done, and how many are open."""

    kind: str
    items: tuple[Item, ...]
    done: tuple[Item, ...]
    count: int


@dataclass(frozen=True)
class Night:
    """Everything since a time, in groups of which each is graver than the next."""

    groups: tuple[Group, ...]


def night(db: Connection, since: int, now: int) -> Night:
    """What happened between two times, and the call-backs that are due by the second one."""
    between = (_alarms(db, since, now), _callbacks(db, now), _unsure(db, since, now))
    return Night((*between, _unknown(db, since, now), _texts(db, since, now), _alerts(db, since, now)))


def _alarms(db: Connection, since: int, now: int) -> Group:
    here = and_(summaries.c.urgency >= URGENT, *_between(summaries.c.last_at, since, now))
    query = select(summaries).where(here).order_by(summaries.c.urgency.desc(), summaries.c.last_at.desc())
    rows = db.execute(query.limit(LOOKED_AT)).all()
    ids = [row.conversation_id for row in rows]
    told, said = _alerted(db, ids), first_messages(db, ids, turns.c.alarm.is_(True))
    items = []
    for row in rows:
        fields = {"concern": row.concern, "level": LEVELS[row.urgency], "alerts": tuple(told[row.conversation_id])}
        fields |= {"said": said.get(row.conversation_id, "")}
        items.append(Item(ALARM, row.conversation_id, row.conversation_id, row.last_at, "concern", fields))
    return _group(db, ALARM, items, _count(db, summaries, here))


def _callbacks(db: Connection, now: int) -> Group:
    """Requests that nobody called back for yet, the urgent ones first; one to be tried again comes when it is time."""
    later = and_(callbacks.c.due_at.is_not(None), callbacks.c.due_at > now)
    here = and_(callbacks.c.state != DONE, ~later)
    order = (callbacks.c.urgency.desc(), func.coalesce(callbacks.c.due_at, callbacks.c.created_at))
    items = []
    for row in db.execute(select(callbacks, call_due().label("due")).where(here).order_by(*order).limit(MOST)):
        fields = {"reason": row.reason, "attempts": row.attempts, "overdue_at": row.due if row.due < now else None}
        subject = f"{row.conversation_id}:{row.seq}"
        items.append(Item(CALLBACK, subject, row.conversation_id, row.created_at, row.urgency, fields, row.claimed_by))
    return Group(CALLBACK, tuple(items), (), _count(db, callbacks, here))


def _unsure(db: Connection, since: int, now: int) -> Group:
    """Talks with something that was not understood, not answered, or understood with little confidence."""
    missed = or_(summaries.c.fallback.is_(True), summaries.c.tenth < LOW)
    here = and_(missed, *_between(summaries.c.last_at, since, now))
    rows = db.execute(select(summaries).where(here).order_by(summaries.c.last_at.desc()).limit(LOOKED_AT)).all()
    said = first_messages(db, [row.conversation_id for row in rows], or_(*MISSED))
    items = []
    for row in rows:
        why = "fallback" if row.fallback else "confidence"
        fields = {"confidence": row.confidence, "said": said.get(row.conversation_id, "")}
        items.append(Item(UNSURE, row.conversation_id, row.conversation_id, row.last_at, why, fields))
    return _group(db, UNSURE, items, _count(db, summaries, here))


def _unknown(db: Connection, since: int, now: int) -> Group:
    """Names of drugs that we do not know: each once, with how many asked and the newest who did."""
    here = and_(facets.c.kind == UNKNOWN, *_between(facets.c.at, since, now))
    at, asked = func.max(facets.c.at).label("newest"), func.count().label("asked")
    query = select(facets.c.value, at, asked, func.max(facets.c.conversation_id).label("one")).where(here)
    rows = db.execute(query.group_by(facets.c.value).order_by(asked.desc(), at.desc())).all()
    items = [
        Item(UNKNOWN, row.value, row.one, row.newest, "unknown", {"name": row.value, "asked": row.asked})
        for row in rows[:LOOKED_AT]
    ]
    return _group(db, UNKNOWN, items, len(rows))


def _texts(db: Connection, since: int, now: int) -> Group:
    """Texts that did not arrive; see Outbox.unsent."""
    here = and_(texts.c.state.in_(UNSENT), *_between(texts.c.changed_at, since, now))
    columns = (texts.c.id, texts.c.conversation_id, texts.c.changed_at, texts.c.state, texts.c.kind, texts.c.reason)
    items = []
    for row in db.execute(
        select(*columns).where(here).order_by(texts.c.changed_at.desc(), texts.c.id.desc()).limit(LOOKED_AT)
    ):
        fields = {"kind": row.kind, "reason": row.reason}
        items.append(Item(TEXT, str(row.id), row.conversation_id, row.changed_at, row.state, fields))
    return _group(db, TEXT, items, _count(db, texts, here))


def _alerts(db: Connection, since: int, now: int) -> Group:
    """Alerts that did not go out: somebody should have been told, and was not."""
    here = and_(stuck(now), *_between(alerts.c.created_at, since, now))
    items = []
    for row in db.execute(select(alerts).where(here).order_by(alerts.c.id.desc()).limit(LOOKED_AT)):
        fields = {"about": row.kind, "way": row.way, "reason": row.reason}
        items.append(Item(ALERT, str(row.id), row.conversation_id, row.created_at, row.state, fields))
    return _group(db, ALERT, items, _count(db, alerts, here))


def _alerted(db: Connection, ids: list[str]) -> Mapping[str, list[tuple[str, str]]]:
    """What became of the alerts of a crisis, by conversation: each way, and the state of its newest alert."""
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    here = and_(alerts.c.kind == CRISIS_ALERT, alerts.c.conversation_id.in_(ids))
    rows = db.execute(select(alerts).where(here).order_by(alerts.c.id)).all() if ids else []
    for (conversation, way), state in {(row.conversation_id, row.way): row.state for row in rows}.items():
        told[conversation].append((way, state))
    return told


def _between(at: Any, since: int, now: int) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return at >= since, at <= now


def _count(db: Connection, table: Any, here: ColumnElement[Any]) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(here)).scalar_one())


def _group(db: Connection, kind: str, items: list[Item], count: int) -> Group:
    """Puts to each item who has it, in one look, and those that are done apart; `count` is of all."""
    known = claimed(db, [(kind, item.subject) for item in items])
    items = [_with_claim(item, known.get((kind, item.subject))) for item in items]
    left, over = ([item for item in items if (item.done_at is not None) == done] for done in (False, True))
    return Group(kind, tuple(left[:MOST]), tuple(over[:MOST]), count - len(over))


def _with_claim(item: Item, row: Row | None) -> Item:
    if row is None:
        return item
    if row.done_at is not None and row.done_at < item.at:
        return replace(item, again=True)
    return replace(item, claimed_by=row.account, done_at=row.done_at)
