"""The rows of the loaded tables in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.severity import RANK
from helpline.knowledge.signing import Signable
from helpline.knowledge.topics import Topics

FOLDER = Path(__file__).resolve().parents[2] / "data" / "knowledge"
SHOWN_NAMES = ("brand", "street")


def facts(knowledge: Knowledge) -> tuple[PairFact, ...]:
    """Every row with a severity."""
    tables = (knowledge.interactions, knowledge.overrides, knowledge.fallbacks, knowledge.rules)
    return tuple(fact for table in tables for fact in table.values())


def signable(topics: Topics) -> tuple[Signable, ...]:
    """Every row that a clinician signs, the table of substances aside."""
    texts = (text for about in topics.texts.values() for text in about.values())
    return (*facts(topics.knowledge), *topics.knowledge.facts, *texts)


def worst_first(rows: Iterable[PairFact]) -> list[PairFact]:
    """The rows by severity; of equals, the order of the table."""
    return sorted(rows, key=lambda row: -RANK[row.severity])


def other_names(knowledge: Knowledge) -> dict[str, list[str]]:
    """The brand and street names of each substance as they are written, without misspellings."""
    names: dict[str, list[str]] = {}
    for meanings in knowledge.names.spoken.values():
        for meaning in meanings:
            if meaning.kind in SHOWN_NAMES:
                names.setdefault(meaning.substance, []).append(meaning.written)
    return names
