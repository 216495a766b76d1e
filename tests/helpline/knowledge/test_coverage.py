"""The medicines, herbs and foods that people take every day are never silently dropped."""

import csv
from pathlib import Path

import pytest

from helpline.knowledge import Recogniser

LIST = Path(__file__).parent / "everyday_names.csv"
CARRIERS = (
    "can i take {} with {other}",
    "I take {other} and {} every day",
    "does {} interact with {other}",
    "why is {other} affected by {}",
)


def listed() -> list[tuple[str, str]]:
    """The 300 most prescribed medicines in the US, what is sold over the counter, vitamins, herbs and foods."""
    with LIST.open(encoding="utf-8", newline="") as table:
        return [(row["name"], row["substance"]) for row in csv.DictReader(table)]


EVERYDAY = listed()


def test_the_list_is_long_and_holds_no_name_twice() -> None:
    assert len({name for name, _ in EVERYDAY}) == len(EVERYDAY) >= 1900
    assert len({substance for _, substance in EVERYDAY}) >= 900


@pytest.mark.parametrize("carrier", CARRIERS)
def test_everyday_names_are_heard(recogniser: Recogniser, carrier: str) -> None:
    missed = []
    for name, substance in EVERYDAY:
        other, known = ("lisinopril", "lisinopril") if substance == "warfarin" else ("warfarin", "warfarin")
        heard = recogniser.hear(carrier.format(name, other=other))
        found = [mention.candidates for mention in heard.mentions if mention.certain and mention.candidates != (known,)]
        if found != [(substance,)] or len(heard.mentions) != 2 or heard.unknown or heard.vague or heard.negated:
            missed.append((name, substance, found, heard.unknown))
    assert not missed
