"""What a run found, and several runs as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.browser.chaos.reckoning import Count
from tests.browser.chaos.visitor import Cards


@dataclass
class Result:
    """What a run found; `counts` by source, `broken` by kind."""

    turns: int
    counts: dict[str, Count] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    cards: Cards = field(default_factory=Cards)
    asked_again: int = 0
    conversations: int = 0
    failed_loads: int = 0
    slowest_load: float = 0.0
    unsettled: int = 0
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether nothing was lost, doubled or out of order anywhere."""
        return all(found.right for found in self.counts.values())


def together(results: Sequence[Result]) -> Result:
    """The sums of several runs."""
    whole = Result(sum(one.turns for one in results))
    for one in results:
        whole.counts = {name: found + whole.counts.get(name, Count()) for name, found in one.counts.items()}
        whole.broken += one.broken
        whole.cards += one.cards
        whole.asked_again += one.asked_again
        whole.conversations += one.conversations
        whole.failed_loads += one.failed_loads
        whole.slowest_load = max(whole.slowest_load, one.slowest_load)
        whole.unsettled += one.unsettled
        whole.seconds += one.seconds
    return whole
