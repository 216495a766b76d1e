"""What a text says of an answer that is too long for it: as much as fits, the most needed first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from helpline.sms.sentences import Sentence, Worth, fewer_signs

BRAND = re.compile(r" \([A-Z][^()]*\)")
Fits = Callable[[Sequence[Sentence]], bool]


def chosen(said: Sequence[Sentence], phone: str, fits: Fits) -> list[Sentence]:
    """What is needed and, where room is left, the rest by its worth; fewer signs are named before a step is left out.

    Nothing where not even the first sentence fits.
    """
    found = max((_filled_up(version, phone, fits) for version in _versions(said)), key=_worth_saying)
    if count(found, Worth.ALARM) == count(said, Worth.ALARM):
        return found
    return max(found, _filled_up(_without_brands(said), phone, fits), key=lambda some: count(some, Worth.ALARM))


def count(said: Sequence[Sentence], worth: Worth) -> int:
    """How many of the sentences are worth at least so much."""
    return sum(each.worth <= worth for each in said)


def _without_brands(said: Sequence[Sentence]) -> list[Sentence]:
    """The sentences without the other names of a substance in the first one, where nothing else makes room."""
    return [replace(each, text=BRAND.sub("", each.text)) if each is said[0] else each for each in said]


def lines(said: Sequence[Sentence]) -> list[str]:
    """The sentences as the lines that they stood in."""
    grouped = groupby(said, key=lambda each: (each.bubble, each.line))
    return [" ".join(each.text for each in line) for _, line in grouped]


def _versions(said: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    yield list(said)
    for place, each in enumerate(said):
        for text in fewer_signs(each.text):
            yield [*said[:place], replace(each, text=text), *said[place + 1 :]]


def _worth_saying(said: Sequence[Sentence]) -> tuple[int, ...]:
    return tuple(sum(each.worth == worth for each in said) for worth in Worth if worth <= Worth.TO_DO)


def _filled_up(version: Sequence[Sentence], phone: str, fits: Fits) -> list[Sentence]:
    """Of one bubble no sentence follows one of the same worth that found no room: it may speak of that one."""
    places, full = set[int](), set[tuple[int, Worth]]()
    for place, each in sorted(enumerate(version), key=lambda one: one[1].worth):
        told = each.worth == Worth.NUMBER and any(phone in one.text for one in _at(version, places))
        if told or (each.bubble, each.worth) in full:
            continue
        if fits(_at(version, {*places, place})):
            places.add(place)
        else:
            full.add((each.bubble, each.worth))
    return _at(version, places)


def _at(version: Sequence[Sentence], places: set[int]) -> list[Sentence]:
    return [version[place] for place in sorted(places)]
