"""Work of the night that one of staff takes on: it has one owner, who says when it is done."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, insert, select, tuple_, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from bot.store.staff_tables import claims

Subject = tuple[str, str]  # what kind of thing, and which


def claim(
    db: Connection, kind: str, subject: str, account: str, now: int, *, newest: int = 0, over: str | None = None
) -> str:
    """Take something on; who has it, which is whoever came first.

    Something that was done is taken anew where more happened since, `newest` being when (milliseconds); something that
    another has is taken `over` from them by name.
    """
    row = _find(db, kind, subject)
    if row is None:
        return _first(db, kind, subject, account, now)
    again = row.done_at is not None and row.done_at < newest
    if not again and (row.done_at is not None or row.account != over):
        return str(row.account)
    as_seen = and_(_this(kind, subject), claims.c.account == row.account, claims.c.claimed_at == row.claimed_at)
    db.execute(update(claims).where(as_seen).values(account=account, claimed_at=now, done_at=None))
    return _owner(db, kind, subject)


def done(db: Connection, kind: str, subject: str, account: str, now: int) -> bool:
    """Note that something is done, by whoever has it, once; False where another has it, or it is done."""
    if claim(db, kind, subject, account, now) != account:
        return False
    here = and_(_this(kind, subject), claims.c.account == account, claims.c.done_at.is_(None))
    return bool(db.execute(update(claims).where(here).values(done_at=now)).rowcount)


def claimed(db: Connection, subjects: Iterable[Subject]) -> dict[Subject, Row]:
    """The claims on several things."""
    asked = list(subjects)
    if not asked:
        return {}
    rows = db.execute(select(claims).where(tuple_(claims.c.kind, claims.c.subject).in_(asked)))
    return {(row.kind, row.subject): row for row in rows}


def _first(db: Connection, kind: str, subject: str, account: str, now: int) -> str:
    try:
        with db.begin_nested():
            row = {"kind": kind, "subject": subject, "account": account, "claimed_at": now}
            db.execute(insert(claims).values(**row))
    except IntegrityError:  # another process was quicker
        return _owner(db, kind, subject)
    return account


def _owner(db: Connection, kind: str, subject: str) -> str:
    return str(db.execute(select(claims.c.account).where(_this(kind, subject))).scalar_one())


def _find(db: Connection, kind: str, subject: str) -> Row | None:
    return db.execute(select(claims).where(_this(kind, subject))).first()


def _this(kind: str, subject: str) -> ColumnElement[bool]:
    return and_(claims.c.kind == kind, claims.c.subject == subject)
