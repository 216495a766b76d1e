"""What is broken on the way between a page and the front door."""

from __future__ import annotations

import random
from collections import Counter
from enum import Enum

STALL_SECONDS = (1.0, 4.0)
LONG_STALL_SECONDS = 11.0  # longer than the widget waits for the answer to a message
LONG_STALLS = 0.2  # of all


class Fault(str, Enum):
    """One way to break; its value is how a report names it."""

    STREAM_CUT = "event stream cut in mid answer"
    LOST_BEFORE = "message cut before the door"
    LOST_AFTER = "message taken, answer not sent back"
    ANSWER_CUT = "message taken, answer cut in half"
    POST_STALL = "message held back for seconds"
    STREAM_STALL = "event stream held back for seconds"
    BLACK_OUT = "black-out"


STREAM = (Fault.STREAM_CUT, Fault.STREAM_STALL)
POST = (Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.ANSWER_CUT, Fault.POST_STALL)


class Owed:
    """How much is still to be broken; `made` counts what was."""

    def __init__(self, chance: random.Random) -> None:
        self.made: Counter[Fault] = Counter()
        self._owed: Counter[Fault] = Counter()
        self._chance = chance

    def owe(self, fault: Fault) -> None:
        """Break one more thing so."""
        self._owed[fault] += 1

    def forgive(self) -> None:
        """Break nothing more."""
        self._owed.clear()

    def due(self, faults: tuple[Fault, ...]) -> Fault | None:
        """The first of these that is owed, which is then paid."""
        for fault in faults:
            if self._owed[fault]:
                self._owed[fault] -= 1
                self.made[fault] += 1
                return fault
        return None

    def stall_seconds(self) -> float:
        """How long something is held back."""
        long = self._chance.random() < LONG_STALLS
        return LONG_STALL_SECONDS if long else self._chance.uniform(*STALL_SECONDS)
