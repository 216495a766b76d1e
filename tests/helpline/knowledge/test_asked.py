"""What real people would type, misspelled and in passing: every substance is heard, and nothing else is."""

import csv
from collections.abc import Iterator
from math import floor
from pathlib import Path
from typing import NamedTuple

import pytest

from helpline.knowledge import Knowledge, Recogniser

ASKED = Path(__file__).parent / "asked.csv"
# kind -> the least share of its rows, in percent, with all substances heard; then with nothing else heard.
FLOORS = {
    "mix": (96, 100),
    "misspelt": (94, 98),
    "medicine": (98, 97),
    "mention": (92, 98),
    "none": (100, 98),
}


class Row(NamedTuple):
    text: str
    missed: frozenset[str]
    extra: frozenset[str]


def generic(knowledge: Knowledge, recogniser: Recogniser, text: str) -> frozenset[str]:
    """What bot/evaluate.py counts as heard: the ingredients of what is certain, class words left out."""
    names = [mention.candidates[0] for mention in recogniser.hear(text).mentions if mention.certain]
    parts = {part for name in names for part in knowledge.ingredients(name)}
    return frozenset(
        part.lower()
        for part in parts
        if part not in knowledge.substances or knowledge.substances[part].kind != "class_term"
    )


def misses(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        if row.missed or row.extra:
            yield f"  {row.text}\n" + "".join(
                f"      {word}: {', '.join(sorted(names))}\n"
                for word, names in (("missed", row.missed), ("extra", row.extra))
                if names
            )


@pytest.fixture(scope="module")
def asked(knowledge: Knowledge, recogniser: Recogniser) -> dict[str, list[Row]]:
    kinds: dict[str, list[Row]] = {}
    with ASKED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            wanted = frozenset(name.lower() for name in line["substances"].split(";") if name)
            heard = generic(knowledge, recogniser, line["text"])
            # Whether "subs" counts as naloxone too is a matter of counting: it is inert in there.
            missed, extra = wanted - heard - {"naloxone"}, heard - wanted
            extra -= {"naloxone"} if "buprenorphine" in heard else set()
            kinds.setdefault(line["note"], []).append(Row(line["text"], missed, extra))
    return kinds


def test_every_kind_has_a_floor(asked: dict[str, list[Row]]) -> None:
    assert set(asked) == set(FLOORS)
    assert all(len(rows) >= 60 for rows in asked.values())


@pytest.mark.parametrize("kind", FLOORS)
def test_as_people_ask(asked: dict[str, list[Row]], kind: str) -> None:
    rows = asked[kind]
    whole = floor(100 * sum(not row.missed for row in rows) / len(rows))
    clean = floor(100 * sum(not row.extra for row in rows) / len(rows))
    summary = f"{kind}: {len(rows)} rows, all heard {whole} %, nothing else heard {clean} %\n{''.join(misses(rows))}"
    print(f"\n{summary}")
    assert (whole >= FLOORS[kind][0], clean >= FLOORS[kind][1]) == (True, True), summary
