"""Counts what a number is answered, so that two programs that answer each other stop."""

from __future__ import annotations

import time
from collections import OrderedDict

MOST = 10
MOST_ALARMS = 30  # the steps of a guided emergency are among them
SECONDS = 600.0
REMEMBERED = 20_000  # numbers


class Loops:
    """How many of a number's messages were answered in the last ten minutes; the same message counts once."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        self._most = most
        self._seconds = seconds
        self._answered: OrderedDict[str, dict[str, float]] = OrderedDict()

    def count(self, who: str, message_id: str) -> int:
        """Count a message that is to be answered: how many more may be, 0 for the last one, less for one too many."""
        at = time.monotonic()
        recent = {each: when for each, when in self._answered.get(who, {}).items() if when > at - self._seconds}
        if len(recent) < self._most or message_id in recent:
            recent.setdefault(message_id, at)
            left = self._most - len(recent)
        else:
            left = -1
        self._answered[who] = recent
        self._answered.move_to_end(who)
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return left
