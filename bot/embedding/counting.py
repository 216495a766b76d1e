"""What is counted in a message beside its embedding: words, pairs of words and pieces of words, the rare ones more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

# What every message has, such as its full stop, weighs nothing: a message may hold nothing else.
TINY = 1e-9


def terms(words: Sequence[str]) -> Iterator[str]:
    """The words of a message, and each with the one after it."""
    yield from words
    yield from map(" ".join, pairwise(words))


def pieces(words: Sequence[str]) -> Iterator[str]:
    """The pieces of three and four letters of each word, with `_` where it begins and ends: typos keep most of them."""
    for word in words:
        framed = f"_{word}_"
        for size in (3, 4):
            yield from (framed[at : at + size] for at in range(len(framed) - size + 1))


class Counting:
    """The names that count, and how rare each is: a row for each in the order of `names`."""

    def __init__(self, names: Sequence[str], rareness: np.ndarray[Any, Any]) -> None:
        self.names = tuple(names)
        self.rareness = rareness
        self._places: Mapping[str, int] = {name: place for place, name in enumerate(self.names)}

    @classmethod
    def of(cls, found: Sequence[Iterable[str]], rarest: int) -> Counting:
        """Learned from what was found in each message; what occurs in fewer than `rarest` of them is left out."""
        times = Counter(name for each in found for name in set(each))
        names = sorted(name for name, count in times.items() if count >= rarest)
        return cls(names, np.log(len(found) / np.array([times[name] for name in names], dtype=np.float32)))

    def row(self, found: Iterable[str]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The places of what is known of it, and their values, of length 1 together or no values at all."""
        known = Counter(self._places[name] for name in found if name in self._places)
        places = np.fromiter(known, dtype=np.int64, count=len(known))
        values = np.fromiter(known.values(), dtype=np.float32, count=len(known)) * self.rareness[places]
        return places, values / max(float(np.linalg.norm(values)), TINY)
