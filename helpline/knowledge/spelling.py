"""Finds the known words nearest to a misspelled one, fast enough for hostile input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz.distance import OSA

from helpline.knowledge.sounds import sound

SHORTEST = 4
# Symmetric deletion over the first letters only: a 2,000-letter "word" costs no more than a six-letter one.
PREFIX = 6
# Short words sound like half the dictionary ("cant", "kanna").
SHORTEST_SOUND, SHORTEST_NEAR_SOUND = 5, 6
# "hydromorph", "clonaz": cut short where it is clear what follows; "metha" could go on in a dozen ways.
SHORTEST_STUMP = 5
# "dexmethorphan", "tramol": a syllable swallowed between a beginning and an end that are kept.
HEAD, TAIL, SHORTEST_SWALLOWED = 3, 2, 6


class Near(NamedTuple):
    """A known word and by how many slips the misspelled one is away from it."""

    word: str
    slips: int


class Spelling:
    """An index of `known` words, each with the most slips it allows: by letters, by sound and by what was left out."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._letters = _Index(known, 2)
        # Only real names: what is near the sound of a street name is half the dictionary.
        names = [word for word in sorted(known) if known[word] > 1]
        self._sounding = _grouped(names, sound)
        self._sounds = _Index(dict.fromkeys(self._sounding, 1), 1)
        self._heads = _grouped(names, lambda word: word[:HEAD])

    def nearest(self, word: str) -> tuple[Near, ...]:
        """The known words with the fewest slips, if those are allowed; the same first letter comes first.

        One slip up to six letters, two above. Words that sound alike are one slip apart, words that nearly do are
        two, and a word that was cut short or lost a short syllable is one away from the whole. Another first letter
        is allowed for a single slip in a long word (a neighbouring key), for two swapped letters, and for the same
        sound.
        """
        limit = allowed(word)
        if not limit or len(word) > self._letters.longest + limit:
            return ()
        found = dict(self._letters.within(word, limit))
        for near in (*self._same_sound(word), *self._shortened(word)):
            if near.slips <= limit:
                found[near.word] = min(near.slips, found.get(near.word, limit))
        if limit > 1 and 1 not in found.values():
            found |= {near.word: near.slips for near in self._near_sound(word)}
        fewest = min(found.values(), default=0)
        best = (Near(known, slips) for known, slips in found.items() if slips == fewest)
        return tuple(sorted(best, key=lambda near: (near.word[0] != word[0], near.word)))

    def _same_sound(self, word: str) -> Iterator[Near]:
        if len(word) >= SHORTEST_SOUND:
            yield from (Near(known, 1) for known in self._sounding.get(sound(word), ()))

    def _near_sound(self, word: str) -> Iterator[Near]:
        heard = sound(word)
        if len(heard) >= SHORTEST_NEAR_SOUND:
            for near in self._sounds.within(heard, 1):
                if near.word[0] == heard[0]:
                    yield from (Near(known, 2) for known in self._sounding[near.word])

    def _shortened(self, word: str) -> Iterator[Near]:
        stump = word.removesuffix("s")
        for known in self._heads.get(word[:HEAD], ()):
            missing = len(known) - len(word)
            if missing >= 2 and known.startswith(stump):
                if len(stump) >= SHORTEST_STUMP and 2 * len(stump) >= len(known):
                    yield Near(known, 1)
            elif 2 <= missing <= 4 and len(word) >= SHORTEST_SWALLOWED + 2 * (missing > 2) and _swallowed(word, known):
                yield Near(known, 1 if missing == 2 else 2)


class _Index:
    """Known words by what is left when up to `most` letters are dropped from their beginnings."""

    def __init__(self, known: Mapping[str, int], most: int) -> None:
        self._known = known
        self._rests: dict[str, list[str]] = {}
        self.longest = max(map(len, known), default=0)
        for word in sorted(known):
            for rest in _deletions(word[:PREFIX], most):
                self._rests.setdefault(rest, []).append(word)

    def within(self, word: str, limit: int) -> list[Near]:
        """The known words up to `limit` slips away, as far as each allows."""
        shortest, longest = len(word) - limit, len(word) + limit
        candidates: set[str] = set()
        for rest in _deletions(word[:PREFIX], limit):
            candidates.update(self._rests.get(rest, ()))
        found = []
        for known in candidates:
            if shortest <= len(known) <= longest:
                slips = OSA.distance(word, known, score_cutoff=limit)
                if 0 < slips <= min(limit, self._known[known]) and _begins_alike(word, known, slips):
                    found.append(Near(known, slips))
        return found


def _grouped(words: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    return groups


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


def _swallowed(word: str, known: str) -> bool:
    """Whether `word` is `known` without one run of letters in its middle."""
    head = next((place for place, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), len(word))
    tail = len(word) - min(head, len(word) - TAIL)
    return head >= HEAD and known.endswith(word[-tail:])


def _deletions(word: str, most: int) -> set[str]:
    found = {word}
    rests = {word}
    for _ in range(most):
        rests = {rest[:place] + rest[place + 1 :] for rest in rests for place in range(len(rest))}
        found |= rests
    return found
