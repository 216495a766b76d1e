"""What people type in answer to a step of a guided emergency, from the table guide_answers.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.safety.errors import SafetyError
from helpline.safety.matcher import Matcher
from helpline.safety.patterns import Element, Groups, PatternError, Rewrite, parse
from helpline.safety.reading import Reader
from helpline.tables import Row, read


@dataclass(frozen=True)
class Answer:
    """One thing to say: the numbers of the patterns that say it, and of those that say that it is not so."""

    heard: frozenset[int]
    unless: frozenset[int]

    def given(self, present: frozenset[int]) -> bool:
        """Whether a message with these patterns says it. In doubt it does not: no breathing is never breathing."""
        return not present.isdisjoint(self.heard) and present.isdisjoint(self.unless)


class Answers:
    """Every answer, by its name."""

    def __init__(self, answers: Mapping[str, Answer], patterns: Sequence[Sequence[Element]], reader: Reader) -> None:
        self._answers = answers
        self._matcher = Matcher(patterns)
        self._reader = reader

    @property
    def names(self) -> frozenset[str]:
        """The answers that there are."""
        return frozenset(self._answers)

    def words(self, text: str) -> tuple[str, ...]:
        """The plain words of a text."""
        return self._reader.words(text)

    def given(self, words: Sequence[str]) -> frozenset[str]:
        """The names of the answers that these words give."""
        present = self._matcher.find(words).present
        return frozenset(name for name, answer in self._answers.items() if answer.given(present))


def load_answers(folder: Path, reader: Reader, groups: Groups, rewrite: Rewrite) -> Answers:
    """The answers of `folder`; SafetyError names file and row."""
    patterns: list[Sequence[Element]] = []
    answers: dict[str, Answer] = {}
    for row in read(folder, "guide_answers.csv", ("answer", "heard", "unless"), SafetyError):
        row.needed("heard")
        if row.needed("answer") in answers:
            raise row.wrong(f"'{row['answer']}' stands twice")
        heard, unless = (_numbered(row, column, patterns, groups, rewrite) for column in ("heard", "unless"))
        answers[row["answer"]] = Answer(heard, unless)
    return Answers(answers, patterns, reader)


def _numbered(
    row: Row, column: str, patterns: list[Sequence[Element]], groups: Groups, rewrite: Rewrite
) -> frozenset[int]:
    first = len(patterns)
    for pattern in row.several(column):
        try:
            patterns.append(parse(pattern, groups, rewrite))
        except PatternError as problem:
            raise row.wrong(f"'{pattern}': {problem}") from None
    return frozenset(range(first, len(patterns)))
