"""Call-backs as staff work on them: what is due first, who has it, how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.clock import now
from bot.store.tables import callbacks, conversations

OUTCOMES = ("reached", "no_answer", "wrong_number", "declined")
AGAIN = "no_answer"
DONE = "done"
# How long somebody may wait where no time was settled yet.
WAIT = {"urgent": 30 * 60 * 1000, "routine": 12 * 3600 * 1000}


@dataclass(frozen=True)
class Call:
    """A request to be called back; the number is not in it. `due_at` is settled, or follows from the urgency."""

    conversation: str
    seq: int
    channel: str
    created_at: int
    due_at: int
    overdue: bool
    name: str | None = field(repr=False)
    best_time: str | None = field(repr=False)
    reason: str | None
    urgency: str
    language: str | None
    state: str
    claimed_by: str | None
    attempts: int
    outcome: str | None
    closed_at: int | None


def waiting(db: Connection, cipher: Cipher, at: int, most: int = 200) -> list[Call]:
    """The open requests, what is due first; urgent ones lead those of the same time."""
    first = (call_due(), case((callbacks.c.urgency == "urgent", 0), else_=1), callbacks.c.created_at)
    query = _calls().where(callbacks.c.state != DONE).order_by(*first).limit(most)
    return [_call(cipher, row, at) for row in db.execute(query)]


def closed(db: Connection, cipher: Cipher, at: int, most: int = 200) -> list[Call]:
    """The closed requests, the newest first."""
    query = _calls().where(callbacks.c.state == DONE).order_by(callbacks.c.closed_at.desc()).limit(most)
    return [_call(cipher, row, at) for row in db.execute(query)]


def claim_call(db: Connection, conversation: str, seq: int, account: str, over: str = "") -> str | None:
    """Who has a request now: the first to claim it, or who takes it `over` from another; None where it is not open."""
    free = or_(callbacks.c.claimed_by.is_(None), callbacks.c.claimed_by == over)
    open_one = and_(_this(conversation, seq), free, callbacks.c.state != DONE)
    db.execute(update(callbacks).where(open_one).values(claimed_by=account, state="claimed"))
    here = and_(_this(conversation, seq), callbacks.c.state != DONE)
    has: str | None = db.execute(select(callbacks.c.claimed_by).where(here)).scalar()
    return has


def settle(db: Connection, conversation: str, seq: int, account: str, outcome: str, again_at: int | None) -> bool:
    """How a call went. Where nobody answered it is due again; otherwise it is closed. False where it cannot be."""
    if outcome not in OUTCOMES or (outcome == AGAIN) != (again_at is not None):
        return False
    mine = or_(callbacks.c.claimed_by.is_(None), callbacks.c.claimed_by == account)
    values: dict[str, Any] = {"outcome": outcome, "attempts": callbacks.c.attempts + 1}
    if outcome == AGAIN:
        values |= {"state": "retry", "due_at": again_at, "claimed_by": None}
    else:
        values |= {"state": DONE, "closed_at": now(), "claimed_by": account}
    here = and_(_this(conversation, seq), callbacks.c.state != DONE, mine)
    return bool(db.execute(update(callbacks).where(here).values(**values)).rowcount)


def call_number(db: Connection, cipher: Cipher, conversation: str, seq: int) -> str | None:
    """The number to call, once the caller wrote down who looks; None without a request, empty where its key is gone."""
    row = db.execute(select(callbacks).where(_this(conversation, seq))).first()
    return None if row is None else _opened(cipher, row, "number") or ""


def _this(conversation: str, seq: int) -> Any:
    return and_(callbacks.c.conversation_id == conversation, callbacks.c.seq == seq)


def call_due() -> Any:
    """When somebody is to be called: the time that was settled, or the one that the urgency leaves (see WAIT)."""
    wait = case((callbacks.c.urgency == "urgent", WAIT["urgent"]), else_=WAIT["routine"])
    return func.coalesce(callbacks.c.due_at, callbacks.c.created_at + wait)


def _calls() -> Any:
    joined = callbacks.join(conversations, conversations.c.id == callbacks.c.conversation_id)
    return select(callbacks, call_due().label("due"), conversations.c.channel).select_from(joined)


def _call(cipher: Cipher, row: Row, at: int) -> Call:
    return Call(
        conversation=row.conversation_id,
        seq=row.seq,
        channel=row.channel,
        created_at=row.created_at,
        due_at=row.due,
        overdue=row.state != DONE and row.due < at,
        name=_opened(cipher, row, "name"),
        best_time=_opened(cipher, row, "best_time"),
        reason=row.reason,
        urgency=row.urgency,
        language=row.language,
        state=row.state,
        claimed_by=row.claimed_by,
        attempts=row.attempts,
        outcome=row.outcome,
        closed_at=row.closed_at,
    )


def _opened(cipher: Cipher, row: Row, column: str) -> str | None:
    sealed = row[f"{column}_encrypted"]
    try:
        about = f"{row.conversation_id}:{row.seq}:callback_{column}"
        return None if sealed is None else cipher.open(sealed, about)
    except CipherError:
        return None
