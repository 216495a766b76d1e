"""The sentences of an answer, and which of them a short text can do without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from helpline.sms.segments import plain

# A sentence ends here, unless what ends is a short form such as a.m. or St.
END = re.compile(r"(?<=[.!?])(?<!\b[A-Za-z]\.[A-Za-z]\.)(?<!\b(?:St|Dr|Mr|vs|No)\.)\s+(?=[^\sa-z])")
# A number to call or to text, or an address.
CONTACT = re.compile(r"\b\d-\d{3}-\d{3}-\d{4}\b|\b\d{5,6}\b|\b\d{3}\b|\b\w+\.(?:com|gov|net|org)\b")
ALARM = re.compile(r"\b(?:911|988)\b")
NOT_SUDDENLY = re.compile(r"\b(?:suddenly|de golpe)\b", re.IGNORECASE)
# What only the web chat has; LINK leads there.
OF_THE_WEB = re.compile(r"\b(?:clear|borre) (?:this|este) chat\b", re.IGNORECASE)
NALOXONE = re.compile(r"^(?:give|dé) (?:\w+ )?naloxon[ea]\b", re.IGNORECASE)
VERDICT = re.compile(
    r"^(?:this is in case|do not (?:mix|take|add)|mixing|taking|be careful|check with|i have no checked facts"
    r"|i don't know)\b|keep taking|does not mean",
    re.IGNORECASE,
)
TO_DO = re.compile(
    r"\b(?:do not|don't|never|call|ask|give|tell|keep|stay|check|lay|put|sit|lie|go|get|hold|use|wait|text|see|look|add"
    r"|take|talk|type|name|try|move|start|stop|roll|cool)\b|\?$",
    re.IGNORECASE,
)
SOURCES, SIGNS = "Sources: ", "Watch for: "
OF_SIGNS = re.compile(r"of these signs")
# A comma between two signs; one with an "or" behind it may stand within a sign.
BETWEEN_SIGNS = re.compile(r", (?![^,]* (?:or|and) )")
FEWEST_SIGNS = 1
WORD = re.compile(r"\b(?:[^\W\d_]{4,5}|\d+)")
SAY_NOTHING = frozenset("call have them they this very when will with your".split())
REPEATED = 0.7  # of a sentence's words, from which on another says the same


class Worth(IntEnum):
    """What a sentence is worth in a text; the lower stays the longer.

    The first two are left out of no text that we have; FIRST_AND_ASKED holds the question before quick replies.
    """

    FIRST_AND_ASKED = 0
    ALARM = 1
    NOT_SUDDENLY = 2
    NALOXONE = 3
    WARNING = 4
    VERDICT = 5
    TO_DO = 6
    NUMBER = 7
    WHY = 8
    REPEATED = 9
    NOT_IN_A_TEXT = 10


@dataclass(frozen=True)
class Sentence:
    """A sentence, the bubble and the line of it that it stands in, and what it is worth."""

    text: str
    bubble: int
    line: int
    worth: Worth


def split(text: str) -> list[str]:
    """The sentences of a line in order."""
    return END.split(text)


def sentences(bubbles: Sequence[str], asking: Sequence[bool], phone: str) -> list[Sentence]:
    """The sentences of all bubbles in plain letters, each said once; those that are `asking` end in their question."""
    found: dict[str, Sentence] = {}
    for place, (bubble, asks) in enumerate(zip(bubbles, asking, strict=True)):
        lines = plain(bubble).split("\n")
        for line, text in ((line, text) for line, words in enumerate(lines) for text in split(words) if text):
            found.setdefault(text, Sentence(text, place, line, _worth(text, phone, " ".join(found))))
        last = split(lines[-1])[-1]
        if asks and last:
            found[last] = replace(found[last], worth=Worth.FIRST_AND_ASKED)
    first, *others = found.values() or [Sentence("", 0, 0, Worth.WHY)]
    return _without_repeats(_with_signs([replace(first, worth=Worth.FIRST_AND_ASKED), *others]))


def alike(one: str, other: str) -> float:
    """How much of what one text says the other says too, by the beginnings of their words: from 0 to 1."""
    words, others = (set(WORD.findall(text.lower())) - SAY_NOTHING for text in (one, other))
    return len(words & others) / max(1, len(words))


def fewer_signs(text: str) -> Iterator[str]:
    """The sentence of the signs with one sign less each time, the last ones first."""
    if text.startswith(SIGNS):
        signs = BETWEEN_SIGNS.split(text.removeprefix(SIGNS).removesuffix("."))
        for count in range(len(signs) - 1, FEWEST_SIGNS - 1, -1):
            yield f"{SIGNS}{', '.join(signs[:count])}."


def _with_signs(said: list[Sentence]) -> list[Sentence]:
    """Where another sentence speaks of the signs they are as needed as it is."""
    if not any(OF_SIGNS.search(each.text) for each in said):
        return said
    return [replace(each, worth=Worth.ALARM) if each.text.startswith(SIGNS) else each for each in said]


def _without_repeats(said: list[Sentence]) -> list[Sentence]:
    """Whom to call when is often said twice in other words; the sentence that says less is the one repeated."""
    for place, each in enumerate(said[1:], 1):
        others = [other.text for other in said if other is not each and other.worth <= Worth.NALOXONE]
        if each.worth in (Worth.ALARM, Worth.NALOXONE) and any(alike(each.text, other) >= REPEATED for other in others):
            said[place] = replace(each, worth=Worth.REPEATED)
    return said


def _worth(text: str, phone: str, before: str) -> Worth:
    if text.startswith(SOURCES) or OF_THE_WEB.search(text):
        return Worth.NOT_IN_A_TEXT
    others = text.replace(phone, "")
    if ALARM.search(others):
        return Worth.ALARM
    if NOT_SUDDENLY.search(others):
        return Worth.NOT_SUDDENLY
    if NALOXONE.search(others):
        return Worth.NALOXONE
    if text.startswith(SIGNS) or not set(CONTACT.findall(others)) <= set(CONTACT.findall(before)):
        return Worth.WARNING
    if VERDICT.search(others):
        return Worth.VERDICT
    if others != text:
        return Worth.NUMBER
    return Worth.TO_DO if TO_DO.search(text) else Worth.WHY
