"""The accounts of staff, and how often somebody failed to sign in to one: functions of one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from bot.store.cipher import Cipher
from bot.store.clock import now
from bot.store.staff_tables import accounts

MOST_FAILURES = 5
LOCKED_MS = 15 * 60 * 1000
ONCE = "once:"  # before the hash of a password that somebody else has seen: its owner has to choose another one
ADMIN = "admin"


class LastAdmin(Exception):
    """Without this account nobody could look after accounts any more."""


class NameTaken(Exception):
    """There is such an account."""


@dataclass(frozen=True)
class Account:
    """What signing in needs to know; `secret` makes the codes of the second factor, None until it is set up."""

    name: str
    role: str
    password_hash: str
    once: bool
    secret: str | None
    closed: bool


def find(db: Connection, cipher: Cipher, name: str) -> Account | None:
    """The account of this name; `closed` while it is locked or disabled."""
    row = db.execute(select(accounts).where(accounts.c.name == name)).first()
    if row is None:
        return None
    sealed = row.totp_encrypted
    return Account(
        name=row.name,
        role=row.role,
        password_hash=row.password_hash.removeprefix(ONCE),
        once=row.password_hash.startswith(ONCE),
        secret=None if sealed is None else cipher.open(sealed, _about(name)),
        closed=row.disabled_at is not None or row.locked_until > now(),
    )


def everyone(db: Connection) -> Sequence[Row]:
    """Every account by name, without its secrets."""
    c = accounts.c
    shown = select(c.name, c.role, c.created_at, c.disabled_at, c.locked_until, c.totp_encrypted.is_(None).label("new"))
    found: Sequence[Row] = db.execute(shown.order_by(c.name)).all()
    return found


def add(db: Connection, name: str, role: str, password_hash: str) -> None:
    """A new account; raise NameTaken when there is one of this name."""
    row = {"name": name, "role": role, "password_hash": password_hash, "created_at": now()}
    try:
        db.execute(insert(accounts).values(**row, totp_used=0, failures=0, locked_until=0))
    except IntegrityError:
        raise NameTaken(name) from None


def fail(db: Connection, name: str) -> None:
    """Count a failure; after five in a row the account is locked for a quarter of an hour."""
    row = db.execute(
        select(accounts.c.failures, accounts.c.locked_until).where(_called(name)).with_for_update()
    ).first()
    if row is None or row.locked_until > now():
        return
    if row.failures + 1 < MOST_FAILURES:
        _change(db, name, failures=row.failures + 1)
    else:
        _change(db, name, failures=0, locked_until=now() + LOCKED_MS)


def succeed(db: Connection, name: str) -> None:
    """Forget the failures: both factors were right."""
    _change(db, name, failures=0)


def set_password(db: Connection, name: str, password_hash: str) -> None:
    """Another password."""
    _change(db, name, password_hash=password_hash)


def set_secret(db: Connection, cipher: Cipher, name: str, secret: str) -> bool:
    """Keep the secret of the second factor, and True; False where there is one already."""
    sealed = cipher.seal(secret, _about(name))
    here = update(accounts).where(_called(name), accounts.c.totp_encrypted.is_(None))
    return bool(db.execute(here.values(totp_encrypted=sealed)).rowcount)


def use_step(db: Connection, name: str, step: int) -> bool:
    """Whether no code of this time step, or of a later one, was used before; from now on it was."""
    fresh = update(accounts).where(_called(name), accounts.c.totp_used < step)
    return bool(db.execute(fresh.values(totp_used=step)).rowcount)


def reset(db: Connection, name: str, password_hash: str) -> None:
    """A new start: a password for the first sign-in, no second factor, no lock."""
    _change(db, name, password_hash=password_hash, totp_encrypted=None, failures=0, locked_until=0)


def set_role(db: Connection, name: str, role: str) -> None:
    """Another role; raise LastAdmin when nobody else is an admin."""
    if role != ADMIN:
        _spare(db, name)
    _change(db, name, role=role)


def disable(db: Connection, name: str) -> None:
    """Let nobody sign in to it; raise LastAdmin when nobody else is an admin."""
    _spare(db, name)
    _change(db, name, disabled_at=now())


def enable(db: Connection, name: str) -> None:
    """Let its owner sign in again."""
    _change(db, name, disabled_at=None, failures=0, locked_until=0)


def _spare(db: Connection, name: str) -> None:
    admins = select(accounts.c.name).where(accounts.c.role == ADMIN, accounts.c.disabled_at.is_(None))
    if db.execute(admins.with_for_update()).scalars().all() == [name]:
        raise LastAdmin(name)


def _called(name: str) -> object:
    return accounts.c.name == name


def _change(db: Connection, name: str, **values: object) -> None:
    if not db.execute(update(accounts).where(_called(name)).values(**values)).rowcount:
        raise LookupError(name)


def _about(name: str) -> str:
    return f"{name}:totp"
