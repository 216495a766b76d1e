"""Finds the known words nearest to a misspelled one, fast enough for hostile input."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

SHORTEST = 4
# Symmetric deletion over the first letters only: a 2,000-letter "word" costs no more than a seven-letter one.
PREFIX = 7


class Spelling:
    """An index of `known` words by what is left when letters are dropped."""

    def __init__(self, known: Iterable[str]) -> None:
        self._index: dict[str, list[str]] = {}
        self._longest = 0
        for word in sorted(set(known)):
            self._longest = max(self._longest, len(word))
            for rest in _deletions(word[:PREFIX], 2):
                self._index.setdefault(rest, []).append(word)

    def nearest(self, word: str) -> tuple[tuple[str, int], ...]:
        """The known words within the allowed distance, nearest first, each with its distance.

        One slip up to six letters, two above. Another first letter is allowed for a single slip in a long word
        (a neighbouring key) or for two swapped letters.
        """
        limit = allowed(word)
        if not limit or len(word) > self._longest + limit:
            return ()
        buckets = [self._index[rest] for rest in _deletions(word[:PREFIX], limit) if rest in self._index]
        candidates: set[str] = set().union(*buckets)
        found = []
        for each in candidates:
            distance = OSA.distance(word, each, score_cutoff=limit)
            if 0 < distance <= limit and _begins_alike(word, each, distance):
                found.append((each, distance))
        return tuple(sorted(found, key=lambda near: (near[1], near[0][0] != word[0], near[0])))


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
