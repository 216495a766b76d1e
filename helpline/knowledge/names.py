"""What people call each substance, and the words that must not be taken for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from helpline.knowledge.tables import read, read_words
from helpline.knowledge.words import words

NAME_COLUMNS = ("name", "substance", "kind", "ambiguous", "common_word")
LOOKALIKE_COLUMNS = ("name_a", "substance_a", "name_b", "substance_b")
FALSE_POSITIVE_COLUMNS = ("words", "name")
CUE_COLUMNS = ("word", "cue")
NAME_KINDS = frozenset({"canonical", "brand", "street", "misspelling"})
VAGUE_COLUMNS = ("words", "need")
NEGATION_COLUMNS = ("word", "kind")
# How sure the surroundings must be before the word is a drug: "" always is one; "context" wants talk of drugs, and
# "alone" too unless it is the whole message; "food" wants a drug and talk of taking; "state" ("wasted") and "ended"
# ("had a few") want their place in the sentence; "beside" wants another drug right next to it ("x", "line", "horse").
NEEDS = ("", "alone", "context", "food", "state", "ended", "beside")
CUES = frozenset(
    "mix take medicine maybe strong join determiner pronoun filler being hooked later eat follow owner vague_adjective"
    .split()
)  # fmt: skip
NEGATIONS = frozenset(
    "none not said_of helper subject adverb verb modal partly between also and together later double again".split()
)  # fmt: skip


class Meaning(NamedTuple):
    """One substance that a name stands for, what its surroundings must offer, the kind of name, and its spelling."""

    substance: str
    need: str
    kind: str
    written: str


@dataclass(frozen=True)
class Names:
    """`spoken` maps folded words to what they can mean; `lookalikes` maps a spelling to (other, own, its substance).

    `not_names` maps words that are no drug to the name they would be taken for ("" for any); `vague` maps words that
    name no medicine ("my meds") to what they need.
    """

    spoken: dict[str, tuple[Meaning, ...]]
    lookalikes: dict[str, tuple[tuple[str, str, str], ...]]
    not_names: dict[str, str]
    common_words: frozenset[str]
    cues: dict[str, frozenset[str]]
    vague: dict[str, str]
    negations: dict[str, frozenset[str]]


def spell(name: str) -> str:
    """The name as the recogniser sees it: folded words with one space between them."""
    if name.isascii() and name.isalpha():
        return name.lower()
    return " ".join(word.text for word in words(name))


def load_names(folder: Path, substances: Collection[str]) -> Names:
    """Every table about words; a name that stands for several substances must say so in every one of its rows."""
    spoken = _load_spoken(folder, substances)
    false_positives = read(folder, "false_positives.csv", FALSE_POSITIVE_COLUMNS)
    return Names(
        spoken=spoken,
        lookalikes=_load_lookalikes(folder, substances),
        not_names={spell(row.needed("words")): spell(row["name"]) for row in false_positives},
        common_words=read_words(folder, "common_words.txt") - spoken.keys(),
        cues=_load_kinds(folder, "cues.csv", CUE_COLUMNS, CUES),
        vague=_load_vague(folder, spoken),
        negations=_load_kinds(folder, "negations.csv", NEGATION_COLUMNS, NEGATIONS),
    )


def _load_spoken(folder: Path, substances: Collection[str]) -> dict[str, tuple[Meaning, ...]]:
    spoken: dict[str, tuple[Meaning, ...]] = {}
    ambiguous: dict[str, str] = {}
    for row in read(folder, "names.csv", NAME_COLUMNS):
        if row["substance"] not in substances:
            raise row.wrong(f"unknown substance '{row['substance']}'")
        row.one_of("kind", NAME_KINDS), row.one_of("common_word", NEEDS), row.one_of("ambiguous", ("yes", "no"))
        name = spell(row.needed("name"))
        if not name:
            raise row.wrong(f"the name '{row['name']}' holds no letter or digit")
        others = spoken.get(name, ())
        if row["substance"] in (meaning.substance for meaning in others):
            raise row.wrong(f"the name '{row['name']}' stands twice for '{row['substance']}'")
        if others and "no" in (row["ambiguous"], ambiguous[name]):
            raise row.wrong(f"the name '{row['name']}' means several substances and is not marked ambiguous")
        ambiguous[name] = row["ambiguous"]
        spoken[name] = (*others, Meaning(row["substance"], row["common_word"], row["kind"], row["name"]))
    return spoken


def _load_lookalikes(folder: Path, substances: Collection[str]) -> dict[str, tuple[tuple[str, str, str], ...]]:
    found: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for row in read(folder, "lookalikes.csv", LOOKALIKE_COLUMNS):
        for column in ("substance_a", "substance_b"):
            if row[column] not in substances:
                raise row.wrong(f"unknown substance '{row[column]}'")
        one, other = spell(row.needed("name_a")), spell(row.needed("name_b"))
        found[one] = (*found.get(one, ()), (other, row["substance_a"], row["substance_b"]))
        found[other] = (*found.get(other, ()), (one, row["substance_b"], row["substance_a"]))
    return found


def _load_vague(folder: Path, spoken: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read(folder, "vague.csv", VAGUE_COLUMNS):
        phrase = spell(row.needed("words"))
        if phrase in spoken:
            raise row.wrong(f"the words '{row['words']}' are a name in names.csv")
        if phrase in found:
            raise row.wrong(f"the words '{row['words']}' stand twice")
        found[phrase] = row.one_of("need", ("", "place"))
    return found


def _load_kinds(folder: Path, file: str, columns: tuple[str, str], kinds: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in kinds}
    for row in read(folder, file, columns):
        found[row.one_of(columns[1], kinds)].add(row.needed(columns[0]))
    return {kind: frozenset(each) for kind, each in found.items()}
