"""Every reviewed sentence: what it must and must not say, and how easily it reads."""

import csv
import re
from pathlib import Path

import pytest
import textstat

from helpline import safety
from helpline.escalation import load as load_contacts
from helpline.safety.concerns import Concern, load_concerns

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "safety"
SAFETY = safety.load(DATA)
CONCERNS = load_concerns(DATA)
SITUATIONS = list(csv.DictReader((HERE / "situations.csv").open(encoding="utf-8")))
SENTENCES = list(csv.DictReader((DATA / "replies.csv").open(encoding="utf-8")))
HELPLINE_KEYS = (
    "no_answer late bad_request empty too_long unauthorized expired too_many not_stored not_json forged_choice busy"
).split()
PHONE = "(844) 557-8575"
STIGMA = re.compile(
    r"\b(addicts?|junk(y|ie)s?|abusers?|drug abuse|alcoholics?|drunks?|user|dirty|clean (urine|time)"
    r"|commit(ted)? suicide|lethal)\b",
    re.I,
)
PROMISE = re.compile(r"\b(safe|fine|okay|ok|low risk|no risk|guarantee|100 ?%|hipaa|promise|will be all right)\b", re.I)
DOSE = re.compile(r"\b\d+ ?(mg|mcg|ml|g|pills?|tablets?|bars?|drinks?)\b", re.I)


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


@pytest.mark.parametrize("concern", [c for c in CONCERNS if c.startswith("suicide")])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_suicide_reply_says_988_and_911(concern: str, language: str) -> None:
    reply = SAFETY.reply(concern, language)
    assert {"988", "911"} <= set(reply.card["call"])
    assert "988" in reply.text


@pytest.mark.parametrize("row", SENTENCES, ids=lambda r: f"{r['key']}-{r['language']}-{r['part']}-{r['order']}")
def test_sentence_is_kind_and_plain(row: dict[str, str]) -> None:
    text = row["text"]
    assert not STIGMA.search(text)
    assert not PROMISE.search(text)
    assert not DOSE.search(text)
    assert not re.search(r"\d{3}[ .-]\d{3}[ .-]\d{4}|741741|88788", text), "numbers stand in resources.csv"
    if row["part"] == "first":
        assert not text.endswith("?"), "asks nothing first"


def grade(text: str) -> float:
    """Flesch-Kincaid with each placeholder and number counted as one short word."""
    spoken = re.sub(r"\[\w+\]|\d[\d-]*", "one", text)
    return float(textstat.textstat.flesch_kincaid_grade(spoken))


@pytest.mark.parametrize("key", sorted({r["key"] for r in SENTENCES}))
def test_reading_grade(key: str) -> None:
    concern = next((c for c in CONCERNS.values() if c.reply == key), None)
    limit = 6 if concern and concern.level in ("crisis", "emergency") else 8
    texts = [r["text"] for r in SENTENCES if r["key"] == key and r["language"] == "en"]
    sentences = [each for text in texts for each in re.split(r"(?<=[.!?])\s", text)]
    average = sum(map(grade, sentences)) / len(sentences)
    assert average <= limit
    assert grade(" ".join(texts)) <= limit


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
