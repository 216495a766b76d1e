"""Loads the phrases, their word groups, context rules and spellings, all of them data that a clinician can edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.safety.concerns import Concern
from helpline.safety.context import DIRECTIONS, PSEUDO, STOP, Rule
from helpline.safety.errors import SafetyError
from helpline.safety.patterns import Element, Groups, PatternError, Rewrite, members, parse
from helpline.tables import Row, read

PHRASES = ("concern", "pattern", "person", "needs", "unless", "context", "weight", "language")
PERSONS = ("any", "self", "other")
FULL, SOFT, HALF = WEIGHTS = ("full", "soft", "half")
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Phrase:
    """One row of phrases.csv; `needs` and `unless` are pattern numbers that must or must not be in the message.

    A `full` phrase raises its concern by itself. A `soft` one does unless the classifier thinks it unlikely: those are
    the ones that were wrong in a tenth of the written examples or more. Two different `half` ones make a whole.
    """

    concern: str
    person: str
    needs: tuple[int, ...]
    unless: tuple[int, ...]
    contexts: frozenset[str]
    weight: str
    language: str


@dataclass(frozen=True)
class Book:
    """Everything that is looked for: the patterns, and what each of them is by its number."""

    patterns: tuple[tuple[Element, ...], ...]
    phrases: Mapping[int, Phrase]
    rules: Mapping[int, Rule]
    groups: Groups

    @property
    def anywhere(self) -> frozenset[int]:
        """The numbers of the patterns that only need to occur somewhere in the message."""
        return frozenset(range(len(self.patterns))) - self.phrases.keys() - self.rules.keys()


class _Collector:
    def __init__(self, groups: Groups, rewrite: Rewrite) -> None:
        self.groups = groups
        self._rewrite = rewrite
        self.patterns: list[tuple[Element, ...]] = []
        self._numbers: dict[str, int] = {}

    def add(self, row: Row, pattern: str) -> int:
        try:
            self.patterns.append(parse(pattern, self.groups, self._rewrite))
        except PatternError as problem:
            raise row.wrong(str(problem)) from None
        return len(self.patterns) - 1

    def shared(self, row: Row, patterns: Sequence[str]) -> tuple[int, ...]:
        for pattern in patterns:
            if pattern not in self._numbers:
                self._numbers[pattern] = self.add(row, pattern)
        return tuple(self._numbers[pattern] for pattern in patterns)


def load_book(folder: Path, concerns: Mapping[str, Concern], rewrite: Rewrite) -> Book:
    """Every phrase and context rule of the folder; SafetyError names file and row."""
    collector = _Collector(load_groups(folder, rewrite), rewrite)
    rules = {}
    for row in read(folder, "context.csv", ("category", "pattern", "direction", "reach"), SafetyError):
        reach = row["reach"] or "0"
        if not reach.isdigit():
            raise row.wrong(f"reach '{reach}' is not a number of words")
        rule = Rule(row.needed("category"), row.one_of("direction", DIRECTIONS), int(reach))
        rules[collector.add(row, row.needed("pattern"))] = rule
    categories = {rule.category for rule in rules.values()}
    phrases = {}
    for row in read(folder, "phrases.csv", PHRASES, SafetyError):
        concern = concerns[row.one_of("concern", concerns)]
        phrases[collector.add(row, row.needed("pattern"))] = Phrase(
            concern.name,
            row.one_of("person", PERSONS),
            collector.shared(row, row.several("needs")),
            collector.shared(row, row.several("unless")),
            _contexts(row, concern.contexts, categories),
            row.one_of("weight", WEIGHTS),
            row.one_of("language", LANGUAGES),
        )
    _check_context_names(concerns, categories)
    return Book(tuple(collector.patterns), phrases, rules, collector.groups)


def load_groups(folder: Path, rewrite: Rewrite) -> Groups:
    """The word groups; a member may be several words, `6..40` for numbers, or `@group` for all of another one."""
    groups: dict[str, frozenset[tuple[str, ...]]] = {}
    for row in read(folder, "words.csv", ("group", "words"), SafetyError):
        name = row.needed("group")
        try:
            added = frozenset().union(*(members(each, groups, rewrite) for each in row.several("words")))
        except PatternError as problem:
            raise row.wrong(str(problem)) from None
        groups[name] = groups.get(name, frozenset()) | added
    return groups


def _contexts(row: Row, default: frozenset[str], known: Collection[str]) -> frozenset[str]:
    contexts = set(default)
    for name in row.several("context"):
        bare = name.lstrip("+-")
        if bare == name or bare not in known:
            raise row.wrong(f"unknown context '{name}'")
        if name.startswith("-"):
            contexts.discard(bare)
        else:
            contexts.add(bare)
    return frozenset(contexts)


def _check_context_names(concerns: Mapping[str, Concern], known: Collection[str]) -> None:
    for concern in concerns.values():
        for name in sorted(concern.contexts - set(known)):
            raise SafetyError(f"concerns.csv: unknown context '{name}' of '{concern.name}'")
    for name in sorted(known):
        stopped = name.partition("_")[2] if name.startswith(STOP + "_") else ""
        if name != PSEUDO and stopped and stopped not in known:
            raise SafetyError(f"context.csv: '{name}' stops an unknown context")
