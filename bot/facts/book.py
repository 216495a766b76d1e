"""What the tables say beyond what an answer needs: the status of every row, its order, every name as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.names import NAME_COLUMNS
from helpline.knowledge.pairs import FALLBACK_COLUMNS, INTERACTION_COLUMNS, OVERRIDE_COLUMNS, RULE_COLUMNS
from helpline.knowledge.sentences import FACT_COLUMNS
from helpline.knowledge.substances import CLASS_COLUMNS, SUBSTANCE_COLUMNS
from helpline.knowledge.tables import Row, read

FOLDER = Path(__file__).resolve().parents[2] / "data" / "knowledge"
UNSIGNED = "not signed"
SHOWN_NAMES = ("brand", "street")


@dataclass(frozen=True)
class Entry:
    """One row that can be signed; `kind` is "class", "substance", "tag" or "rule", and `a`, `b` are as in the table."""

    kind: str
    a: str
    b: str
    severity: str
    why: str
    signs: tuple[str, ...]
    advice: str
    if_prescribed: str
    sources: tuple[str, ...]
    reviewed: str
    status: str

    @property
    def signed(self) -> bool:
        """Whether a clinician has signed it."""
        return self.status != UNSIGNED


@dataclass(frozen=True)
class Extra:
    """One more sourced sentence about a pair of classes."""

    a: str
    b: str
    text: str
    sources: tuple[str, ...]
    reviewed: str
    status: str

    @property
    def signed(self) -> bool:
        """Whether a clinician has signed it."""
        return self.status != UNSIGNED


@dataclass(frozen=True)
class Listed:
    """One substance: the classes it is listed with, and the names people use for it (no misspellings)."""

    name: str
    classes: tuple[str, ...]
    names: tuple[str, ...]
    signed: bool


@dataclass(frozen=True)
class Book:
    """Every table in the order in which its rows stand; `descriptions` says in a clinician's words what a class is."""

    descriptions: dict[str, str]
    substances: tuple[Listed, ...]
    pairs: tuple[Entry, ...]
    overrides: tuple[Entry, ...]
    fallbacks: tuple[Entry, ...]
    rules: tuple[Entry, ...]
    extras: tuple[Extra, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every row with a severity."""
        return self.pairs + self.overrides + self.fallbacks + self.rules

    @property
    def signable(self) -> tuple[Entry | Extra, ...]:
        """Every row that a clinician signs, the table of substances aside."""
        return (*self.entries, *self.extras)


def read_book(folder: Path = FOLDER) -> Book:
    """The tables in `folder`; raises KnowledgeError as loading the knowledge does."""
    names: dict[str, list[str]] = {}
    for row in read(folder, "names.csv", NAME_COLUMNS):
        if row["kind"] in SHOWN_NAMES:
            names.setdefault(row["substance"], []).append(row["name"])
    return Book(
        descriptions={row["class"]: row["description"] for row in read(folder, "classes.csv", CLASS_COLUMNS)},
        substances=tuple(_listed(row, names) for row in read(folder, "substances.csv", SUBSTANCE_COLUMNS)),
        pairs=_entries(folder, "interactions.csv", INTERACTION_COLUMNS, "class"),
        overrides=_entries(folder, "overrides.csv", OVERRIDE_COLUMNS, "substance"),
        fallbacks=_entries(folder, "fallbacks.csv", FALLBACK_COLUMNS, "tag"),
        rules=_entries(folder, "rules.csv", RULE_COLUMNS, "rule"),
        extras=tuple(_extra(row) for row in read(folder, "facts.csv", FACT_COLUMNS)),
    )


def _entries(folder: Path, file: str, columns: tuple[str, ...], kind: str) -> tuple[Entry, ...]:
    first, second = ("rule", "rule") if kind == "rule" else (f"{kind}_a", f"{kind}_b")
    return tuple(_entry(row, kind, row[first], row[second]) for row in read(folder, file, columns))


def _entry(row: Row, kind: str, a: str, b: str) -> Entry:
    return Entry(
        kind=kind,
        a=a,
        b=b,
        severity=row["severity"],
        why=row["why"],
        signs=row.several("signs"),
        advice=row["advice"],
        if_prescribed=row["if_prescribed"],
        sources=row.several("sources"),
        reviewed=row["reviewed"],
        status=row["status"],
    )


def _extra(row: Row) -> Extra:
    return Extra(row["class_a"], row["class_b"], row["text"], row.several("sources"), row["reviewed"], row["status"])


def _listed(row: Row, names: dict[str, list[str]]) -> Listed:
    called = tuple(names.get(row["substance"], ()))
    return Listed(row["substance"], row.several("classes"), called, row["status"] != UNSIGNED)
