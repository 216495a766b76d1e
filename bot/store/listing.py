"""The list of conversations: any filter, the newest first, one page at a time, quick however many there are."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, false, func, literal, select, tuple_, union_all
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement, Select

from bot.store.filters import NO, NOBODY, YES, Filters
from bot.store.staff_tables import facets, summaries
from bot.store.tables import entries, turns
from helpline.knowledge.severity import RANK

__all__ = ["Filters", "Listed", "ListedRow", "cursor", "listed"]
ID = re.compile(r"[0-9a-f]{64}")
LAST = 2**63 - 1
VALUES = 8  # each of which an index is asked for; more are so common that the newest hold enough
FEW = 1000  # conversations that can be looked at one by one
TEXT = 300  # letters of a first message
Place = tuple[int, str]
BEGINNING: Place = (LAST, "g")  # after every id


@dataclass(frozen=True)
class Listed:
    """One page: its rows, and the cursor after which the next one begins; empty where there is none."""

    rows: list[ListedRow]
    next: str


@dataclass(frozen=True)
class ListedRow:
    """A conversation in a list: its summary (see staff_tables.summaries), its tags and its first message, redacted."""

    summary: Row
    tags: tuple[str, ...]
    first: str


def listed(db: Connection, filters: Filters, after: str = "", most: int = 50) -> Listed:
    """The conversations that a filter leaves, the one that somebody wrote in last first."""
    place = read_cursor(after)
    if filters.wrong or place is None:
        return Listed([], "")
    places = db.execute(_places(db, filters, place, most + 1)).all()
    more = len(places) > most
    rows = _rows(db, [row.conversation_id for row in places[:most]])
    return Listed(rows, cursor(places[most - 1].last_at, places[most - 1].conversation_id) if more else "")


def cursor(number: int, conversation: str) -> str:
    """A place in a list, as an address says it."""
    return base64.urlsafe_b64encode(f"{number}.{conversation}".encode()).decode().rstrip("=")


def read_cursor(after: str) -> Place | None:
    """The place that a cursor says, the very beginning where it is empty; None where it is none of ours."""
    if not after:
        return BEGINNING
    try:
        number, _, conversation = base64.b64decode(after + "=" * (-len(after) % 4), b"-_", True).decode().partition(".")
        place = int(number), conversation
    except (binascii.Error, ValueError):
        return None
    return place if 0 <= place[0] <= LAST and ID.fullmatch(conversation) else None


def conditions(filters: Filters, *, apart: Collection[str] = ()) -> list[ColumnElement[Any]]:
    """What a filter asks of a summary, but for the fields `apart`."""
    table, asked = summaries.c, []
    for name in ("channel", "language", "concern", "review"):
        if getattr(filters, name):
            asked.append(table[name] == getattr(filters, name))
    for name in ("fallback", "escalated"):
        if getattr(filters, name) in (YES, NO):
            asked.append(table[name] == literal(getattr(filters, name) == YES))
    if filters.severity:
        asked.append(table.graveness == RANK[filters.severity] + 1)
    if filters.assignee:
        asked.append(table.assignee.is_(None) if filters.assignee == NOBODY else table.assignee == filters.assignee)
    for name, values in _ranges(filters).items():
        if name not in apart:
            # Nothing but a sum: an index on so many values would have to be sorted.
            asked.append((table[name] + 0).in_(values))
    for kind, value in filters.facets():
        if kind not in apart:
            other = facets.alias()
            same = and_(other.c.conversation_id == table.conversation_id, other.c.kind == kind)
            asked.append(exists().where(same, other.c.value == value))
    return asked + between(filters, summaries)


def few(db: Connection, asked: Sequence[Filters]) -> list[str] | None:
    """The conversations that the first of several filters leaves which leaves few: the others need no look."""
    for filters in asked:
        found = db.execute(_ordered_by(filters, BEGINNING, FEW + 1)).all()
        if len(found) <= FEW:
            return [row.conversation_id for row in found]
    return None


def between(filters: Filters, table: Any) -> list[ColumnElement[Any]]:
    """What a filter asks of the time at which somebody wrote last, as summaries and facets have it."""
    (since, until), at = filters.times(), table.c.last_at
    return [*([at >= since] if since is not None else []), *([at < until] if until is not None else [])]


def _ranges(filters: Filters) -> dict[str, list[int]]:
    """The columns of which several values are asked for."""
    asked = {"hour": filters.hours(), "tenth": filters.tenths(), "urgency": filters.levels()}
    return {name: values for name, values in asked.items() if values}


def _places(db: Connection, filters: Filters, place: Place, most: int) -> Any:
    """Where to find one page: among few, or in the order of an index."""
    names = few(db, filters.each()) if len(filters.each()) > 1 else None
    if names is None:
        return _ordered_by(filters, place, most)
    query = select(*_key(summaries)).where(_among(summaries, names), *conditions(filters))
    return _ordered(query, summaries, place, most)


def _ordered_by(filters: Filters, place: Place, most: int) -> Any:
    """An index gives the page in order, or one for each of several values does."""
    wanted = filters.facets()
    if wanted:
        return _by_facet(filters, wanted[0], place, most)
    ranges = {name: values for name, values in _ranges(filters).items() if len(values) <= VALUES}
    if not ranges:
        return _ordered(select(*_key(summaries)).where(*conditions(filters)), summaries, place, most)
    name, values = next(iter(ranges.items()))
    rest = conditions(filters, apart=(name,))
    parts = [
        _ordered(select(*_key(summaries)).where(summaries.c[name] == value, *rest), summaries, place, most)
        for value in values
    ]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return _ordered(select(*_key(merged)), merged, place, most)


def _by_facet(filters: Filters, wanted: tuple[str, str], place: Place, most: int) -> Any:
    kind, value = wanted
    query = select(*_key(facets)).where(facets.c.kind == kind, facets.c.value == value, *between(filters, facets))
    rest = conditions(filters, apart=(kind,))
    if rest:
        query = query.join(summaries, summaries.c.conversation_id == facets.c.conversation_id).where(*rest)
    return _ordered(query, facets, place, most)


def _key(table: Any) -> tuple[Any, Any]:
    return table.c.last_at, table.c.conversation_id


def _ordered(query: Select, table: Any, place: Place, most: int) -> Any:
    """What comes after a place, in order. The plain bound is what an index begins at."""
    at, conversation = _key(table)
    after = and_(at <= place[0], tuple_(at, conversation) < tuple_(literal(place[0]), literal(place[1])))
    return query.where(after).order_by(at.desc(), conversation.desc()).limit(most)


def _rows(db: Connection, ids: list[str]) -> list[ListedRow]:
    """The rows of a page, in its order: one look for each kind of thing in them, not one for each row."""
    found = {row.conversation_id: row for row in db.execute(select(summaries).where(_among(summaries, ids)))}
    tags, said = _tags(db, ids), first_messages(db, ids)
    return [ListedRow(found[each], tags.get(each, ()), said.get(each, "")) for each in ids if each in found]


def _among(table: Any, ids: Collection[str]) -> ColumnElement[Any]:
    return table.c.conversation_id.in_(list(ids)) if ids else false()


def _tags(db: Connection, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    tagged: dict[str, tuple[str, ...]] = {}
    query = select(facets.c.conversation_id, facets.c.value).where(facets.c.kind == "tag", _among(facets, ids))
    for row in db.execute(query.order_by(facets.c.value)):
        tagged[row.conversation_id] = (*tagged.get(row.conversation_id, ()), row.value)
    return tagged


def first_messages(db: Connection, ids: Collection[str], fits: ColumnElement[bool] | None = None) -> dict[str, str]:
    """The first thing that each visitor wrote, or the first whose turn fits; redacted and cut."""
    first = select(entries.c.conversation_id, func.min(entries.c.seq).label("seq"))
    if fits is not None:
        same = and_(turns.c.conversation_id == entries.c.conversation_id, turns.c.seq == entries.c.seq)
        first = first.join(turns, same).where(fits)
    first = first.where(_among(entries, ids), entries.c.role == "user").group_by(entries.c.conversation_id).subquery()
    same = and_(entries.c.conversation_id == first.c.conversation_id, entries.c.seq == first.c.seq)
    query = select(entries.c.conversation_id, entries.c.text_redacted).select_from(entries.join(first, same))
    return {row.conversation_id: (row.text_redacted or "")[:TEXT] for row in db.execute(query)}
