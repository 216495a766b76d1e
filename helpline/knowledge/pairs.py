"""The facts about pairs: class pairs, exact overrides, mechanism tags and the few rules that have no pair."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.severity import IN_TABLES, ORDER
from helpline.knowledge.signing import Signable, signing
from helpline.knowledge.substances import TAGS
from helpline.knowledge.tables import Row, read

_ANSWER = ("severity", "why", "mechanism", "signs", "sources", "relation", "evidence", "advice", "if_prescribed")
_SIGNED = ("reviewed", "status")
INTERACTION_COLUMNS = ("class_a", "class_b", *_ANSWER, *_SIGNED)
OVERRIDE_COLUMNS = ("substance_a", "substance_b", *_ANSWER, *_SIGNED)
FALLBACK_COLUMNS = ("tag_a", "tag_b", *_ANSWER, *_SIGNED)
RULE_COLUMNS = ("rule", *_ANSWER, *_SIGNED)
RULES = ("rescue", "same_drug", "shared_ingredient", "unknown")

Key = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """The ids that a row may point to."""

    sources: Collection[str]
    advice: Collection[str]


@dataclass(frozen=True)
class PairFact(Signable):
    """What one row says; `sources` are source ids and `advice` is an advice code.

    `kind` is "class", "substance", "tag" or "rule", and `pair` is as it stands in the table.
    """

    kind: str
    pair: Key
    severity: str
    why: str
    signs: tuple[str, ...]
    sources: tuple[str, ...]
    relation: tuple[str, ...]
    advice: str
    if_prescribed: str


def key(one: str, other: str) -> Key:
    """The pair without an order, as the tables store it."""
    return (one, other) if one <= other else (other, one)


def load_interactions(folder: Path, classes: Collection[str], known: Known) -> dict[Key, PairFact]:
    """Class pairs, each stored once."""
    rows = read(folder, "interactions.csv", INTERACTION_COLUMNS)
    return _pairs(rows, ("class_a", "class_b"), "class", classes, known)


def load_overrides(folder: Path, substances: Collection[str], known: Known) -> dict[Key, PairFact]:
    """Pairs of two named substances that their classes do not describe, each stored once."""
    rows = read(folder, "overrides.csv", OVERRIDE_COLUMNS)
    return _pairs(rows, ("substance_a", "substance_b"), "substance", substances, known)


def load_fallbacks(folder: Path, known: Known) -> dict[Key, PairFact]:
    """Pairs of mechanism tags, for substances whose classes have no row."""
    return _pairs(read(folder, "fallbacks.csv", FALLBACK_COLUMNS), ("tag_a", "tag_b"), "tag", TAGS, known)


def load_rules(folder: Path, known: Known) -> dict[str, PairFact]:
    """What to say where no pair of rows decides: a rescue medicine, a drug taken twice, nothing known."""
    rules: dict[str, PairFact] = {}
    rows = read(folder, "rules.csv", RULE_COLUMNS)
    for row in rows:
        if row.one_of("rule", RULES) in rules:
            raise row.wrong(f"rule '{row['rule']}' stands twice")
        rules[row["rule"]] = _fact(row, known, frozenset(ORDER), "rule", (row["rule"], row["rule"]))
    for name in RULES:
        if name not in rules:
            raise rows[0].wrong(f"rule '{name}' is missing")
    return rules


def _pairs(
    rows: tuple[Row, ...], columns: tuple[str, str], what: str, members: Collection[str], known: Known
) -> dict[Key, PairFact]:
    facts: dict[Key, PairFact] = {}
    for row in rows:
        for column in columns:
            if row[column] not in members:
                raise row.wrong(f"unknown {what} '{row[column]}'")
        pair = row[columns[0]], row[columns[1]]
        if key(*pair) in facts:
            raise row.wrong(f"the pair '{pair[0]}' and '{pair[1]}' stands twice")
        facts[key(*pair)] = _fact(row, known, IN_TABLES, what, pair)
    return facts


def _fact(row: Row, known: Known, severities: frozenset[str], kind: str, pair: Key) -> PairFact:
    for source in row.several("sources"):
        if source not in known.sources:
            raise row.wrong(f"unknown source '{source}'")
    row.needed("sources")
    reviewed, status = signing(row)
    return PairFact(
        kind=kind,
        pair=pair,
        severity=row.one_of("severity", severities),
        why=row.needed("why"),
        signs=row.several("signs"),
        sources=row.several("sources"),
        relation=row.several("relation"),
        advice=row.one_of("advice", frozenset(known.advice)),
        if_prescribed=row["if_prescribed"],
        reviewed=reviewed,
        status=status,
    )
