"""Who gave the right password and still owes the second factor; kept in memory, for ten minutes."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from bot.staff.factor import fresh_secret

SECONDS = 600.0


@dataclass(frozen=True)
class Owing:
    """One of them; `secret` is what a second factor is set up with where there is none yet."""

    name: str
    next: str
    secret: str
    until: float


class Halfway:
    """Knows them by a random cookie; an account is halfway once at most."""

    def __init__(self) -> None:
        self._owing: dict[str, Owing] = {}

    def begin(self, name: str, next_path: str) -> str:
        """The cookie of somebody who gave the right password now."""
        now = time.monotonic()
        self._owing = {key: one for key, one in self._owing.items() if one.name != name and one.until > now}
        cookie = secrets.token_urlsafe(32)
        self._owing[cookie] = Owing(name, next_path, fresh_secret(), now + SECONDS)
        return cookie

    def find(self, cookie: str) -> Owing | None:
        """Whose cookie this is, while it works."""
        owing = self._owing.get(cookie)
        return owing if owing and owing.until > time.monotonic() else None

    def end(self, cookie: str) -> None:
        """It works no more."""
        self._owing.pop(cookie, None)
