"""Cuts a message into folded words that remember where they stood."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_APOSTROPHES = "\u2018\u2019\u02bc\u2032\u00b4`\uff07"


class Word(NamedTuple):
    """A word in lower-case ASCII, its place in the message, and the folded text between it and the word before."""

    text: str
    start: int
    end: int
    gap: str


def words(text: str) -> tuple[Word, ...]:
    """Every word of the message; accents, full-width letters, curly quotes and invisible characters are folded."""
    folded, places = _folded(text)
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(folded):
        start, gap = match.start(), end
        end = match.end()
        found.append(Word(match[0], places[start], places[end - 1] + 1, folded[gap:start]))
    return tuple(found)


def _folded(text: str) -> tuple[str, range | list[int]]:
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = _fold(letter)
        letters.append(plain)
        places.extend([place] * len(plain))
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _fold(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    if letter.isascii():
        return letter.lower()
    # Cf: zero-width joiners and direction marks, pasted into words to slip past filters; Mn: loose accents.
    if unicodedata.category(letter) in {"Cf", "Mn"}:
        return ""
    plain = unicodedata.normalize("NFKD", letter).lower()[:1]
    return plain if plain.isascii() else " "
