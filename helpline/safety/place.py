"""Hears where and how a person can be reached: outside the US and Canada, or without a voice on the phone.

notices.csv holds patterns: one that `says` it, one that says it only where the message is an `urgent` one too ("he od'd
in london"), and one that does `not`: it takes back whatever it overlaps ("in paris texas").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpline.safety.errors import SafetyError
from helpline.safety.matcher import Hit, Matcher
from helpline.safety.patterns import Element, Groups, PatternError, Rewrite, parse
from helpline.tables import Row, read

ABROAD, CANNOT_SPEAK = "abroad", "cannot_speak"
NOTICES = (ABROAD, CANNOT_SPEAK)
SENSES = ("says", "urgent", "not")
# A message that says and takes back more often than this has said nothing; so hostile ones take no longer.
MOST_HITS = 50


class Notices:
    """The patterns of notices.csv, ready to read; pure, and linear in the length of the message."""

    def __init__(self, patterns: Sequence[tuple[Element, ...]], meanings: Sequence[tuple[str, str]]) -> None:
        self._matcher = Matcher(patterns)
        self._meanings = meanings
        self.vocabulary = self._matcher.vocabulary

    def of(self, words: Sequence[str], urgent: bool) -> tuple[str, ...]:
        """The notices that a message calls for, in the order of NOTICES."""
        found = self._matcher.find(words)
        heard = {self._meanings[number][0] for number in found.present if self._meanings[number][1] != "not"}
        if not heard:
            return ()
        hits = [found.locate(number, end) for number, end in found.ends[:MOST_HITS]]
        return tuple(notice for notice in NOTICES if notice in heard and self._stands(notice, hits, urgent))

    def _stands(self, notice: str, hits: Sequence[Hit], urgent: bool) -> bool:
        """Whether anything says it that nothing takes back."""
        enough = ("says", "urgent") if urgent else ("says",)
        own = [(hit, self._meanings[hit.pattern][1]) for hit in hits if self._meanings[hit.pattern][0] == notice]
        against = [hit for hit, sense in own if sense == "not"]
        return any(not any(_overlap(hit, each) for each in against) for hit, sense in own if sense in enough)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def load_notices(folder: Path, groups: Groups, rewrite: Rewrite) -> Notices:
    """The notices of the folder; SafetyError names file and row."""
    patterns, meanings = [], []
    for row in read(folder, "notices.csv", ("notice", "pattern", "sense"), SafetyError):
        meanings.append((row.one_of("notice", NOTICES), row.one_of("sense", SENSES)))
        patterns.append(_pattern(row, groups, rewrite))
    return Notices(patterns, meanings)


def _pattern(row: Row, groups: Groups, rewrite: Rewrite) -> tuple[Element, ...]:
    try:
        return parse(row.needed("pattern"), groups, rewrite)
    except PatternError as problem:
        raise row.wrong(str(problem)) from None
