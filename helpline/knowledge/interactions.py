"""Substances in, facts out: every pair is looked at and the worst one leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.leading import by_classes, by_tags, by_twice
from helpline.knowledge.pairs import PairFact, key
from helpline.knowledge.severity import RANK, worse

RESCUE = "opioid_reversal"
ONLY_RESCUE = frozenset({RESCUE})
DEPRESSANT = frozenset({"respiratory_depressant", "cns_depressant"})


class Finding(NamedTuple):
    """What is known about `a` with `b`; `of` are the two things the person named, `advice` is an advice code."""

    a: str
    b: str
    severity: str
    why: str
    signs: tuple[str, ...]
    advice: str
    if_prescribed: str
    sources: tuple[str, ...]
    reviewed: str
    basis: str
    relation: tuple[str, ...]
    of: tuple[str, str]


@dataclass(frozen=True)
class Check:
    """Every finding, worst first; `depressants` counts what slows breathing or the brain. No findings: unknown."""

    severity: str
    substances: tuple[str, ...]
    findings: tuple[Finding, ...]
    depressants: int


def check(knowledge: Knowledge, substances: Sequence[str]) -> Check:
    """What is known about taking these together; never says that it does no harm."""
    named = tuple(knowledge.canonical(name) for name in substances)
    found: dict[tuple[str, str], Finding] = {}
    for finding in _findings(knowledge, named):
        pair = key(finding.a, finding.b)
        if pair not in found or RANK[finding.severity] > RANK[found[pair].severity]:
            found[pair] = finding
    findings = tuple(sorted(found.values(), key=lambda finding: -RANK[finding.severity]))
    depressants = _count_depressants(knowledge, named)
    severity = findings[0].severity if findings else "unknown"
    # Each of three depressants may be bearable with each other one; the sum is what stops breathing.
    severity = worse(severity, "dangerous") if depressants >= 3 else severity
    return Check(severity, named, findings, depressants)


def _findings(knowledge: Knowledge, named: tuple[str, ...]) -> Iterator[Finding]:
    for one, other in combinations(named, 2):
        yield from _between(knowledge, one, other)
    for name in dict.fromkeys(named):
        substance = knowledge.substances.get(name)
        if substance and substance.is_mix:
            parts = combinations(substance.parts, 2)
            yield from _known_or_first([_pair(knowledge, a, b, (name, name)) for a, b in parts])


def _between(knowledge: Knowledge, one: str, other: str) -> list[Finding]:
    of = (one, other)
    if one != other and _single(knowledge, one) and _single(knowledge, other):
        return [_pair(knowledge, one, other, of)]
    parts = _parts(knowledge, one), _parts(knowledge, other)
    same = set(parts[0]) == set(parts[1])
    inner = [
        _twice(knowledge, a, same, of) if a == b else _pair(knowledge, a, b, of)
        for a, b in product(*parts)
    ]  # fmt: skip
    if one == other:
        return _known_or_first(inner)
    # A product can have a row of its own (Symbyax, Paxlovid) that says more than its ingredients do.
    whole = _pair(knowledge, one, other, of)
    inner = [finding for finding in inner if finding.basis != "unknown"]
    if not inner or RANK[whole.severity] > max(RANK[finding.severity] for finding in inner):
        inner.append(whole)
    return inner


def _known_or_first(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.basis != "unknown"] or findings[:1]


def _single(knowledge: Knowledge, name: str) -> bool:
    substance = knowledge.substances.get(name)
    return substance is None or not substance.ingredients


def _parts(knowledge: Knowledge, name: str) -> tuple[str, ...]:
    substance = knowledge.substances.get(name)
    return substance.parts if substance else (name,)


def _pair(knowledge: Knowledge, one: str, other: str, of: tuple[str, str]) -> Finding:
    return _finding(one, other, of, *_fact(knowledge, one, other))


def _fact(knowledge: Knowledge, one: str, other: str) -> tuple[PairFact, str]:
    """The fact about two substances and what it rests on, in the order of DESIGN section 4."""
    a, b = knowledge.substances.get(one), knowledge.substances.get(other)
    if a is None or b is None:
        return knowledge.rules["unknown"], "unknown"
    if RESCUE in a.classes or RESCUE in b.classes:
        first = ONLY_RESCUE if RESCUE in a.classes else a.classes
        second = ONLY_RESCUE if RESCUE in b.classes else b.classes
        return by_classes(knowledge, first, second) or knowledge.rules["rescue"], "reversal"
    if exact := knowledge.overrides.get(key(one, other)):
        return exact, "override"
    if row := by_classes(knowledge, a.classes, b.classes):
        return row, "class"
    if fallback := by_tags(knowledge, a.tags, b.tags):
        return fallback, "tag"
    return knowledge.rules["unknown"], "unknown"


def _twice(knowledge: Knowledge, name: str, same: bool, of: tuple[str, str]) -> Finding:
    """The same drug from both sides: what its class says about doubling it, and at least what the rule says."""
    substance = knowledge.substances.get(name)
    if substance and (RESCUE in substance.classes or substance.kind == "class_term"):
        return _pair(knowledge, name, name, of)
    basis = "same_drug" if same else "shared_ingredient"
    rule = knowledge.rules[basis]
    row = by_twice(knowledge, substance.classes) if substance else None
    finding = _finding(name, name, of, row or rule, basis)
    why = " ".join(part for part in (rule.why.replace("{a}", name), row.why if row else "") if part)
    return finding._replace(why=why, severity=worse(finding.severity, rule.severity))


def _finding(one: str, other: str, of: tuple[str, str], fact: PairFact, basis: str) -> Finding:
    return Finding(
        one, other, fact.severity, fact.why, fact.signs, fact.advice, fact.if_prescribed, fact.sources, fact.reviewed,
        basis, fact.relation, of,
    )  # fmt: skip


def _count_depressants(knowledge: Knowledge, named: tuple[str, ...]) -> int:
    found: set[str] = set()
    for name in named:
        substance = knowledge.substances.get(name)
        if substance is None or not substance.tags & DEPRESSANT:
            continue
        parts = [knowledge.substances[part] for part in substance.parts if part in knowledge.substances]
        found |= {part.name for part in parts if part.tags & DEPRESSANT} or {name}
    return len(found)
