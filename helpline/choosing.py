"""Which of several things that were offered a message picks: "2", "the second one", "the last"."""

from __future__ import annotations

import re

PLACES = (
    ("1", "one", "first", "1st"),
    ("2", "two", "second", "2nd"),
    ("3", "three", "third", "3rd"),
    ("4", "four", "fourth", "4th"),
    ("5", "five", "fifth", "5th"),
    ("6", "six", "sixth", "6th"),
)
LAST = "last"
PLACE_OF = {word: place for place, words in enumerate(PLACES) for word in words}
PICK = re.compile(
    r"(?:(?:i mean|i meant|i think|it['’]?s|yes|yeah|yep|ok|okay|maybe|probably|um+|uh|oh|the|number|option|#)[ ,.:]*)*"
    rf"(?P<word>{'|'.join((*PLACE_OF, LAST))})"
    r"[.)]?(?: (?:one|option|choice|of (?:them|those|these)|please|i think|i guess))*[ .!]*",
    re.IGNORECASE,
)


def chosen(text: str, offered: int) -> int | None:
    """The place, counted from 0, of the one of `offered` things that a message picks and says nothing else."""
    found = PICK.fullmatch(text.strip()) if len(text) <= 60 else None
    if found is None or not offered:
        return None
    word = found["word"].lower()
    place = offered - 1 if word == LAST else PLACE_OF[word]
    return place if place < offered else None
