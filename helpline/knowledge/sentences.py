"""The sentences a visitor reads: advice, verdicts and extra facts, and the sources they rest on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.pairs import Key, key
from helpline.knowledge.signing import Signable, signing
from helpline.knowledge.tables import KnowledgeError, read

SOURCE_COLUMNS = ("source", "title", "short_title", "publisher", "date", "licence", "url_status")
ADVICE_COLUMNS = ("advice", "text")
VERDICT_COLUMNS = ("verdict", "text")
_SOURCE_FIELDS = frozenset({"title", "short_title", "publisher", "date", "url_status"})
FACT_COLUMNS = ("class_a", "class_b", "text", "sources", "reviewed", "status")
# `verdict.serious.qt` and the like are optional refinements of these.
NEEDED_VERDICTS = (
    *(f"verdict.{severity}" for severity in ("dangerous", "serious", "caution", "check", "reversal", "unknown")),
    *(f"many.{severity}" for severity in ("dangerous", "serious", "caution", "check", "unknown")),
    "unknown_name", "in_case", "depends",
    "depressants", "watch", "rescue_too", "keep_taking", "call_prescriber", "sources", "number", "and",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A public source; `short_title` is what fits into a chat bubble."""

    title: str
    short_title: str
    publisher: str
    date: str
    url_status: str


@dataclass(frozen=True)
class Fact(Signable):
    """An extra sourced sentence that belongs to a pair of classes."""

    classes: Key
    text: str
    sources: tuple[str, ...]


def load_sources(folder: Path) -> dict[str, Source]:
    """Every source by its id."""
    sources: dict[str, Source] = {}
    for row in read(folder, "sources.csv", SOURCE_COLUMNS):
        if row.needed("source") in sources:
            raise row.wrong(f"source '{row['source']}' stands twice")
        sources[row["source"]] = Source(*(row.needed(column) for column in SOURCE_COLUMNS if column in _SOURCE_FIELDS))
    return sources


def load_advice(folder: Path) -> dict[str, str]:
    """What to do, by advice code."""
    return _texts(folder, "advice.csv", ADVICE_COLUMNS)


def load_verdicts(folder: Path) -> dict[str, str]:
    """The wording around the facts, by key; every key that an answer needs is there."""
    verdicts = _texts(folder, "verdicts.csv", VERDICT_COLUMNS)
    for name in NEEDED_VERDICTS:
        if name not in verdicts:
            raise KnowledgeError(f"verdicts.csv: verdict '{name}' is missing")
    return verdicts


def load_facts(folder: Path, classes: Collection[str], sources: Collection[str]) -> tuple[Fact, ...]:
    """Extra facts, each with known classes and at least one known source."""
    facts: list[Fact] = []
    for row in read(folder, "facts.csv", FACT_COLUMNS):
        for column in ("class_a", "class_b"):
            if row[column] not in classes:
                raise row.wrong(f"unknown class '{row[column]}'")
        row.needed("sources")
        for source in row.several("sources"):
            if source not in sources:
                raise row.wrong(f"unknown source '{source}'")
        classes_of = key(row["class_a"], row["class_b"])
        facts.append(Fact(*signing(row), classes_of, row.needed("text"), row.several("sources")))
    return tuple(facts)


def _texts(folder: Path, file: str, columns: tuple[str, str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for row in read(folder, file, columns):
        if row.needed(columns[0]) in texts:
            raise row.wrong(f"{columns[0]} '{row[columns[0]]}' stands twice")
        texts[row[columns[0]]] = row.needed("text")
    return texts
