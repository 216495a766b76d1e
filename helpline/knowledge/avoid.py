"""Which kinds of substances the pair tables call dangerous or serious together with one substance."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.interactions import RESCUE
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.leading import by_classes
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.tables import read

FILE = "class_words.csv"
COLUMNS = ("class", "words")
MOST_SERIOUS = 8
MOST_IN_A_SENTENCE = 5
_SENTENCE = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True)
class Avoid:
    """Plain words for the kinds to leave apart, every dangerous one and some serious ones, and the sources' ids."""

    dangerous: tuple[str, ...]
    serious: tuple[str, ...]
    sources: tuple[str, ...]


def load_class_words(folder: Path, classes: Collection[str]) -> dict[str, str]:
    """Plain words for the classes that a visitor may be warned of; the order is that of the list."""
    words: dict[str, str] = {}
    for row in read(folder, FILE, COLUMNS):
        if row["class"] not in classes:
            raise row.wrong(f"unknown class '{row['class']}'")
        if row["class"] in words:
            raise row.wrong(f"class '{row['class']}' stands twice")
        words[row["class"]] = row.needed("words")
    return words


def avoid(knowledge: Knowledge, class_words: dict[str, str], name: str) -> Avoid:
    """The kinds with a dangerous or serious row; a kind is left out where a wider one is already named."""
    facts = {other: fact for other in class_words if (fact := _fact(knowledge, name, other))}
    dangerous = _widest(knowledge, facts, "dangerous")
    serious = _widest(knowledge, facts, "serious")[:MOST_SERIOUS]
    sources = dict.fromkeys(source for other in (*dangerous, *serious) for source in facts[other].sources)
    words = [tuple(class_words[other] for other in others) for others in (dangerous, serious)]
    return Avoid(words[0], words[1], tuple(sources))


def _fact(knowledge: Knowledge, name: str, other: str) -> PairFact | None:
    substance = knowledge.substances.get(name)
    # Two of a kind is another question; a rescue medicine is never to be left apart.
    if substance is None or RESCUE in substance.classes or other in substance.classes:
        return None
    return by_classes(knowledge, substance.classes, knowledge.families[other])


def _widest(knowledge: Knowledge, facts: dict[str, PairFact], severity: str) -> list[str]:
    graver = ("dangerous",) if severity == "dangerous" else ("dangerous", "serious")
    covered = {other for other, fact in facts.items() if fact.severity in graver}
    return [
        other
        for other, fact in facts.items()
        if fact.severity == severity and not (knowledge.families[other] - {other}) & covered
    ]


def filled(frame: Sequence[str], name: str, found: Avoid, last: str) -> tuple[str, ...]:
    """The frame's bubbles with the names in them; each {dangerous} and {serious} takes the next few names.

    A sentence that finds no names left is dropped, and with the first of its kind the bubble.
    """
    waiting = {"{dangerous}": _groups(found.dangerous), "{serious}": _groups(found.serious)}
    bubbles = []
    for bubble in frame:
        if any(mark in bubble and not groups for mark, groups in waiting.items()):
            continue
        sentences = (_sentence(each, waiting, last) for each in _SENTENCE.split(bubble.replace("{name}", name)))
        bubbles.append(" ".join(sentence for sentence in sentences if sentence))
    return tuple(bubbles)


def _sentence(text: str, waiting: dict[str, list[tuple[str, ...]]], last: str) -> str:
    for mark, groups in waiting.items():
        if mark in text:
            return text.replace(mark, _listed(groups.pop(0), last)) if groups else ""
    return text


def _groups(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[start : start + MOST_IN_A_SENTENCE] for start in range(0, len(words), MOST_IN_A_SENTENCE)]


def _listed(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
