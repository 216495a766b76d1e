"""Finds every pattern in a sentence at once, in time linear in its words whatever they are.

All patterns together are one bit-parallel automaton (Shift-And, with optional positions after Navarro and Raffinot):
one bit per element, one big-integer step per word. Members of several words are edges over several words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpline.safety.patterns import BOUNDARY, Element

# An attacker can repeat one phrase a thousand times; what a person writes never has this many.
MOST_HITS = 600


@dataclass(frozen=True)
class Hit:
    """Pattern number `pattern` matches the words from `start` up to, not including, `end`; `gaps` only filled a gap."""

    pattern: int
    start: int
    end: int
    gaps: frozenset[int] = frozenset()


class Matcher:
    """The automaton of a list of patterns, which are known by their place in the list."""

    def __init__(self, patterns: Sequence[Sequence[Element]]) -> None:
        self._first: list[int] = []
        self._elements: list[Element] = []
        self._owner: dict[int, int] = {}
        self._starts = self._finals = self._any = self._optional = self._before = self._last = 0
        self._words: dict[str, int] = {}
        self._sequences: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        sequences: dict[tuple[str, ...], int] = {}
        for number, elements in enumerate(patterns):
            self._add(number, elements, sequences)
        for words, mask in sequences.items():
            self._sequences.setdefault(words[0], []).append((words, mask))
        # With few words known to a pattern, most messages hold words that only a gap can swallow.
        self._words = {word: mask if word == BOUNDARY else mask | self._any for word, mask in self._words.items()}

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word that some pattern knows."""
        sequences = (words for known in self._sequences.values() for words, _ in known)
        return frozenset(self._words).union(*sequences)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every match in the words, the shortest for each place where one ends, at most MOST_HITS of them."""
        arrivals: list[list[tuple[int, int]]] = [[] for _ in range(len(words) + 1)]
        reached, hits = [0] * (len(words) + 1), list[Hit]()
        for at in range(len(words) + 1):
            state = 0
            for origin, mask in arrivals[at]:
                state |= ((reached[origin] << 1) | self._starts) & mask
            if state:
                state = self._skip_optional(state)
            reached[at] = state
            for bit in _bits(state & self._finals):
                if len(hits) < MOST_HITS:
                    hits.append(self._hit(bit, at, arrivals))
            if at < len(words):
                self._leave(words, at, arrivals)
        return hits

    def _add(self, number: int, elements: Sequence[Element], sequences: dict[tuple[str, ...], int]) -> None:
        first = len(self._elements)
        self._starts |= 1 << first
        for place, element in enumerate(elements):
            bit = 1 << (first + place)
            self._elements.append(element)
            self._first.append(first)
            self._any |= bit if element.gap else 0
            self._mark_optional(elements, place, bit)
            for words in element.phrases:
                if len(words) == 1:
                    self._words[words[0]] = self._words.get(words[0], 0) | bit
                else:
                    sequences[words] = sequences.get(words, 0) | bit
        last = len(self._elements) - 1
        self._finals |= 1 << last
        self._owner[last] = number

    def _mark_optional(self, elements: Sequence[Element], place: int, bit: int) -> None:
        if elements[place].optional:
            self._optional |= bit
            if not elements[place - 1].optional:
                self._before |= bit >> 1
            if not elements[place + 1].optional:
                self._last |= bit

    def _skip_optional(self, state: int) -> int:
        ended = state | self._last
        return state | (self._optional & (~(ended - self._before) ^ ended))

    def _leave(self, words: Sequence[str], at: int, arrivals: list[list[tuple[int, int]]]) -> None:
        word = words[at]
        arrivals[at + 1].append((at, self._words.get(word, 0 if word == BOUNDARY else self._any)))
        for sequence, mask in self._sequences.get(word, ()):
            if tuple(words[at : at + len(sequence)]) == sequence:
                arrivals[at + len(sequence)].append((at, mask))

    def _hit(self, final: int, end: int, arrivals: list[list[tuple[int, int]]]) -> Hit:
        """The shortest match whose last element is `final` and which ends at `end`, found backwards."""
        first, seen = self._first[final], set[tuple[int, int]]()
        best = Hit(self._owner[final], -1, end)
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(final, end, ())]
        while waiting:
            bit, at, gaps = waiting.pop()
            if bit < first:
                best = Hit(best.pattern, at, end, frozenset(gaps)) if at > best.start else best
            elif (bit, at) not in seen:
                seen.add((bit, at))
                filled = self._elements[bit].gap
                for origin, mask in arrivals[at]:
                    if mask >> bit & 1:
                        waiting.append((bit - 1, origin, (*gaps, origin) if filled else gaps))
                if self._elements[bit].optional:
                    waiting.append((bit - 1, at, gaps))
        return best


def _bits(state: int) -> Iterator[int]:
    while state:
        lowest = state & -state
        yield lowest.bit_length() - 1
        state ^= lowest
