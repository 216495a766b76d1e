"""Context after medspaCy's idea: words near a phrase that turn it into denial, past, question, idiom or fiction."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from helpline.safety.matcher import Hit
from helpline.safety.patterns import BOUNDARY

DIRECTIONS = ("forward", "backward", "sentence", "around", "message")
PSEUDO, STOP = "pseudo", "stop"
# How many context words on one side of a phrase are asked; further ones lie behind these.
NEAREST = 5


@dataclass(frozen=True)
class Rule:
    """A context word: what it says, which way it looks from where it stands, and over how many words."""

    category: str
    direction: str
    reach: int


class Surroundings:
    """The context words of one message, ready to say which of them reach a phrase."""

    def __init__(self, words: Sequence[str], found: Sequence[tuple[Rule, Hit]]) -> None:
        pseudo = sorted((hit.start, hit.end) for rule, hit in found if rule.category == PSEUDO)
        self._stops: dict[str, list[int]] = {"": [at for at, word in enumerate(words) if word == BOUNDARY]}
        self._rules: dict[tuple[str, str], list[tuple[Rule, Hit]]] = {}
        for rule, hit in found:
            if rule.category.startswith(STOP):
                self._stops.setdefault(rule.category[len(STOP) + 1 :], []).append(hit.start)
            elif rule.category != PSEUDO and not _inside(hit, pseudo):
                self._rules.setdefault((rule.category, rule.direction), []).append((rule, hit))
        for stops in self._stops.values():
            stops.sort()
        for (_, direction), entries in self._rules.items():
            entries.sort(key=lambda entry: entry[1].end if direction == "forward" else entry[1].start)

    def reaches(self, category: str, phrase: Hit) -> bool:
        """Whether a context word of this category speaks about the phrase."""
        return (
            (category, "message") in self._rules
            or self._forward(category, phrase)
            or self._backward(category, phrase)
            or any(self._same_sentence(category, hit, phrase) for hit in self._near(category, "sentence", phrase))
            or any(self._around(category, hit, phrase) for hit in self._near(category, "around", phrase))
        )

    def _forward(self, category: str, phrase: Hit) -> bool:
        entries = self._rules.get((category, "forward"), [])
        place = bisect_right(entries, phrase.end, key=lambda entry: entry[1].end)
        for rule, hit in entries[max(0, place - NEAREST) : place]:
            at = None if hit.start < phrase.start < hit.end else _next_word(hit, phrase)
            if at is not None and at - hit.end <= rule.reach and not self._stopped(category, hit.end, at + 1):
                return True
        return False

    def _backward(self, category: str, phrase: Hit) -> bool:
        entries = self._rules.get((category, "backward"), [])
        place = bisect_left(entries, phrase.end, key=lambda entry: entry[1].start)
        for rule, hit in entries[place : place + NEAREST]:
            if hit.start - phrase.end <= rule.reach and not self._stopped(category, phrase.end, hit.start):
                return True
        return False

    def _near(self, category: str, direction: str, phrase: Hit) -> Sequence[Hit]:
        entries = self._rules.get((category, direction), [])
        place = bisect_left(entries, phrase.end, key=lambda entry: entry[1].start)
        return [hit for _, hit in entries[max(0, place - NEAREST) : place + NEAREST]]

    def _same_sentence(self, category: str, hit: Hit, phrase: Hit) -> bool:
        if hit.start >= phrase.end:
            return not self._stopped(category, phrase.end, hit.start)
        at = _next_word(hit, phrase)
        return at is not None and not self._stopped(category, hit.end, at)

    def _around(self, category: str, hit: Hit, phrase: Hit) -> bool:
        """As in the same sentence, and also where the two share words, as an idiom does with what it sounds like."""
        overlap = hit.start < phrase.end and phrase.start < hit.end
        return overlap or self._same_sentence(category, hit, phrase)

    def _stopped(self, category: str, start: int, end: int) -> bool:
        return any(_between(self._stops.get(kind, []), start, end) for kind in ("", category))


def _next_word(hit: Hit, phrase: Hit) -> int | None:
    """The phrase's first own word after a context word before it or in one of its gaps; None for part of the phrase."""
    if hit.start < phrase.start:
        return max(phrase.start, hit.end)
    if all(at in phrase.gaps for at in range(hit.start, hit.end)):
        return next((at for at in range(hit.end, phrase.end) if at not in phrase.gaps), None)
    return None


def _between(places: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(places, start) < bisect_left(places, end)


def _inside(hit: Hit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in spans[:50])
