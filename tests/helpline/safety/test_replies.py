"""Every reply: what its situation asks for, and its card. tests/test_wording.py holds the words of all texts."""

import csv
import re
from pathlib import Path

import pytest

from helpline import safety
from helpline.escalation import load as load_contacts
from helpline.safety.concerns import Concern, load_concerns
from helpline.sms.segments import SINGLE, plain, septets

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "safety"
SAFETY = safety.load(DATA)
CONCERNS = load_concerns(DATA)
SITUATIONS = list(csv.DictReader((HERE / "situations.csv").open(encoding="utf-8")))
HELPLINE_KEYS = (
    "no_answer late bad_request empty too_long unauthorized expired too_many not_stored not_json forged_choice busy"
).split()
PHONE = "(844) 557-8575"
NUMBERS = re.compile(r"\b\d-\d{3}-\d{3}-\d{4}\b|\b\d{5,6}\b|\b(?:911|988)\b")


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def filled(concern: str, language: str) -> str:
    return SAFETY.reply(concern, language).text.replace("[phone]", PHONE)


@pytest.mark.parametrize("row", SITUATIONS, ids=lambda r: f"{r['situation']}-{r['concern']}")
def test_reply_satisfies_its_situation(row: dict[str, str]) -> None:
    text = filled(row["concern"], row["language"])
    for wanted in row["must_include"].split("; "):
        assert re.search(wanted, text, re.I | re.S), f"must include {wanted}"
    for unwanted in filter(None, row["must_not_include"].split("; ")):
        assert not re.search(unwanted, text, re.I), f"must not include {unwanted}"
    first = first_sentence(SAFETY.reply(row["concern"], row["language"]).text)
    assert re.search(row["first_sentence"], first), first


@pytest.mark.parametrize("concern", CONCERNS.values(), ids=lambda c: c.name)
@pytest.mark.parametrize("language", ["en", "es"])
def test_reply_has_the_card_of_its_level(concern: Concern, language: str) -> None:
    reply = SAFETY.reply(concern.name, language)
    assert "[phone]" in reply.text
    assert not re.search(r"\[(?!phone\])", reply.text + " ".join(reply.card.get("steps", ())))
    if concern.level in ("crisis", "emergency"):
        assert reply.card["kind"] == concern.level
        assert reply.card["concern"] == concern.name
        assert "911" in reply.card["call"]
        assert "911" in reply.text
        assert reply.card["steps"][0] in reply.text
        assert all(re.fullmatch(r"911|988|1-\d{3}-\d{3}-\d{4}", number) for number in reply.card["call"])
    else:
        assert reply.card == {"kind": "helpline", "phone": "[phone]"}


@pytest.mark.parametrize("concern", [c for c in CONCERNS.values() if c.level != "none"], ids=lambda c: c.name)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_first_text_message_says_what_matters_most(concern: Concern, language: str) -> None:
    reply = SAFETY.reply(concern.name, language)
    short = reply.short.replace("[phone]", PHONE)
    assert 0 < septets(plain(short)) <= SINGLE
    assert "911" in short and set(reply.card.get("call", ())) <= set(NUMBERS.findall(short))
    assert set(NUMBERS.findall(short)) <= set(NUMBERS.findall(filled(concern.name, language)))
    assert reply.short not in reply.text and "[" not in short
    if concern.alarm:
        # Whom to call comes first, and is the one whom the long reply names first.
        one, other = (NUMBERS.findall(text)[0] for text in (short, reply.text))
        assert one == other and one in first_sentence(short)


def test_only_a_concern_has_a_text_message() -> None:
    assert SAFETY.helpline_reply("late").short == "" == SAFETY.reply("none").short
    assert SAFETY.step("overdose/breaths").short == "" and SAFETY.step("overdose/start").short


@pytest.mark.parametrize("concern", [c for c in CONCERNS if c.startswith("suicide")])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_suicide_reply_says_988_and_911(concern: str, language: str) -> None:
    reply = SAFETY.reply(concern, language)
    assert {"988", "911"} <= set(reply.card["call"])
    assert "988" in reply.text


@pytest.mark.parametrize("key", HELPLINE_KEYS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_helpline_reply_is_calm_and_gives_the_number(key: str, language: str) -> None:
    reply = SAFETY.helpline_reply(key, language)
    assert reply.card == {"kind": "helpline", "phone": "[phone]"}
    assert "[phone]" in reply.text
    assert not re.search(r"error|invalid|failed|forbidden|\b\d{3}\b(?<!911)(?<!988)", reply.text, re.I)


def test_unknown_keys_are_errors_of_the_programmer() -> None:
    for call in (SAFETY.reply, SAFETY.helpline_reply):
        with pytest.raises(KeyError):
            call("no such key")


def test_every_number_in_a_reply_is_one_of_the_contacts() -> None:
    known = {each.words for each in load_contacts(DATA).resources.values()}
    for concern in CONCERNS:
        for number in re.findall(r"1-\d{3}-\d{3}-\d{4}", filled(concern, "en") + filled(concern, "es")):
            assert number in known
