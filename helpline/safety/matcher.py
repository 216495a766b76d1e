"""Finds every pattern in a sentence at once, in time linear in its words whatever they are.

All patterns together are one bit-parallel automaton (Shift-And, with optional positions after Navarro and Raffinot):
one bit per element, one big-integer step per word. Members of several words are edges over several words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from helpline.safety.patterns import BOUNDARY, Element

Edges = list[tuple[int, int]]


class Hit(NamedTuple):
    """Pattern number `pattern` matches the words from `start` up to, not including, `end`; `gaps` only filled a gap."""

    pattern: int
    start: int
    end: int
    gaps: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Found:
    """Where which pattern ends, as `(number, end)`; the numbers that occur at all; and the way back to a beginning."""

    ends: tuple[tuple[int, int], ...]
    present: frozenset[int]
    locate: Callable[[int, int], Hit]


class Matcher:
    """The automaton of a list of patterns, known by their number; of those in `anywhere` only the presence is told."""

    def __init__(self, patterns: Sequence[Sequence[Element]], anywhere: frozenset[int] = frozenset()) -> None:
        self._spans: dict[int, tuple[int, int]] = {}
        self._elements: list[Element] = []
        self._owner: dict[int, int] = {}
        self._starts = self._finals = self._any = self._optional = self._before = self._last = 0
        self._alone: dict[str, list[int]] = {}
        self._anywhere = anywhere
        words: dict[str, int] = {}
        sequences: dict[tuple[str, ...], int] = {}
        for number, elements in enumerate(patterns):
            if len(elements) == 1:
                self._add_alone(number, elements[0], words, sequences)
            else:
                self._add(number, elements, words, sequences)
        # Any word but a full stop can fill a gap, one that no pattern knows too.
        self._words = {word: mask if word == BOUNDARY else mask | self._any for word, mask in words.items()}
        self._words.setdefault(BOUNDARY, 0)
        self._sequences: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
        for sequence, mask in sequences.items():
            self._sequences.setdefault((sequence[0], sequence[1]), []).append((sequence, mask))
        self.vocabulary = frozenset(words).union(*sequences)

    def find(self, words: Sequence[str]) -> Found:
        """Every match in the words, the shortest for each place where one ends."""
        words = tuple(words)
        edges, alone = self._edges(words)
        ends, present = list(alone), {pattern for pattern, _ in alone}
        for at, final in self._finals_reached(edges):
            for bit in _bits(final):
                present.add(self._owner[bit])
                ends.append((self._owner[bit], at))
        placed = tuple(end for end in ends if end[0] not in self._anywhere)

        def locate(pattern: int, end: int) -> Hit:
            start = alone.get((pattern, end))
            return self._hit(pattern, end, edges) if start is None else Hit(pattern, start, end)

        return Found(placed, frozenset(present), locate)

    def _finals_reached(self, edges: list[Edges]) -> Iterator[tuple[int, int]]:
        """Each place where patterns end, with their last elements as bits."""
        starts, finals, optional, before, last = self._starts, self._finals, self._optional, self._before, self._last
        skipping, reached = before | optional, [0]
        for at in range(1, len(edges)):
            state = 0
            for origin, mask in edges[at]:
                state |= (reached[origin] << 1 | starts) & mask
            if state & skipping:
                # Optional elements are passed over: a borrow runs through each block of them that is stood before.
                ended = state | last
                state |= optional ^ (optional & ((ended - before) ^ ended))
            reached.append(state)
            if state & finals:
                yield at, state & finals

    def _add(
        self,
        number: int,
        elements: Sequence[Element],
        words: dict[str, int],
        sequences: dict[tuple[str, ...], int],
    ) -> None:
        first = len(self._elements)
        self._starts |= 1 << first
        self._spans[number] = (first, len(elements))
        for place, element in enumerate(elements):
            bit = 1 << (first + place)
            self._elements.append(element)
            self._any |= bit if element.gap else 0
            self._mark_optional(elements, place, bit)
            for phrase in element.phrases:
                if len(phrase) == 1:
                    words[phrase[0]] = words.get(phrase[0], 0) | bit
                else:
                    sequences[phrase] = sequences.get(phrase, 0) | bit
        final = 1 << (len(self._elements) - 1)
        self._owner[len(self._elements) - 1] = number
        self._finals |= final

    def _add_alone(
        self, number: int, element: Element, words: dict[str, int], sequences: dict[tuple[str, ...], int]
    ) -> None:
        """A pattern of one element needs no automaton: its words are looked up as they come."""
        for phrase in element.phrases:
            self._alone.setdefault(" ".join(phrase), []).append(number)
            if len(phrase) == 1:
                words.setdefault(phrase[0], 0)
            else:
                sequences.setdefault(phrase, 0)

    def _mark_optional(self, elements: Sequence[Element], place: int, bit: int) -> None:
        if elements[place].optional:
            self._optional |= bit
            if not elements[place - 1].optional:
                self._before |= bit >> 1
            if not elements[place + 1].optional:
                self._last |= bit

    def _edges(self, words: tuple[str, ...]) -> tuple[list[Edges], dict[tuple[int, int], int]]:
        """For each place the steps that lead there; and by number and end where a pattern of one element begins."""
        known, any_word, lonely = self._words, self._any, self._alone
        edges: list[Edges] = [[]]
        alone: dict[tuple[int, int], int] = {}
        for at, word in enumerate(words):
            edges.append([(at, known.get(word, any_word))])
            for number in lonely.get(word, ()):
                alone[number, at + 1] = at
        for at, pair in enumerate(pairwise(words)):
            for sequence, mask in self._sequences.get(pair, ()):
                end = at + len(sequence)
                if words[at:end] == sequence:
                    edges[end].append((at, mask))
                    for number in lonely.get(" ".join(sequence), ()):
                        alone[number, end] = at
        return edges, alone

    def _hit(self, pattern: int, end: int, edges: list[Edges]) -> Hit:
        """The shortest match of the pattern that ends at `end`, found backwards."""
        first, size = self._spans[pattern]
        own = (1 << size) - 1
        best, filling, seen = -1, tuple[int, ...](), set[tuple[int, int]]()
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(size - 1, end, ())]
        while waiting:
            place, at, gaps = waiting.pop()
            if place < 0:
                best, filling = (at, gaps) if at > best else (best, filling)
            elif at > best and (place, at) not in seen:
                seen.add((place, at))
                element = self._elements[first + place]
                for origin, mask in edges[at]:
                    if (mask >> first & own) >> place & 1:
                        waiting.append((place - 1, origin, (*gaps, origin) if element.gap else gaps))
                if element.optional:
                    waiting.append((place - 1, at, gaps))
        return Hit(pattern, best, end, frozenset(filling))


def _bits(state: int) -> Iterator[int]:
    while state:
        highest = state.bit_length() - 1
        yield highest
        state ^= 1 << highest
