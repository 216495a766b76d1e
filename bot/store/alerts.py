"""Alerts for staff, queued in the transaction of what they are about: a kind, a time and a conversation, no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.store.clock import now
from bot.store.staff_tables import alerts
from bot.store.summaries import concerns

CRISIS, CALLBACK = "crisis", "callback"
GRAVE = ("crisis", "emergency")
QUIET = 10 * 60 * 1000  # milliseconds after an alert in which nothing more of its kind goes out for a conversation
SOON = 5 * 60 * 1000  # milliseconds in which an alert should be out
LEASE = 60 * 1000  # after which an alert that was in hand when the front door was killed is due again


@dataclass(frozen=True)
class Alert:
    """An alert that was claimed to be sent; `attempts` counts this one, `created_at` is milliseconds."""

    id: int
    kind: str
    way: str
    conversation: str
    created_at: int
    attempts: int


class Alerts:
    """Queues alerts, one for each of the `ways` in which staff want them."""

    def __init__(self, ways: Sequence[str]) -> None:
        self._ways = ways

    def heard(self, db: Connection, conversation: str, concern: str) -> None:
        """A concern was heard in a conversation; a crisis or an emergency is alerted."""
        known = concerns().get(concern)
        if known is not None and known.level in GRAVE:
            self.queue(db, conversation, CRISIS)

    def queue(self, db: Connection, conversation: str, kind: str) -> None:
        """Queue an alert, unless one of its kind is just out for this conversation."""
        for way in self._ways:
            same = and_(alerts.c.conversation_id == conversation, alerts.c.kind == kind, alerts.c.way == way)
            if db.execute(select(alerts.c.id).where(same, alerts.c.created_at > now() - QUIET)).first() is None:
                db.execute(insert(alerts).values(**_fresh(conversation, kind, way)))


def claim(db: Connection, most: int) -> list[Alert]:
    """At most so many alerts that are due, noted as being in hand."""
    due = and_(alerts.c.state == "queued", alerts.c.due_at <= now())
    query = select(alerts).where(due).order_by(alerts.c.due_at).limit(most).with_for_update(skip_locked=True)
    claimed = db.execute(query).all()
    for row in claimed:
        _change(db, row.id, due_at=now() + LEASE, attempts=row.attempts + 1)
    return [Alert(row.id, row.kind, row.way, row.conversation_id, row.created_at, row.attempts + 1) for row in claimed]


def sent(db: Connection, alert_id: int) -> None:
    """It is out."""
    _change(db, alert_id, state="sent", reason=None)


def later(db: Connection, alert_id: int, seconds: float, reason: str) -> None:
    """It is due again after so many seconds."""
    _change(db, alert_id, due_at=now() + int(seconds * 1000), reason=reason[:64])


def failed(db: Connection, alert_id: int, reason: str) -> None:
    """It will not go out; the console shows it."""
    _change(db, alert_id, state="failed", reason=reason[:64])


def stuck(at: int) -> ColumnElement[bool]:
    """What says of an alert that it did not go out, and should have by now."""
    waits = and_(alerts.c.state == "queued", alerts.c.created_at < at - SOON)
    return or_(alerts.c.state == "failed", waits)


def recent(db: Connection, most: int = 50) -> list[Row]:
    """The newest alerts, whatever became of them."""
    return list(db.execute(select(alerts).order_by(alerts.c.id.desc()).limit(most)))


def _fresh(conversation: str, kind: str, way: str) -> dict[str, Any]:
    at = now()
    once = f"{conversation}:{kind}:{way}:{at}"
    what = {"once": once, "conversation_id": conversation, "kind": kind, "way": way}
    return {**what, "created_at": at, "state": "queued", "due_at": at, "attempts": 0}


def _change(db: Connection, alert_id: int, **values: Any) -> None:
    db.execute(update(alerts).where(alerts.c.id == alert_id).values(**values))
