"""What a short answer says: which of several offers it picks ("the second one"), or yes or no ("nah, not yet")."""

from __future__ import annotations

import re

PLACES = (
    ("1", "one", "first", "1st", "uno", "una", "primera", "primero"),
    ("2", "two", "second", "2nd", "dos", "segunda", "segundo"),
    ("3", "three", "third", "3rd", "tres", "tercera", "tercero"),
    ("4", "four", "fourth", "4th", "cuatro", "cuarta", "cuarto"),
    ("5", "five", "fifth", "5th", "cinco", "quinta", "quinto"),
    ("6", "six", "sixth", "6th", "seis", "sexta", "sexto"),
    ("7", "seven", "seventh", "7th", "siete"),
    ("8", "eight", "eighth", "8th", "ocho"),
    ("9", "nine", "ninth", "9th", "nueve"),
)
LAST = "last"
PLACE_OF = {word: place for place, words in enumerate(PLACES) for word in words}
PICK = re.compile(
    r"(?:(?:i mean|i meant|i think|it['’]?s|yes|yeah|yep|ok|okay|maybe|probably|um+|uh|oh|the|number|option"
    r"|el|la|n[úu]mero|#)[ ,.:]*)*"
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


YES = frozenset("yes yeah yep yea ya yup yah yess si sí".split())
NO = frozenset("no nope nah naw nop noo".split())
NOT_YET = re.compile(r"not (?:yet|really|at all)\b", re.IGNORECASE)
FIRST = re.compile(r"[^\W\d_]+")


def yes_or_no(text: str) -> str:
    """`yes` or `no` where a message begins with one, whatever follows; an empty string for every other."""
    first = FIRST.match(text.strip())
    word = first[0].lower() if first else ""
    if word in NO or NOT_YET.match(text.strip()):
        return "no"
    return "yes" if word in YES else ""
