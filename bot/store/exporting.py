"""What an export holds: conversations in their redacted copy, a few at a time, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.engine import Connection, Row

from bot.store.filters import Filters
from bot.store.listing import listed
from bot.store.staff_tables import summaries
from bot.store.tables import conversations, entries, turns

MOST = 20_000  # conversations in one export
PAGE = 500
Talk = dict[str, Any]


def chosen(db: Connection, filters: Filters, most: int = MOST) -> list[str]:
    """The conversations that a filter leaves, in the order of the list; one more than `most` where there are more."""
    ids: list[str] = []
    after = ""
    while len(ids) <= most:
        page = listed(db, filters, after, PAGE)
        ids += [row.summary.conversation_id for row in page.rows]
        after = page.next
        if not after:
            break
    return ids[: most + 1]


def known(db: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the conversations that are there and not cleared, in their order."""
    here = and_(conversations.c.id.in_(list(ids)), conversations.c.cleared_at.is_(None))
    found = set(db.execute(select(conversations.c.id).where(here)).scalars())
    return [each for each in ids if each in found]


def talks(db: Connection, ids: Sequence[str]) -> list[Talk]:
    """Conversations with all that was said in them, redacted; one that was deleted meanwhile is left out."""
    columns = (summaries.c.concern, summaries.c.severity, summaries.c.review)
    joined = conversations.outerjoin(summaries, summaries.c.conversation_id == conversations.c.id)
    query = select(conversations.c.id, conversations.c.channel, conversations.c.language, *columns).select_from(joined)
    heads = {row.id: dict(row._mapping) for row in db.execute(query.where(conversations.c.id.in_(list(ids))))}
    said: dict[str, list[Talk]] = {name: [] for name in heads}
    for row in _said(db, list(heads)):
        said[row.conversation_id].append(_message(row))
    return [{**heads[name], "messages": said[name]} for name in ids if name in heads]


def _said(db: Connection, ids: Sequence[str]) -> list[Row]:
    same = and_(turns.c.conversation_id == entries.c.conversation_id, turns.c.seq == entries.c.seq)
    said = (entries.c.conversation_id, entries.c.seq, entries.c.role, entries.c.created_at, entries.c.text_redacted)
    query = select(*said, turns.c.intent, turns.c.outcome).select_from(entries.outerjoin(turns, same))
    here = and_(entries.c.conversation_id.in_(ids), entries.c.kind == "message")
    return list(db.execute(query.where(here).order_by(entries.c.conversation_id, entries.c.seq)))


def _message(row: Row) -> Talk:
    names = ("seq", "created_at", "role", "text_redacted", "intent", "outcome")
    return {name: row._mapping[name] for name in names}
