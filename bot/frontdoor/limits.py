"""How much one conversation and one address may send; an evaluation with its key is exempt."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import deque

from starlette.requests import Request

from bot.frontdoor.errors import Refusal
from bot.settings import Settings

# A shelter, a clinic or a phone network can put many visitors behind one address.
VISITORS_AT_ONE_ADDRESS = 10
SESSIONS_FOR_ONE_MESSAGE = 3
# What one conversation, or one address, may have texted: strangers' phones are at the other end.
TEXTS, TEXTS_A_DAY = 3, 20
MINUTE, DAY = 60.0, 24 * 3600.0


class Window:
    """Lets each do something so many times in so many seconds, by a clock that nobody can set back."""

    def __init__(self, most: int, seconds: float = MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._times: dict[str, deque[float]] = {}
        self._swept = time.monotonic()

    def wait(self, who: str) -> float:
        """Count once more, and 0; or how many seconds are left until that can be."""
        now = time.monotonic()
        self._sweep(now)
        times = self._times.setdefault(who, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return times[0] + self._seconds - now
        times.append(now)
        return 0.0

    def _sweep(self, now: float) -> None:
        """Forget, once in that time, those who did nothing since."""
        if now - self._swept >= self._seconds:
            self._swept = now
            self._times = {
                who: times for who, times in self._times.items() if times and times[-1] > now - self._seconds
            }


class Limits:
    """Counts in memory, in moving windows of a minute or a day; addresses are forgotten when the window has passed."""

    def __init__(self, settings: Settings) -> None:
        most = settings.messages_per_minute
        self._key = settings.evaluate_key.encode()
        self._talk = Window(most)
        self._address = Window(most * VISITORS_AT_ONE_ADDRESS)
        self._sessions = Window(most * SESSIONS_FOR_ONE_MESSAGE)
        self._texts = (Window(TEXTS), Window(TEXTS_A_DAY, DAY))

    def message(self, request: Request, conversation: str) -> None:
        """Count a message; refuse it when its conversation or its address sent too many."""
        if not self._exempt(request):
            self._hit(self._talk, conversation)
            self._hit(self._address, address_of(request))

    def session(self, request: Request) -> None:
        """Count a new session; refuse it when its address made too many."""
        if not self._exempt(request):
            self._hit(self._sessions, address_of(request))

    def text(self, request: Request, conversation: str) -> None:
        """Count a text that a visitor asks for; refuse it when there were too many."""
        if not self._exempt(request):
            for window in self._texts:
                self._hit(window, conversation)
                self._hit(window, address_of(request))

    def _exempt(self, request: Request) -> bool:
        given = request.headers.get("x-evaluate-key", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self._key)

    def _hit(self, window: Window, who: str) -> None:
        again = window.wait(who)
        if again:
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
