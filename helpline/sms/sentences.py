"""The sentences of an answer, and which of them a short text can do without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from helpline.sms.segments import plain

# A sentence ends here, unless what ends is a short form such as a.m. or St.
END = re.compile(r"(?<=[.!?])(?<!\b[A-Za-z]\.[A-Za-z]\.)(?<!\b(?:St|Dr|Mr|vs|No)\.)\s+(?=[^\sa-z])")
NUMBERS = re.compile(r"\b\d-\d{3}-\d{3}-\d{4}\b|\b\d{5,6}\b|\b\d{3}\b")
ALARM = re.compile(r"\b(?:911|988)\b")
WARNING = re.compile(r"\b(?:suddenly|de golpe)\b|^Watch for\b", re.IGNORECASE)
# What only the web chat has; LINK leads there.
OF_THE_WEB = re.compile(r"\b(?:clear|borre) (?:this|este) chat\b", re.IGNORECASE)
VERDICT = re.compile(
    r"^(?:do not (?:mix|take|add)|mixing|taking|be careful|check with|i have no checked facts|i don't know)\b"
    r"|keep taking|does not mean",
    re.IGNORECASE,
)
TO_DO = re.compile(
    r"\b(?:do not|don't|never|call|ask|give|tell|keep|stay|check|lay|put|sit|lie|go|get|hold|use|wait|text|see|look|add"
    r"|take|talk|type|name|try|move|start|stop|roll|cool)\b|\?$",
    re.IGNORECASE,
)
SOURCES, SIGNS = "Sources: ", "Watch for: "
# A comma between two signs; one with an "or" behind it may stand within a sign.
BETWEEN_SIGNS = re.compile(r", (?![^,]* (?:or|and) )")
FEWEST_SIGNS = 2


class Worth(IntEnum):
    """What a sentence is worth in a text; the lower stays the longer."""

    NEEDED = 0
    WARNING = 1
    VERDICT = 2
    TO_DO = 3
    NUMBER = 4
    WHY = 5
    NOT_IN_A_TEXT = 6


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
    told: set[str] = set()
    for place, (bubble, asks) in enumerate(zip(bubbles, asking, strict=True)):
        lines = plain(bubble).split("\n")
        for line, text in ((line, text) for line, words in enumerate(lines) for text in split(words) if text):
            found.setdefault(text, Sentence(text, place, line, _worth(text, phone, told)))
            told.update(NUMBERS.findall(text))
        last = split(lines[-1])[-1]
        if asks and last:
            found[last] = replace(found[last], worth=Worth.NEEDED)
    said = list(found.values())
    return [replace(said[0], worth=Worth.NEEDED), *said[1:]] if said else []


def fewer_signs(text: str) -> Iterator[str]:
    """The sentence of the signs with one sign less each time, the last ones first."""
    if text.startswith(SIGNS):
        signs = BETWEEN_SIGNS.split(text.removeprefix(SIGNS).removesuffix("."))
        for count in range(len(signs) - 1, FEWEST_SIGNS - 1, -1):
            yield f"{SIGNS}{', '.join(signs[:count])}."


def _worth(text: str, phone: str, told: set[str]) -> Worth:
    if text.startswith(SOURCES) or OF_THE_WEB.search(text):
        return Worth.NOT_IN_A_TEXT
    others = text.replace(phone, "")
    if ALARM.search(others):
        return Worth.NEEDED
    if WARNING.search(others) or not told.issuperset(NUMBERS.findall(others)):
        return Worth.WARNING
    if VERDICT.search(others):
        return Worth.VERDICT
    if others != text:
        return Worth.NUMBER
    return Worth.TO_DO if TO_DO.search(text) else Worth.WHY
