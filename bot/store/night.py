"""What happened while nobody looked, the gravest first, and who of staff takes care of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, tuple_, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from bot.store.outbox import UNSENT
from bot.store.staff_tables import claims, facets, summaries
from bot.store.tables import callbacks, texts
from helpline.safety.concerns import LEVELS

MOST = 20
ALARM, CALLBACK, UNSURE, UNKNOWN, TEXT = KINDS = ("alarm", "callback", "unsure", "unknown", "text")
LOW = 5  # tenths: below this an answer may have been to another question
CRISIS = LEVELS.index("crisis")


@dataclass(frozen=True)
class Item:
    """One thing to look at. `why` names a sentence of the page, whose blanks are `fields`."""

    kind: str
    subject: str
    conversation: str | None
    at: int
    why: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    claimed_by: str | None = None
    done_at: int | None = None


@dataclass(frozen=True)
class Group:
    """The things of one kind: the first ones, and how many there are."""

    kind: str
    items: tuple[Item, ...]
    count: int


@dataclass(frozen=True)
class Night:
    """Everything since a time, in groups of which each is graver than the next."""

    groups: tuple[Group, ...]


def night(db: Connection, since: int, now: int) -> Night:
    """What happened between two times, and the call-backs that are due by the second one."""
    between = (_alarms(db, since, now), _callbacks(db, now), _unsure(db, since, now))
    return Night(tuple(map(_claimed(db), (*between, _unknown(db, since, now), _texts(db, since, now)))))


def claim(db: Connection, kind: str, subject: str, account: str, now: int) -> str:
    """Take something on; who has it, which is whoever came first."""
    here = and_(claims.c.kind == kind, claims.c.subject == subject)
    owner: str | None = db.execute(select(claims.c.account).where(here)).scalar()
    if owner is not None:
        return owner
    try:
        with db.begin_nested():
            row = {"kind": kind, "subject": subject, "account": account, "claimed_at": now}
            db.execute(insert(claims).values(**row))
    except IntegrityError:  # another process was quicker
        return str(db.execute(select(claims.c.account).where(here)).scalar_one())
    return account


def done(db: Connection, kind: str, subject: str, account: str, now: int) -> None:
    """Note that something is done, by whoever has it; it is done once."""
    owner = claim(db, kind, subject, account, now)
    here = and_(claims.c.kind == kind, claims.c.subject == subject, claims.c.done_at.is_(None))
    if owner == account:
        db.execute(update(claims).where(here).values(done_at=now))


def _alarms(db: Connection, since: int, now: int) -> Group:
    here = and_(summaries.c.urgency >= CRISIS, *_between(summaries.c.last_at, since, now))
    query = select(summaries).where(here).order_by(summaries.c.urgency.desc(), summaries.c.last_at.desc())
    items = [
        Item(ALARM, row.conversation_id, row.conversation_id, row.last_at, "concern", {"concern": row.concern})
        for row in db.execute(query.limit(MOST))
    ]
    return Group(ALARM, tuple(items), _count(db, summaries, here))


def _callbacks(db: Connection, now: int) -> Group:
    """Requests that somebody should have called back for by now, the urgent ones first."""
    due = or_(callbacks.c.due_at.is_(None), callbacks.c.due_at <= now)
    here = and_(callbacks.c.state.in_(("new", "claimed", "retry")), due)
    order = (callbacks.c.urgency.desc(), func.coalesce(callbacks.c.due_at, callbacks.c.created_at))
    items = []
    for row in db.execute(select(callbacks).where(here).order_by(*order).limit(MOST)):
        fields = {"urgency": row.urgency, "reason": row.reason, "due_at": row.due_at, "attempts": row.attempts}
        subject = f"{row.conversation_id}:{row.seq}"
        items.append(Item(CALLBACK, subject, row.conversation_id, row.created_at, row.urgency, fields, row.claimed_by))
    return Group(CALLBACK, tuple(items), _count(db, callbacks, here))


def _unsure(db: Connection, since: int, now: int) -> Group:
    """Talks with something that was not understood, not answered, or understood with little confidence."""
    missed = or_(summaries.c.fallback.is_(True), summaries.c.tenth < LOW)
    here = and_(missed, *_between(summaries.c.last_at, since, now))
    items = []
    for row in db.execute(select(summaries).where(here).order_by(summaries.c.last_at.desc()).limit(MOST)):
        why = "fallback" if row.fallback else "confidence"
        fields = {"confidence": row.confidence}
        items.append(Item(UNSURE, row.conversation_id, row.conversation_id, row.last_at, why, fields))
    return Group(UNSURE, tuple(items), _count(db, summaries, here))


def _unknown(db: Connection, since: int, now: int) -> Group:
    """Names of drugs that we do not know: each once, with how many asked and the newest who did."""
    here = and_(facets.c.kind == UNKNOWN, *_between(facets.c.at, since, now))
    at, asked = func.max(facets.c.at).label("newest"), func.count().label("asked")
    query = select(facets.c.value, at, asked, func.max(facets.c.conversation_id).label("one")).where(here)
    rows = db.execute(query.group_by(facets.c.value).order_by(asked.desc(), at.desc())).all()
    items = [
        Item(UNKNOWN, row.value, row.one, row.newest, "unknown", {"name": row.value, "asked": row.asked})
        for row in rows[:MOST]
    ]
    return Group(UNKNOWN, tuple(items), len(rows))


def _texts(db: Connection, since: int, now: int) -> Group:
    """Texts that did not arrive; see Outbox.unsent."""
    here = and_(texts.c.state.in_(UNSENT), *_between(texts.c.changed_at, since, now))
    columns = (texts.c.id, texts.c.conversation_id, texts.c.changed_at, texts.c.state, texts.c.kind, texts.c.reason)
    items = []
    for row in db.execute(select(*columns).where(here).order_by(texts.c.id.desc()).limit(MOST)):
        fields = {"kind": row.kind, "reason": row.reason}
        items.append(Item(TEXT, str(row.id), row.conversation_id, row.changed_at, row.state, fields))
    return Group(TEXT, tuple(items), _count(db, texts, here))


def _between(at: Any, since: int, now: int) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return at >= since, at <= now


def _count(db: Connection, table: Any, here: ColumnElement[Any]) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(here)).scalar_one())


def _claimed(db: Connection) -> Any:
    """Puts into each group who has what, in one look a group."""

    def fill(group: Group) -> Group:
        known = _claims(db, group.items)
        nobody = (None, None)
        items = []
        for item in group.items:
            owner, done_at = known.get((item.kind, item.subject), nobody)
            items.append(Item(**{**vars(item), "claimed_by": owner or item.claimed_by, "done_at": done_at}))
        return Group(group.kind, tuple(items), group.count)

    return fill


def _claims(db: Connection, items: Iterable[Item]) -> dict[tuple[str, str], tuple[str, int | None]]:
    subjects = [(item.kind, item.subject) for item in items]
    if not subjects:
        return {}
    rows = db.execute(select(claims).where(tuple_(claims.c.kind, claims.c.subject).in_(subjects)))
    return {(row.kind, row.subject): (row.account, row.done_at) for row in rows}
