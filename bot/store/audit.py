"""Who looked at what, and why, in a chain of hashes: a row that was changed, taken out or put in is found."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from bot.store.clock import now
from bot.store.staff_tables import audit

START = "0" * 64


def record(db: Connection, who: str, action: str, subject: str, reason: str = "") -> None:
    """Write down a look, in the transaction of what was looked at."""
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1).with_for_update()
    row = {"at": now(), "who": who, "action": action, "subject": subject, "reason": reason}
    before = db.execute(newest).scalar() or START
    db.execute(insert(audit).values(**row, hash=_hash(before, row)))


def broken(db: Connection) -> int | None:
    """The id of the first row that does not follow from the one before; None where all do.

    Rows cut off at the end leave no trace in the rest: keep the newest hash somewhere else to see that.
    """
    before = START
    for row in db.execute(select(audit).order_by(audit.c.id)):
        if row.hash != _hash(before, _kept(row)):
            return int(row.id)
        before = row.hash
    return None


def _kept(row: Row) -> dict[str, object]:
    return {name: row._mapping[name] for name in ("at", "who", "action", "subject", "reason")}


def _hash(before: str, row: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps([before, row], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
