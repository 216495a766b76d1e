"""Saved views: filters that one of staff comes back to, under a name; and when they looked last."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.store.staff_tables import audit, views

MOST = 50
LONGEST_NAME = 64


@dataclass(frozen=True)
class View:
    """A saved view: its name, and the filters as they stand in an address."""

    name: str
    query: str


def views_of(db: Connection, account: str) -> tuple[View, ...]:
    """The views of one of staff, by name."""
    rows = db.execute(select(views).where(views.c.account == account).order_by(views.c.name).limit(MOST))
    return tuple(View(row.name, row.query) for row in rows)


def save_view(db: Connection, account: str, name: str, query: str) -> None:
    """Keep a view; one of the same name is replaced."""
    delete_view(db, account, name)
    db.execute(insert(views).values(account=account, name=name[:LONGEST_NAME], query=query))


def delete_view(db: Connection, account: str, name: str) -> None:
    """Forget a view."""
    db.execute(delete(views).where(and_(views.c.account == account, views.c.name == name[:LONGEST_NAME])))


def last_look(db: Connection, who: str, action: str, before: int) -> int | None:
    """When somebody last did something, before a time; None where they never did."""
    here = and_(audit.c.who == who, audit.c.action == action, audit.c.at < before)
    at: int | None = db.execute(select(func.max(audit.c.at)).where(here)).scalar()
    return at
