"""Finds the known words nearest to a misspelled one, fast enough for hostile input."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import OSA

SHORTEST = 4
# Symmetric deletion over the first letters only: a 2,000-letter "word" costs no more than a six-letter one.
PREFIX = 6


class Spelling:
    """An index of `known` words, each with the most slips it allows, by what is left when letters are dropped."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._index: dict[str, list[str]] = {}
        self._longest = 0
        for word in sorted(known):
            self._longest = max(self._longest, len(word))
            for rest in _deletions(word[:PREFIX], 2):
                self._index.setdefault(rest, []).append(word)

    def nearest(self, word: str) -> tuple[str, ...]:
        """The known words with the fewest slips, if those are allowed; the same first letter comes first.

        One slip up to six letters, two above. Another first letter is allowed for a single slip in a long word
        (a neighbouring key) or for two swapped letters.
        """
        limit = allowed(word)
        if len(word) > self._longest + limit:
            return ()
        for slips in range(1, limit + 1):
            found = self._within(word, slips)
            if found:
                return tuple(sorted(found, key=lambda near: (near[0] != word[0], near)))
        return ()

    def _within(self, word: str, slips: int) -> list[str]:
        buckets = [self._index.get(rest, ()) for rest in _deletions(word[:PREFIX], slips)]
        candidates = {each for each in set().union(*buckets) if self._known[each] >= slips}
        distances = ((each, OSA.distance(word, each, score_cutoff=slips)) for each in candidates)
        return [each for each, distance in distances if distance == slips and _begins_alike(word, each, distance)]


def allowed(word: str) -> int:
    """How many slips a word of this length may hold."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) <= 6 else 2


def apart(one: str, other: str) -> int:
    """The number of slips between two words."""
    return int(OSA.distance(one, other))


def _begins_alike(word: str, known: str, distance: int) -> bool:
    if word[0] == known[0]:
        return True
    return distance == 1 and (len(word) >= 7 or sorted(word[:2]) == sorted(known[:2]))


def _deletions(word: str, most: int) -> set[str]:
    found = {word}
    rests = {word}
    for _ in range(most):
        rests = {rest[:place] + rest[place + 1 :] for rest in rests for place in range(len(rest))}
        found |= rests
    return found
