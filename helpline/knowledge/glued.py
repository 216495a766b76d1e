"""Takes words apart that lost the space between them: `xanaxandweed`, `tylenolpm`, `percocetwithbeer`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

from helpline.knowledge.words import Word

JOINERS = ("", "and", "with", "plus", "or", "on", "n", "w")
SHORTEST, LONGEST = 7, 40
SHORTEST_NAME = 4


class Glue:
    """Knows the names; `familiar` words are never taken apart."""

    def __init__(self, names: Collection[str], familiar: Collection[str]) -> None:
        self._names = names
        self._familiar = familiar
        self._ordered = sorted(names)
        self._heads = frozenset(name[:SHORTEST_NAME] for name in names)

    def dissolve(self, spoken: Iterable[Word]) -> Iterator[Word]:
        """The same words, each one that is made of names taken apart."""
        for word in spoken:
            parts = self._parts(word.text) if SHORTEST <= len(word.text) <= LONGEST else ()
            yield from _apart(word, parts) if parts else (word,)

    def _parts(self, word: str) -> tuple[str, ...]:
        if word[:SHORTEST_NAME] not in self._heads or word in self._familiar or self._begins_a_name(word):
            return ()
        for cut in range(len(word) - 1, SHORTEST_NAME - 1, -1):
            head, rest = word[:cut], word[cut:]
            if head not in self._names:
                continue
            if f"{head} {rest}" in self._names:
                return head, rest
            for joiner in JOINERS:
                other = rest.removeprefix(joiner) if rest.startswith(joiner) else ""
                if len(other) >= SHORTEST_NAME and other in self._names:
                    return (head, joiner, other) if joiner else (head, other)
        return ()

    def _begins_a_name(self, word: str) -> bool:
        """Whether a name goes on from here: "hydromorph" is hydromorphone cut short, not "hydro" and "morph"."""
        place = bisect_left(self._ordered, word)
        return place < len(self._ordered) and self._ordered[place].startswith(word)


def _apart(word: Word, parts: tuple[str, ...]) -> Iterator[Word]:
    start, gap = word.start, word.gap
    for place, part in enumerate(parts):
        # Letters that were folded away leave the last part as the one that ends where the word did.
        end = word.end if place == len(parts) - 1 else min(start + len(part), word.end)
        yield Word(part, start, end, gap)
        start, gap = end, " "
