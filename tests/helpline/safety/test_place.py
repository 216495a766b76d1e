"""Who says that they are abroad or cannot speak on the phone, and who only sounds like it."""

import csv
import shutil
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from helpline import safety
from helpline.safety.place import ABROAD, CANNOT_SPEAK
from tests.pace import fastest

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "safety"
SAFETY = safety.load(DATA)
ROWS = [(r["notice"], r["says"], r["text"]) for r in csv.DictReader((HERE / "notices.csv").open(encoding="utf-8"))]
QUIET = (HERE / "quiet.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("notice", "says", "text"), ROWS)
def test_hears_who_says_it_and_nobody_else(notice: str, says: str, text: str) -> None:
    assert (notice in SAFETY.triage(text).notices) == (says == "yes")


def test_there_are_enough_of_each() -> None:
    assert min(Counter((notice, says) for notice, says, _ in ROWS).values()) >= 60


def test_nothing_is_heard_in_ordinary_messages() -> None:
    assert [text for text in QUIET if SAFETY.triage(text).notices] == []


def test_an_emergency_keeps_its_concern() -> None:
    heard = SAFETY.triage("im deaf, im in london and my friend od'd")
    assert (heard.level, heard.notices, heard.abroad) == ("emergency", (ABROAD, CANNOT_SPEAK), True)
    assert SAFETY.triage("my friend od'd").abroad is False


def test_a_place_alone_counts_only_in_an_emergency() -> None:
    assert SAFETY.triage("my friend is not breathing, in london").abroad
    assert not SAFETY.triage("my friend got sober in london").abroad


@pytest.mark.parametrize(
    "part", ["im in london ", "im deaf. ", "in paris texas ", "from india to india ", "new mexico "]
)
def test_hostile_message_takes_bounded_time(part: str) -> None:
    text = (part * (2000 // len(part) + 1))[:2000]
    assert fastest(partial(SAFETY.triage, text), rounds=5) < 0.05


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("lost,i am lost,says", "unknown notice 'lost'"),
        ("abroad,i am lost,shouts", "unknown sense 'shouts'"),
        ("abroad,in @nowhere,says", "unknown group '@nowhere'"),
        ("abroad,,says", "empty pattern"),
    ],
)
def test_error_names_file_and_row(tmp_path: Path, row: str, problem: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    with (folder / "notices.csv").open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    with pytest.raises(safety.SafetyError, match=rf"^notices.csv:\d+: {problem}$"):
        safety.load(folder)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_said(language: str) -> None:
    abroad = SAFETY.helpline_reply(ABROAD, language).text
    assert all(each in abroad for each in ("911", "988", "112", "findahelpline.com", "[phone]"))
    silent = SAFETY.helpline_reply(CANNOT_SPEAK, language).text
    assert all(each in silent for each in ("988", "911", "711", "TTY", "ASL", "988lifeline.org", "[phone]"))
