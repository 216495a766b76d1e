"""How sending goes, in one sentence for operators."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable

from bot.sms.provider import BUSY, UNREACHABLE, Refused, Uncertain
from bot.store.records import Text

WAIT_SECONDS = 120.0  # from which on operators hear of a text that waits
FORGOTTEN_SECONDS = 60.0  # a text that was due so long ago and was not claimed is no longer open
log = logging.getLogger(__name__)


class Outlook:
    """What the provider last said, and since when the oldest text waits."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._provider: str | None = None
        self._waiting: dict[int, tuple[float, float]] = {}

    @property
    def trouble(self) -> str | None:
        """What is wrong, or None."""
        now = self._clock()
        since = [created for created, due in self._waiting.values() if due > now - FORGOTTEN_SECONDS]
        seconds = now - min(since, default=now)
        waits = f"texts wait since {seconds / 60:.0f} minutes" if seconds >= WAIT_SECONDS else None
        return "; ".join(filter(None, (self._provider, waits))) or None

    @property
    def open(self) -> bool:
        """Whether texts wait, as far as is known."""
        return bool(self._waiting)

    def claimed(self, text: Text) -> None:
        """A text is being sent."""
        self._waiting[text.id] = (text.created_at / 1000, math.inf)

    def later(self, text: Text, seconds: float) -> None:
        """A text is due again after so many seconds."""
        now = self._clock()
        self._waiting[text.id] = (text.created_at / 1000, now + seconds)
        self._waiting = {id: times for id, times in self._waiting.items() if times[1] > now - FORGOTTEN_SECONDS}

    def closed(self, text: Text) -> None:
        """A text was sent, or will not be."""
        self._waiting.pop(text.id, None)

    def heard(self, error: Refused | Uncertain | None) -> None:
        """How the provider answered; None: well."""
        trouble = _trouble(error)
        if trouble is not None and trouble != self._provider:
            log.warning("text messages: %s", trouble)
        self._provider = trouble


def _trouble(error: Refused | Uncertain | None) -> str | None:
    if isinstance(error, Uncertain):
        return f"the provider does not answer ({error.reason})"
    if error is None or not error.again or error.code == BUSY:
        return None
    if error.code == UNREACHABLE:
        return "the provider cannot be reached"
    return f"the provider refuses our account ({error.code})"
