"""Which conversations stand before and after one in a list, so that staff can go through it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, literal, select, tuple_
from sqlalchemy.engine import Connection

from bot.store.filters import Filters
from bot.store.listing import conditions, cursor, listed
from bot.store.staff_tables import summaries


@dataclass(frozen=True)
class Neighbours:
    """The ids of the newer one and of the older one; empty where there is none."""

    before: str = ""
    after: str = ""


def neighbours(db: Connection, filters: Filters, conversation: str) -> Neighbours:
    """What stands around a conversation in the list that the filters leave."""
    key = (summaries.c.last_at, summaries.c.conversation_id)
    place = db.execute(select(*key).where(summaries.c.conversation_id == conversation)).first()
    if place is None or filters.wrong:
        return Neighbours()
    newer = and_(key[0] >= place[0], tuple_(*key) > tuple_(literal(place[0]), literal(place[1])))
    query = select(key[1]).where(newer, *conditions(filters)).order_by(key[0], key[1]).limit(1)
    older = listed(db, filters, cursor(*place), 1).rows
    return Neighbours(db.execute(query).scalar() or "", older[0].summary.conversation_id if older else "")
