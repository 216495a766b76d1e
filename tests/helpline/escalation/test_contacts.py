"""Every number is written once, and only numbers that are settled are shown."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from helpline.escalation import ContactError, load

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data" / "safety"
CONTACTS = load(DATA)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Call [phone].", "Call (844) 557-8575."),
        ("[poison_control] or [phone]", "1-800-222-1222 or (844) 557-8575"),
        ("[crisis_text]", "text HOME to 741741"),
        ("[crisis_text_es]", "envíe AYUDA al 741741"),
        ("[domestic_violence], [domestic_violence_text]", "1-800-799-7233, text START to 88788"),
        ("[988] [911] [veterans]", "988 911 988 then press 1"),
        ("no placeholder [at all]", "no placeholder [at all]"),
    ],
)
def test_fill(text: str, filled: str) -> None:
    assert CONTACTS.fill(text, "(844) 557-8575") == filled


@pytest.mark.parametrize("placeholder", ["nobody", "never_use_alone", "poison_control_text"])
def test_unknown_placeholder_is_an_error(placeholder: str) -> None:
    with pytest.raises(ContactError, match=rf"unknown placeholder '\[{placeholder}\]'"):
        CONTACTS.fill(f"call [{placeholder}]", "1")


def test_number_in_conflict_is_not_shown() -> None:
    assert "never_use_alone" not in CONTACTS.resources
    text = (DATA / "resources.csv").read_text(encoding="utf-8")
    assert "484-3731" not in text
    assert "696-1996" not in text


def test_numbers_of_a_concern() -> None:
    assert [each.key for each in CONTACTS.numbers("overdose_self")] == ["911", "poison_control", "988"]
    assert [each.number for each in CONTACTS.numbers("suicide_active")][:2] == ["988", "911"]
    assert CONTACTS.numbers("no such concern") == ()


def test_every_resource_tells_its_source_and_date() -> None:
    for resource in CONTACTS.resources.values():
        assert resource.source
        assert resource.verified_on
        assert resource.hours
        assert resource.languages


def test_concern_with_a_hidden_number_stops_the_start(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    with (folder / "concerns.csv").open("a", encoding="utf-8") as stream:
        stream.write("odd,urgent,helpline,never_use_alone,none,,,\n")
    with pytest.raises(ContactError, match=r"^concerns.csv:\d+: unknown number 'never_use_alone'$"):
        load(folder)


def test_988_is_told_as_it_is_and_without_its_ended_option() -> None:
    notes = next(row for row in csv.DictReader((DATA / "resources.csv").open(encoding="utf-8")) if row["key"] == "988")
    assert all(each in notes["notes"] for each in ("text", "press 1 for veterans", "press 2", "988lifeline.org/chat"))
    ended = re.compile(r"\b(press|presione|oprima|marque|option|opci[oó]n)( the| el| la)? (3|three|tres)\b", re.I)
    shown = [*DATA.glob("*.csv"), *(ROOT / "data" / "knowledge").glob("*.csv"), ROOT / "domain.yml"]
    shown += [*(ROOT / "bot" / "facts").glob("*"), *(ROOT / "widget").rglob("*.js"), *(ROOT / "widget").rglob("*.html")]
    for path in filter(Path.is_file, shown):
        assert not ended.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("[emergency_eu] [emergency_uk] [emergency_au] [emergency_mx]", "112 999 000 911"),
        ("[findahelpline]", "findahelpline.com"),
        ("[relay_711], [988_asl], [samhsa_tty]", "711, 988lifeline.org, 1-800-487-4889"),
    ],
)
def test_ways_for_those_abroad_and_those_who_cannot_speak(text: str, filled: str) -> None:
    assert CONTACTS.fill(text) == filled
