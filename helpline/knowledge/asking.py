"""Says of whom a message speaks, whether something was taken already, and whether it corrects what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from helpline.knowledge.names import spell
from helpline.knowledge.tables import read
from helpline.knowledge.words import words

FILE = "askings.csv"
COLUMNS = ("words", "says")
SAYS = frozenset({"self", "other", "took", "supposed", "earlier", "now", "corrects", "adds", "refers", "asks"})
LONGEST = 3
# "can i have taken": what makes a verb a supposition stands this close before it.
SUPPOSED_WITHIN = 4


class Asked(NamedTuple):
    """`person` is `self`, `other` or "" where nobody is named; `taken` is `now`, `earlier` or "" for nothing yet.

    `corrects`: it begins like "no, i meant", so what it names stands for something named before. `adds`: it says
    "and" or "too", and `refers`: "with it", so what it names comes to something named before. `asks`: "what is", "tell
    me about": about what it names alone.
    """

    person: str
    taken: str
    corrects: bool = False
    adds: bool = False
    refers: bool = False
    asks: bool = False


@dataclass(frozen=True)
class Asking:
    """The words of askings.csv by what they say."""

    says: Mapping[str, str]

    def read(self, text: str) -> Asked:
        """Who took or takes it, and when, by the words alone; in doubt nothing was taken and nobody is named."""
        found = self._found([word.text for word in words(text)])
        taken = next((place for place, kind in found if kind == "took" and not _supposed(found, place)), None)
        kinds = {kind for _, kind in found}
        corrects = found[:1] == [(0, "corrects")] and "adds" not in kinds
        when = "" if taken is None else _when(found)
        return Asked(_person(found, taken), when, corrects, "adds" in kinds, "refers" in kinds, "asks" in kinds)

    def _found(self, spoken: list[str]) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        place = 0
        while place < len(spoken):
            length = next((n for n in range(LONGEST, 0, -1) if " ".join(spoken[place : place + n]) in self.says), 0)
            if length:
                found.append((place, self.says[" ".join(spoken[place : place + length])]))
            place += max(length, 1)
        return found


def load_asking(folder: Path) -> Asking:
    """The table in `folder`; raises KnowledgeError with one sentence that names file and row."""
    says: dict[str, str] = {}
    for row in read(folder, FILE, COLUMNS):
        phrase = spell(row.needed("words"))
        if phrase in says:
            raise row.wrong(f"the words '{row['words']}' stand twice")
        says[phrase] = row.one_of("says", SAYS)
    return Asking(says)


def _supposed(found: list[tuple[int, str]], verb: int) -> bool:
    return any(kind == "supposed" and 0 < verb - place <= SUPPOSED_WITHIN for place, kind in found)


def _person(found: list[tuple[int, str]], verb: int | None) -> str:
    """Whoever stands nearest before what was taken; where nothing was, whoever is named first."""
    persons = [(place, kind) for place, kind in found if kind in ("self", "other")]
    before = [kind for place, kind in persons if verb is not None and place < verb]
    if before:
        return before[-1]
    return persons[0][1] if persons else ""


def _when(found: list[tuple[int, str]]) -> str:
    kinds = {kind for _, kind in found}
    return "earlier" if "earlier" in kinds and "now" not in kinds else "now"
