"""Passwords: argon2id with the defaults of its library, never more than two at work at once."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 200
AT_ONCE = 2  # each takes 64 MB for a moment
HASHER = PasswordHasher()
NOBODYS = HASHER.hash(secrets.token_urlsafe(32))
_room = asyncio.Semaphore(AT_ONCE)


def good(password: str, name: str) -> bool:
    """Whether somebody may choose this password."""
    return LEAST <= len(password) <= MOST and name not in password.lower()


def generated() -> str:
    """A password that nobody guesses and that can be read out."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


async def hashed(password: str) -> str:
    """What the database keeps of a password."""
    async with _room:
        return await asyncio.to_thread(HASHER.hash, password)


async def right(password: str, kept: str | None) -> bool:
    """Whether this is the password; without one that is kept the answer is no, and takes as long."""
    async with _room:
        fits = await asyncio.to_thread(_fits, password[: MOST + 1], kept or NOBODYS)
    return fits and kept is not None


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(kept)


def _fits(password: str, kept: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
