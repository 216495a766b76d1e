"""Reads one word: as it stands, in its plural, with a number stuck to it, or misspelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from helpline.knowledge.names import Names
from helpline.knowledge.spelling import Spelling, apart

SHORTEST_TARGET = 5
SHORTEST_WEAK_TARGET = 6
_STUCK_NUMBER = re.compile(r"(?:\d+(?:mg|mcg)?)?([a-z]{3,}?)(?:\d+(?:mgs?|mcg|s)?)?$")
_RUN = re.compile(r"(.)\1{2,}")
_ENDINGS = (
    ("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("in", "ing"), ("er", ""), ("er", "e"),
    ("ers", ""), ("ers", "e"), ("ly", ""), ("y", ""), ("ies", "y"), ("ied", "y"), ("ness", ""), ("able", ""),
    ("less", ""),
)  # fmt: skip

_ANY_ENDING = tuple({ending for ending, _ in _ENDINGS})


class Reading(NamedTuple):
    """`word` is the known word meant ("" when none); `candidates` is filled when several substances are as near."""

    word: str
    how: str
    certain: bool
    candidates: tuple[str, ...] = ()


NOTHING = Reading("", "exact", False)
STRANGE = Reading("", "strange", False)


class Reader:
    """Knows every word that occurs in a name."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._parts = frozenset(part for name in names.spoken for part in name.split())
        self._single = frozenset(name for name in names.spoken if " " not in name)
        self._spelling = Spelling(self._targets())

    def read(self, word: str, guess: bool = True) -> Reading:
        """What the word means: part of a name, NOTHING for an ordinary word, STRANGE for one nobody knows.

        Without `guess` nothing is taken for a misspelled name.
        """
        for form in _forms(word):
            if form in self._parts:
                return Reading(form, "exact", True)
        if self.ordinary(word):
            return NOTHING
        for form in _singulars(word):
            if form in self._single:
                return Reading(form, "exact", True)
        if word.isalpha():
            return self._misspelled(word) if guess else STRANGE
        stuck = _STUCK_NUMBER.match(word)
        return Reading(stuck[1], "exact", True) if stuck and stuck[1] in self._single else STRANGE

    def ordinary(self, word: str) -> bool:
        """Whether this is a common English word or a form of one, which is never a misspelled drug."""
        word = word.partition("'")[0]
        common, never = self._names.common_words, self._names.not_names
        if word in common or word in never:
            return True
        return word.endswith(_ANY_ENDING) and any(
            word.endswith(ending) and len(word) - len(ending) >= 3 and word[: -len(ending)] + instead in common
            for ending, instead in _ENDINGS
        )

    def familiar(self, word: str) -> bool:
        """Whether this is an ordinary word or part of a name, so that nobody needs to be told it is unknown."""
        return word in self._parts or self.ordinary(word)

    def joined(self, one: str, other: str) -> str:
        """The name that two words make when the space between them is a slip, or ""."""
        whole = one + other
        if len(whole) < 6 or whole not in self._single:
            return ""
        # "cipro floxin" is one name although both halves are names; "no ban" is not.
        names = one in self._single and other in self._single
        return whole if names or not (self.familiar(one) and self.familiar(other)) else ""

    def _misspelled(self, word: str) -> Reading:
        if word not in self._names.spoken and word in self._names.lookalikes:
            both = dict.fromkeys(each for _, *pair in self._names.lookalikes[word] for each in pair)
            return Reading(word, "fuzzy", False, tuple(both))
        near = self._spelling.nearest(word)
        if not near:
            return STRANGE
        best, slips = near[0]
        names = [each.word for each in near if each.word[0] == best[0]]
        meant = tuple(dict.fromkeys((*self._substances(names), *self._lookalikes(word, names, slips))))
        if len(meant) > 1:
            named = next((each for each in names if each in self._single), best)
            return Reading(named, "fuzzy", False, meant)
        return Reading(best, "fuzzy", slips == 1 or len(word) >= 8)

    def _substances(self, found: list[str]) -> Iterator[str]:
        for each in found:
            yield from (meaning.substance for meaning in self._names.spoken.get(each, ()))

    def _lookalikes(self, word: str, found: list[str], slips: int) -> Iterator[str]:
        """Substances whose name is about as near: a single slip is trusted over two, two slips not over three."""
        farthest = slips if slips == 1 else slips + 1
        for each in found:
            for other, _, substance in self._names.lookalikes.get(each, ()):
                if apart(word, other) <= farthest:
                    yield substance

    def _targets(self) -> dict[str, int]:
        """Which words can be meant by a misspelled one, and by how many slips.

        Two slips only for real names: two slips away from a listed misspelling or a street name lies half the
        dictionary.
        """
        targets: dict[str, int] = {}
        for name, meant in self._names.spoken.items():
            if " " in name:
                long = (part for part in name.split() if len(part) >= SHORTEST_WEAK_TARGET and part.isalpha())
                targets |= {part: max(1, targets.get(part, 1)) for part in long if not self.ordinary(part)}
            elif any(meaning.kind in {"canonical", "brand"} and not meaning.need for meaning in meant):
                targets |= {name: 2} if len(name) >= SHORTEST_TARGET else {}
            elif len(name) >= SHORTEST_WEAK_TARGET:
                targets |= {name: 1}
        return targets


def _forms(word: str) -> tuple[str, ...]:
    """The word itself, without a possessive ending ("xan's" is "xans" too), and without drawn-out letters."""
    base = word.removesuffix("'s")
    if _RUN.search(word) and len(word) > 4:
        return (word, base, _RUN.sub(r"\1", base), _RUN.sub(r"\1\1", base))
    return (word,) if base == word else (word, base, f"{base}s")


def _singulars(word: str) -> tuple[str, ...]:
    if len(word) < 5 or not word.endswith("s"):
        return ()
    return (word[:-1], word[:-2]) if word.endswith("es") else (word[:-1],)
