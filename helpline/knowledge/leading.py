"""Which row leads when several speak about the same two substances."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact, key
from helpline.knowledge.severity import RANK

Match = tuple[str, str, PairFact]


def by_classes(knowledge: Knowledge, one: frozenset[str], other: frozenset[str]) -> PairFact | None:
    """The leading row for two sets of classes, or None; the order of the two does not matter.

    A row is outranked only by a row that is the same or narrower on both sides: rows about different mechanisms
    do not know of each other, so among what is left the worst leads.
    """
    memory = ("classes", one, other)
    if memory not in knowledge.led:
        knowledge.led[memory] = _worst([row for _, _, row in standing(knowledge, one, other)])
    return knowledge.led[memory]


def standing(knowledge: Knowledge, one: Collection[str], other: Collection[str]) -> list[Match]:
    """Every class row for the two sides that no narrower row outranks."""
    matches = [
        (a, b, knowledge.interactions[key(a, b)])
        for a, b in product(sorted(one), sorted(other))
        if key(a, b) in knowledge.interactions
    ]
    return [match for match in matches if not any(_outranks(knowledge, each, match) for each in matches)]


def by_tags(knowledge: Knowledge, one: frozenset[str], other: frozenset[str]) -> PairFact | None:
    """The worst fallback row for two sets of mechanism tags, or None."""
    memory = ("tags", one, other)
    if memory not in knowledge.led:
        pairs = sorted({key(a, b) for a, b in product(one, other)})
        knowledge.led[memory] = _worst([knowledge.fallbacks[pair] for pair in pairs if pair in knowledge.fallbacks])
    return knowledge.led[memory]


def by_twice(knowledge: Knowledge, classes: frozenset[str]) -> PairFact | None:
    """The worst row that speaks of two medicines of one of these classes, or None."""
    rows = (knowledge.interactions.get((name, name)) for name in sorted(classes))
    return _worst([row for row in rows if row])


def _outranks(knowledge: Knowledge, narrow: Match, wide: Match) -> bool:
    if narrow[2] is wide[2]:
        return False
    families = knowledge.families
    return wide[0] in families[narrow[0]] and wide[1] in families[narrow[1]]


def _worst(rows: list[PairFact]) -> PairFact | None:
    if not rows:
        return None
    # Of two equally bad rows the one about breathing leads: it is the one that kills first.
    return max(rows, key=lambda row: (RANK[row.severity], "additive_respiratory" in row.relation, row.advice, row.why))
