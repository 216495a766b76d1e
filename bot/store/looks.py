"""Read who looked at what, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.store.staff_tables import audit


@dataclass(frozen=True)
class Looks:
    """One page of them; `next` is where the page after it begins, None on the last one."""

    rows: Sequence[Row]
    next: int | None


def looks(db: Connection, before: int | None = None, most: int = 100, who: str = "", subject: str = "") -> Looks:
    """The looks before one of them, of one person or at what begins so, as a conversation's messages do."""
    wanted = select(audit).order_by(audit.c.id.desc()).limit(most + 1)
    if who:
        wanted = wanted.where(audit.c.who == who)
    if subject:
        wanted = wanted.where(audit.c.subject.startswith(subject, autoescape=True))
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    rows = db.execute(wanted).all()
    return Looks(rows[:most], rows[most - 1].id if len(rows) > most else None)
