"""Delete what is older than the policy says, in batches that hold nobody up; what is held, and the audit, stay."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, not_, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql import Select

from bot.store import audit, search
from bot.store.clock import DAY, HOUR, now
from bot.store.erasing import contents, remove
from bot.store.handoffs import KEPT
from bot.store.staff_tables import claims, holds, sign_ins
from bot.store.tables import conversations, entries, handoffs, phones, texts

if TYPE_CHECKING:
    from bot.settings import Settings

MOST = 10_000
WHO = "retention"  # in the audit
BREATH = 0.005  # seconds between two parts of the work, in which others write


def kept_since(settings: Settings, at: int) -> int:
    """What was last written to before this time is deleted; never a conversation whose token still works."""
    return at - max(settings.retention_days * DAY, int(settings.session_hours * HOUR))


def purge(db: Connection, before: int, most: int = MOST) -> int:
    """Delete at most so many conversations without an entry since `before`, and what else has had its time."""
    ids = list(db.execute(_due(before, most)).scalars())
    remove(db, ids)
    if ids:
        silent = f"silent since {datetime.fromtimestamp(before / 1000, timezone.utc):%Y-%m-%d}"
        audit.record(db, WHO, "delete", f"{len(ids)} conversations", silent)
    if len(ids) < most:
        _purge_rest(db, before)
    return len(ids)


def dry_run(db: Connection, before: int) -> dict[str, int]:
    """How many rows of each kind a purge would delete, but for what becomes due by it."""
    ids = list(db.execute(_due(before, None)).scalars())
    found = Counter({"conversations": len(ids), **contents(db, ids)})
    found.update({table.name: _count(db, table, where) for table, where in _expired(before)})
    return dict(found)


def tidy(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, in which a deleted page stays readable; False where somebody is in the way."""
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    try:
        return bool(pooled.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except sqlite3.OperationalError:
        return False
    finally:
        pooled.close()


def sweep(engine: Engine) -> bool:
    """Take deleted words out of SQLite's search index too, a little at a time; False where somebody is in the way."""
    if engine.dialect.name != "sqlite":
        return True
    try:
        first = True
        while _merge(engine, first):
            first = False
            time.sleep(BREATH)
    except OperationalError:
        return False
    return tidy(engine)


def _merge(engine: Engine, first: bool) -> bool:
    with engine.begin() as db:
        return search.sweep(db, first)


def _due(before: int, most: int | None) -> Select:
    """The conversations whose last entry, or whose clearing, is older; a held one is not due."""
    newest = and_(entries.c.conversation_id == conversations.c.id, entries.c.seq == conversations.c.last_seq)
    said = select(entries.c.created_at).where(newest).scalar_subquery()
    last = func.coalesce(conversations.c.cleared_at, said, conversations.c.created_at)
    kept = exists().where(holds.c.conversation_id == conversations.c.id)
    old = and_(conversations.c.created_at < before, last < before, not_(kept))
    return select(conversations.c.id).where(old).order_by(conversations.c.created_at).limit(most)


def _purge_rest(db: Connection, before: int) -> None:
    for table, where in _expired(before):
        db.execute(delete(table).where(where))
    here = exists().where(conversations.c.id == phones.c.conversation_id)
    orphaned = and_(phones.c.conversation_id.is_not(None), not_(here))
    db.execute(update(phones).where(orphaned).values(conversation_id=None))


def _expired(before: int) -> list[tuple[Any, Any]]:
    """What belongs to no conversation and has had its time: texts, links, sign-ins, claims, and numbers nobody needs.

    A number that opted out is kept, or texts would go to it again.
    """
    talks = exists().where(conversations.c.phone_id == phones.c.id)
    texted = exists().where(texts.c.phone_id == phones.c.id, texts.c.created_at >= before)
    silent = func.coalesce(phones.c.heard_at, phones.c.created_at) < before
    return [
        (texts, and_(texts.c.conversation_id.is_(None), texts.c.created_at < before)),
        (handoffs, handoffs.c.expires_at < now() - KEPT),
        (sign_ins, sign_ins.c.created_at < now() - DAY),
        (claims, claims.c.claimed_at < before),
        (phones, and_(phones.c.opted_out_at.is_(None), silent, not_(talks), not_(texted))),
    ]


def _count(db: Connection, table: Any, where: Any) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(where)).scalar_one())
