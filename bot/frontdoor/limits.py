"""How much one conversation and one address may send; an evaluation with its key is exempt."""

from __future__ import annotations

import hmac
import ipaddress
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from bot.frontdoor.errors import Refusal
from bot.settings import Settings

# A shelter, a clinic or a phone network can put many visitors behind one address.
VISITORS_AT_ONE_ADDRESS = 10
SESSIONS_FOR_ONE_MESSAGE = 3


class Limits:
    """Counts in memory, in moving windows of a minute; addresses are forgotten when the window has passed."""

    def __init__(self, settings: Settings) -> None:
        most = settings.messages_per_minute
        self._key = settings.evaluate_key.encode()
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._talk = RateLimitItemPerMinute(most, namespace="conversation")
        self._address = RateLimitItemPerMinute(most * VISITORS_AT_ONE_ADDRESS, namespace="address")
        self._sessions = RateLimitItemPerMinute(most * SESSIONS_FOR_ONE_MESSAGE, namespace="sessions")

    def message(self, request: Request, conversation: str) -> None:
        """Count a message; refuse it when its conversation or its address sent too many."""
        if not self._exempt(request):
            self._hit(self._talk, conversation)
            self._hit(self._address, address_of(request))

    def session(self, request: Request) -> None:
        """Count a new session; refuse it when its address made too many."""
        if not self._exempt(request):
            self._hit(self._sessions, address_of(request))

    def _exempt(self, request: Request) -> bool:
        given = request.headers.get("x-evaluate-key", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self._key)

    def _hit(self, limit: RateLimitItemPerMinute, who: str) -> None:
        if self._windows.hit(limit, who):
            return
        again = self._windows.get_window_stats(limit, who).reset_time - time.time()
        raise Refusal(429, "too_many", {"Retry-After": str(max(1, round(again)))})


def address_of(request: Request) -> str:
    """The client's address; of an IPv6 one the network, because a client picks the rest as it likes."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
