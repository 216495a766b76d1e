"""Phrase patterns: `i|we want to @die *3 tonight?` becomes a row of elements that the matcher can run.

A pattern is words with spaces between. `a|b` is a choice, `a_b` two words in a row inside a choice, `@name` any member
of that group of words.csv, `x?` may be missing, `*` is a gap of up to three words and `*5` of up to five; a gap never
crosses a full stop. `^` and `$` are the beginning and the end of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

BOUNDARY = "."
RANGE = re.compile(r"(\d+)\.\.(\d+)")
GAP = re.compile(r"\*(\d*)")
DEFAULT_GAP = 3


class PatternError(ValueError):
    """A pattern cannot be understood; the message says why and does not know the row."""


@dataclass(frozen=True)
class Element:
    """One step of a pattern: any of `phrases` (each a tuple of words), or any word at all where `gap`."""

    phrases: frozenset[tuple[str, ...]]
    optional: bool = False
    gap: bool = False


Groups = Mapping[str, frozenset[tuple[str, ...]]]
Rewrite = Callable[[Sequence[str]], Sequence[str]]


def parse(pattern: str, groups: Groups, rewrite: Rewrite) -> tuple[Element, ...]:
    """The elements of a pattern; PatternError where it names an unknown group or could match nothing."""
    elements: list[Element] = []
    for part in pattern.split():
        gap = GAP.fullmatch(part)
        if gap:
            elements += [Element(frozenset(), optional=True, gap=True)] * int(gap[1] or DEFAULT_GAP)
        else:
            elements += _element(part, groups, rewrite)
    if not elements or elements[0].optional or elements[-1].optional:
        raise PatternError("a pattern must begin and end with something that is not optional")
    return tuple(elements)


def _element(part: str, groups: Groups, rewrite: Rewrite) -> list[Element]:
    """One element, or none where every choice is a word that says nothing and that the reader drops too."""
    phrases: set[tuple[str, ...]] = set()
    for choice in part.removesuffix("?").split("|"):
        phrases |= members(choice.replace("_", " ") if not choice.startswith("@") else choice, groups, rewrite)
    return [Element(frozenset(phrases), part.endswith("?"))] if phrases else []


def members(choice: str, groups: Groups, rewrite: Rewrite) -> frozenset[tuple[str, ...]]:
    """The word sequences that one choice stands for: a group's members, a range of numbers or its words, rewritten."""
    if choice in ("^", "$"):
        return frozenset({(BOUNDARY,)})
    if choice.startswith("@"):
        if choice[1:] not in groups:
            raise PatternError(f"unknown group '{choice}'")
        return groups[choice[1:]]
    numbers = RANGE.fullmatch(choice)
    if numbers:
        return frozenset((str(n),) for n in range(int(numbers[1]), int(numbers[2]) + 1))
    words = tuple(choice.split())
    if not words or not all(re.fullmatch(r"[a-z0-9]+", word) for word in words):
        raise PatternError(f"'{choice}' is not a plain word")
    plain = tuple(rewrite(words))
    return frozenset({plain}) if plain else frozenset()
