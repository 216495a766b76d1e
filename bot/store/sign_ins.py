"""Who is signed in: the database knows a hash of each cookie, so that a copy of it signs nobody in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection

from bot.store.clock import now
from bot.store.staff_tables import accounts, sign_ins

MINUTE_MS = 60 * 1000
IDLE_MS = 15 * MINUTE_MS
LONGEST_MS = 8 * 60 * MINUTE_MS
NOTED_MS = MINUTE_MS // 2


@dataclass(frozen=True)
class SignedIn:
    """One sign-in of one account; `stale` when it should be noted that it is in use."""

    name: str
    role: str
    csrf: str
    stale: bool


def begin(db: Connection, name: str) -> str:
    """Sign in, and the cookie: 256 random bits; forget the sign-ins that are over."""
    over = or_(sign_ins.c.seen_at <= now() - IDLE_MS, sign_ins.c.created_at <= now() - LONGEST_MS)
    db.execute(delete(sign_ins).where(over))
    cookie, csrf, at = secrets.token_urlsafe(32), secrets.token_urlsafe(32), now()
    row = {"id": _key(cookie), "account": name, "csrf": csrf, "created_at": at, "seen_at": at}
    db.execute(insert(sign_ins).values(**row))
    return cookie


def find(db: Connection, cookie: str) -> SignedIn | None:
    """Whose cookie this is; None when it is idle too long, too old, signed out or its account is disabled."""
    at, c = now(), sign_ins.c
    found = select(c.account, c.csrf, c.seen_at, accounts.c.role).join(accounts, accounts.c.name == c.account)
    lives = found.where(c.seen_at > at - IDLE_MS, c.created_at > at - LONGEST_MS, accounts.c.disabled_at.is_(None))
    row = db.execute(lives.where(c.id == _key(cookie))).first()
    return None if row is None else SignedIn(row.account, row.role, row.csrf, row.seen_at <= at - NOTED_MS)


def note(db: Connection, cookie: str) -> None:
    """Note that a sign-in is in use."""
    db.execute(update(sign_ins).where(sign_ins.c.id == _key(cookie)).values(seen_at=now()))


def end(db: Connection, cookie: str) -> None:
    """Sign out."""
    db.execute(delete(sign_ins).where(sign_ins.c.id == _key(cookie)))


def end_all(db: Connection, name: str, but: str = "") -> None:
    """Sign an account out everywhere, or everywhere but here."""
    db.execute(delete(sign_ins).where(sign_ins.c.account == name, sign_ins.c.id != _key(but)))


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
