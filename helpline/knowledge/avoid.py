"""Which substances, and kinds of them, the pair tables call dangerous or serious together with one substance."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.interactions import RESCUE
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.leading import by_classes
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.severity import RANK
from helpline.knowledge.tables import read

FILE = "class_words.csv"
COLUMNS = ("class", "words")
MOST_DANGEROUS, MOST_SERIOUS = 20, 8
MOST_IN_A_SENTENCE = 5
_SENTENCE = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True)
class Avoid:
    """Plain words for what to leave apart, kinds before single substances, and the sources' ids."""

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
    """The substances and kinds with a dangerous or serious row; what a wider kind already names is left out."""
    facts = {other: fact for other in class_words if (fact := _fact(knowledge, name, other))}
    named = _named(knowledge, name, facts)
    dangerous = [*_widest(knowledge, facts, "dangerous"), *_of(named, "dangerous")][:MOST_DANGEROUS]
    serious = [*_widest(knowledge, facts, "serious"), *_of(named, "serious")][:MOST_SERIOUS]
    sources = dict.fromkeys(source for other in (*dangerous, *serious) for source in (named | facts)[other].sources)
    words = [tuple(class_words.get(other) or other for other in others) for others in (dangerous, serious)]
    return Avoid(words[0], words[1], tuple(sources))


def _named(knowledge: Knowledge, name: str, kinds: dict[str, PairFact]) -> dict[str, PairFact]:
    """The overrides of a substance and its ingredients, by the other's name, unless its kind is as grave."""
    substance = knowledge.substances.get(name)
    if substance is None or RESCUE in substance.classes:
        return {}
    own = {name, *substance.parts}
    found: dict[str, PairFact] = {}
    for pair, fact in knowledge.overrides.items():
        others = [each for each in pair if each not in own]
        if len(others) != 1 or knowledge.substances[others[0]].kind != "single":
            continue
        graver = (kinds[each] for each in knowledge.substances[others[0]].classes if each in kinds)
        if not any(RANK[each.severity] >= RANK[fact.severity] for each in graver):
            found[others[0]] = fact
    return found


def _of(facts: dict[str, PairFact], severity: str) -> list[str]:
    return [other for other, fact in facts.items() if fact.severity == severity]


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
