"""The closed table of concerns: how urgent each is, what card it gets, and which context cancels its phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.escalation.contacts import CONCERNS
from helpline.safety.errors import SafetyError
from helpline.tables import Row, read

NONE = "none"
ALARMS = ("crisis", "emergency")
LEVELS = (NONE, "urgent", *ALARMS)
CARDS = ("helpline", "crisis", "emergency")


@dataclass(frozen=True)
class Concern:
    """One row: `rank` is higher for what must win; `about_other` is what the same words mean about somebody else.

    `guide` is the step of the guided emergency whose buttons come with the card, as guide/step; empty where none does.
    """

    name: str
    level: str
    card: str
    reply: str
    about_other: str
    contexts: frozenset[str]
    rank: tuple[int, int]
    guide: str

    @property
    def alarm(self) -> bool:
        """Whether it is a crisis or an emergency."""
        return self.level in ALARMS


def load_concerns(folder: Path) -> Mapping[str, Concern]:
    """The concerns by name; within a level the earlier row wins."""
    rows = read(folder, "concerns.csv", CONCERNS, SafetyError)
    concerns = {row["concern"]: _concern(row) for row in rows}
    for row in rows:
        if row["about_other"]:
            row.one_of("about_other", concerns)
    if len(concerns) != len(rows):
        raise SafetyError("concerns.csv:1: a concern stands twice")
    return concerns


def _concern(row: Row) -> Concern:
    level, card = row.one_of("level", LEVELS), row.one_of("card", CARDS)
    if (card == "helpline") != (level in (NONE, "urgent")) or (card != "helpline" and card != level):
        raise row.wrong(f"card '{card}' does not go with level '{level}'")
    rank = (LEVELS.index(level), -row.line)
    contexts = frozenset(row.several("context"))
    return Concern(
        row.needed("concern"), level, card, row.needed("reply"), row["about_other"], contexts, rank, row["guide"]
    )
