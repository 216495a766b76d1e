"""Who looked at what, and why, in a chain of hashes: a row that was changed, taken out or put in is found."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from bot.store.clock import now
from bot.store.staff_tables import audit

START = "0" * 64
MOST_ROWS = 2**31 - 1
AT_ONCE = 1000  # rows in memory
LONGEST = 128  # letters of a subject, which somebody may have made up


def record(db: Connection, who: str, action: str, subject: str, reason: str = "") -> None:
    """Write down a look, in the transaction of what was looked at."""
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1).with_for_update()
    row = {"at": now(), "who": who, "action": action, "subject": subject[:LONGEST], "reason": reason}
    before = db.execute(newest).scalar() or START
    db.execute(insert(audit).values(**row, hash=_hash(before, row)))


def broken(db: Connection) -> int | None:
    """The id of the first row that does not follow from the one before; None where all do.

    Rows cut off at the end leave no trace in the rest: keep the newest hash somewhere else to see that.
    """
    before = START
    for row in db.execute(select(audit).order_by(audit.c.id).execution_options(yield_per=AT_ONCE)):
        if row.hash != _hash(before, _kept(row)):
            return int(row.id)
        before = row.hash
    return None


def anchor(db: Connection) -> str:
    """The newest row, as `id:hash`: kept somewhere else, it shows later whether rows were cut off at the end."""
    row = db.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    return f"{row.id}:{row.hash}" if row else f"0:{START}"


def holds_anchor(db: Connection, kept: str) -> bool:
    """Whether the row of an anchor is still there as it was."""
    number, _, kept_hash = kept.partition(":")
    if not number.isdecimal() or int(number) > MOST_ROWS:
        return False
    found = db.execute(select(audit.c.hash).where(audit.c.id == int(number))).scalar()
    return (found or (START if number == "0" else None)) == kept_hash


def _kept(row: Row) -> dict[str, object]:
    return {name: row._mapping[name] for name in ("at", "who", "action", "subject", "reason")}


def _hash(before: str, row: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps([before, row], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
