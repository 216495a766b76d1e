"""Takes words apart that lost the space between them: `xanaxandweed`, `tylenolpm`, `percocetwithbeer`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from helpline.knowledge.words import Word

JOINERS = ("", "and", "with", "plus", "or", "on", "n", "w")
SHORTEST, LONGEST = 7, 40
SHORTEST_NAME = 4


def unglued(spoken: Iterable[Word], names: Collection[str], familiar: Collection[str]) -> Iterator[Word]:
    """The same words, each one that is not `familiar` and is made of names taken apart."""
    split = partial(_parts, names)
    for word in spoken:
        parts = () if word.text in familiar or not SHORTEST <= len(word.text) <= LONGEST else split(word.text)
        yield from _apart(word, parts) if parts else (word,)


def _parts(names: Collection[str], word: str) -> tuple[str, ...]:
    if word in names:
        return ()
    for cut in range(len(word) - 1, SHORTEST_NAME - 1, -1):
        head, rest = word[:cut], word[cut:]
        if head not in names:
            continue
        if f"{head} {rest}" in names:
            return head, rest
        for joiner in JOINERS:
            other = rest.removeprefix(joiner) if rest.startswith(joiner) else ""
            if len(other) >= SHORTEST_NAME and other in names:
                return (head, joiner, other) if joiner else (head, other)
    return ()


def _apart(word: Word, parts: tuple[str, ...]) -> Iterator[Word]:
    start, gap = word.start, word.gap
    for place, part in enumerate(parts):
        # Letters that were folded away leave the last part as the one that ends where the word did.
        end = word.end if place == len(parts) - 1 else min(start + len(part), word.end)
        yield Word(part, start, end, gap)
        start, gap = end, " "
