"""Which turn of a run meets what, drawn at random from a seed."""

from __future__ import annotations

import random
from collections import defaultdict
from enum import Enum

from tests.browser.chaos.faults import Fault


class Deed(str, Enum):
    """What befalls the visitor's own device, and the door; its value is how a report names it."""

    OFFLINE = "device offline for a second"
    RELOAD = "page reloaded"
    KILL = "front door killed and started"


Event = Fault | Deed
PER_THOUSAND: dict[Event, int] = {
    Fault.STREAM_CUT: 60,
    Fault.LOST_BEFORE: 40,
    Fault.LOST_AFTER: 40,
    Fault.ANSWER_CUT: 40,
    Fault.POST_STALL: 15,
    Fault.STREAM_STALL: 15,
    Fault.BLACK_OUT: 15,
    Deed.OFFLINE: 15,
    Deed.RELOAD: 30,
}
# A page that is loaded again has something on its way then.
MEANWHILE: dict[Event, list[Event]] = {Deed.RELOAD: [Fault.POST_STALL]}
WORDS = "apple river window garden paper yellow morning table pencil music".split()
BURSTS = (1, 1, 1, 2, 3, 4)
IMPATIENT = 0.25  # of the bursts are followed by the next one before they were answered


def events(turns: int, kills: int, chance: random.Random) -> dict[int, list[Event]]:
    """What happens at which turn: each kind at least once, and nothing in the last turns."""
    planned: dict[int, list[Event]] = defaultdict(list)
    for event, often in PER_THOUSAND.items():
        for _ in range(max(1, round(often * turns / 1000))):
            planned[chance.randrange(max(1, turns * 9 // 10))] += [*MEANWHILE.get(event, ()), event]
    for number in range(kills):
        share = turns / kills
        planned[int(share * number + chance.uniform(0.2, 0.8) * share)].append(Deed.KILL)
    return planned


def texts(turns: int, chance: random.Random) -> list[str]:
    """What the visitor writes: ordinary words, and no message like another."""
    return [f"turn {number:04} {chance.choice(WORDS)}" for number in range(1, turns + 1)]


def bursts(said: list[str], chance: random.Random) -> list[list[str]]:
    """The texts in groups that are written without waiting."""
    groups, rest = [], list(said)
    while rest:
        count = chance.choice(BURSTS)
        groups.append(rest[:count])
        rest = rest[count:]
    return groups
