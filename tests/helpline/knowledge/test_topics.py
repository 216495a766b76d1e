"""Answers that are not about a pair: every text of the table, and which one is told for what was named."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import textstat

from helpline.knowledge import Knowledge, KnowledgeError
from helpline.knowledge.avoid import avoid
from helpline.knowledge.topics import NEEDED_TOPICS, Topics, load_topics

DATA = Path(__file__).parents[3] / "data" / "knowledge"
ROWS = list(csv.DictReader((DATA / "topics.csv").open(encoding="utf-8")))
TEXTS = [pytest.param(row["topic"], row["text"], id=f"{row['topic']}-{row['about']}") for row in ROWS]
HARDEST_GRADE = 8
DOSE = re.compile(
    r"\b\d+(\.\d+)?\s*(mg|mcg|milligrams?|g|grams?|ml|pills?|tablets?|tabs?|drinks?|bars?|puffs?)\b", re.I
)
WAIT = re.compile(r"\bwait\b|\bafter \d+ (hours?|days?)|\b\d+ (hours?|days?) (apart|between|later)", re.I)
REASSURING = re.compile(r"\b(safe|safely|safer|fine|ok|okay|harmless to|low risk|no problem)\b", re.I)
STIGMA = re.compile(
    r"\b(addicts?|junk(y|ie)s?|abus(e|er|ers|ing)|alcoholics?|drunks|dirty|users?|habit)\b(?!-forming)", re.I
)
PHONE = re.compile(r"\d{3}[ .-]?\d{3}[ .-]?\d{4}")


@pytest.fixture(scope="module")
def topics(knowledge: Knowledge) -> Topics:
    return load_topics(DATA, knowledge)


@pytest.mark.parametrize(("topic", "text"), TEXTS)
def test_every_text_is_plain_and_promises_nothing(topic: str, text: str) -> None:
    for bubble in text.split(" || "):
        assert textstat.flesch_kincaid_grade(bubble) <= HARDEST_GRADE, bubble
    for forbidden in (DOSE, WAIT, REASSURING, STIGMA, PHONE):
        assert not forbidden.search(text), (forbidden.search(text), text)
    assert topic in ("what_is", "avoid_list") or "[phone]" in text


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["topic"] in ("withdrawal", "taper")], ids=lambda r: r["about"]
)
def test_whoever_stops_is_told_how_not_to(row: dict[str, str]) -> None:
    assert "suddenly" in row["text"] and "[phone]" in row["text"]
    assert re.search(r"doctor|detox|prescriber", row["text"])


@pytest.mark.parametrize("topic", ["withdrawal", "taper"])
@pytest.mark.parametrize(
    "substance",
    ["alcohol", "alprazolam", "gabapentin", "pregabalin", "baclofen", "GHB", "phenobarbital", "carisoprodol"],
)
def test_seizures_are_named(topics: Topics, topic: str, substance: str) -> None:
    assert "seizure" in " ".join(topics.tell(topic, [substance]).bubbles)


@pytest.mark.parametrize("topic", ["withdrawal", "taper", "tolerance"])
@pytest.mark.parametrize(
    "substance", ["heroin", "oxycodone/acetaminophen", "methadone", "buprenorphine/naloxone", "opioid"]
)
def test_lost_tolerance_is_named(topics: Topics, topic: str, substance: str) -> None:
    said = " ".join(topics.tell(topic, [substance]).bubbles)
    assert "tolerance" in said.lower() and "naloxone" in said and re.search("overdose|kill", said)


TOLD = [
    # topic, what was named, words of the text that is told
    ("what_is", ["kratom"], "plant that acts like an opioid"),
    ("what_is", ["oxycodone/acetaminophen"], "two drugs in one"),
    ("what_is", ["etizolam"], "Benzos are calming"),  # by its class
    ("what_is", ["crack cocaine"], "Crack is the form"),  # the narrower class before the wider one
    ("what_is", ["GBL"], "GHB is a strong sedative"),
    ("what_is", ["counterfeit benzodiazepine pill"], "very often fake"),
    ("naloxone", ["naloxone", "alprazolam"], "does not undo a benzo"),
    ("naloxone", ["xylazine"], "not on the tranq"),
    ("naloxone", ["naloxone"], "blue or gray lips"),
    ("moud", ["methadone", "clonazepam"], "FDA 2017"),
    ("moud", ["naltrexone"], "All opioids must be out"),
    ("withdrawal", ["vitamin"], "Don't stop alcohol, benzos"),  # nothing narrower: the general text
    ("withdrawal", ["flurbzol"], "Don't stop alcohol, benzos"),
    ("withdrawal", [], "Don't stop alcohol, benzos"),
    ("withdrawal", ["Percocet"], "Opioid withdrawal feels awful"),  # by any of its names
    ("test_evasion", ["cannabis"], "can't help with beating it"),
]


@pytest.mark.parametrize(("topic", "substances", "words"), TOLD)
def test_the_narrowest_text_is_told(topics: Topics, topic: str, substances: list[str], words: str) -> None:
    told = topics.tell(topic, substances)
    assert words in " ".join(told.bubbles)
    assert told.sources


def test_nothing_is_told_about_a_substance_without_a_text(topics: Topics) -> None:
    assert topics.tell("what_is", ["vitamin"]).bubbles == ()
    assert topics.tell("what_is", ["flurbzol"]).bubbles == ()


def test_two_substances_are_both_answered_in_four_bubbles_at_most(topics: Topics) -> None:
    told = topics.tell("withdrawal", ["oxycodone", "alprazolam", "alcohol"])
    assert told.bubbles[0].startswith("Don't stop suddenly on your own if you drink every day")
    assert told.bubbles[1].startswith("Don't stop a benzo suddenly")
    assert len(told.bubbles) <= 4


def test_every_topic_has_an_answer_whatever_is_named(topics: Topics, knowledge: Knowledge) -> None:
    for topic in set(NEEDED_TOPICS) - {"what_is"}:
        for name in knowledge.substances:
            assert topics.tell(topic, [name]).bubbles, (topic, name)


AVOIDED = [
    # substance, words that must be among the dangerous, words among the serious
    ("buprenorphine/naloxone", ["benzos", "alcohol"], ["gabapentin"]),
    ("methadone", ["benzos", "alcohol", "MAOIs"], []),
    ("naltrexone", ["opioids"], []),
    ("disulfiram", ["alcohol"], []),
    ("sertraline", ["MAOIs"], []),
    ("oxycodone/acetaminophen", ["benzos", "alcohol", "sleep pills"], []),
]


@pytest.mark.parametrize(("substance", "dangerous", "serious"), AVOIDED)
def test_the_avoid_list(topics: Topics, substance: str, dangerous: list[str], serious: list[str]) -> None:
    told = topics.avoid_list(substance)
    assert all(word in told.bubbles[0] for word in dangerous), told
    assert all(word in told.bubbles[1] for word in serious), told
    assert "suddenly" in told.bubbles[-1] and "[phone]" in told.bubbles[-1] and told.sources


def test_every_avoid_list_names_all_it_found_in_plain_words(topics: Topics, knowledge: Knowledge) -> None:
    for name in knowledge.substances:
        found, told = avoid(knowledge, topics.class_words, name), topics.avoid_list(name)
        said = " ".join(told.bubbles)
        assert all(word in said for word in (*found.dangerous, *found.serious)), name
        assert "{" not in said
        for bubble in (each.replace(knowledge.display(name), "it") for each in told.bubbles):
            assert len(bubble.split()) <= 60 and textstat.flesch_kincaid_grade(bubble) <= HARDEST_GRADE, bubble


@pytest.mark.parametrize(
    ("substance", "other"),
    [("tizanidine", "ciprofloxacin"), ("methadone", "fluconazole"), ("clozapine", "nicotine")],
)
def test_the_avoid_list_names_what_has_a_row_of_its_own(topics: Topics, substance: str, other: str) -> None:
    assert re.search(other, " ".join(topics.avoid_list(substance).bubbles[:2]))


def test_a_medicine_without_a_list_gets_an_honest_sentence(topics: Topics) -> None:
    told = topics.avoid_list("vitamin C")
    assert "vitamin C" in told.bubbles[0] and "does not mean that all things go well" in told.bubbles[0]


def test_no_rescue_medicine_is_to_be_avoided(topics: Topics) -> None:
    told = topics.avoid_list("naloxone")
    assert "Don't mix" not in " ".join(told.bubbles) and told.bubbles[0].startswith("Nothing should keep you")
    assert "opioid_reversal" not in topics.class_words


def without(text: str, beginning: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(beginning))


SECOND, SOURCES = "what_is,methadone", "CDC_OD;SAMHSA_OD"
BUBBLES = "topics.csv:2: the text must be 1 to 3 bubbles with ' || ' between them"
BROKEN: list[tuple[Callable[[str], str], str]] = [
    (lambda t: t.replace(SECOND, "whatis,methadone"), "topics.csv:4: unknown topic 'whatis'"),
    (lambda t: t.replace(SECOND, "what_is,methadon"), "topics.csv:4: unknown class or substance 'methadon'"),
    (lambda t: t.replace(SECOND, "what_is,opioid_tramadol"), "4: topic 'what_is' about 'opioid_tramadol' stands twice"),
    (lambda t: t.replace(SOURCES, "CDC_ODD", 1), "topics.csv:2: unknown source 'CDC_ODD'"),
    (lambda t: t.replace(SOURCES, "", 1), "topics.csv:2: empty sources"),
    (lambda t: t.replace(" || ", " || a || b || ", 1), BUBBLES),
    (lambda t: t.replace(" || ", " || || ", 1), BUBBLES),
    (lambda t: t.replace(" || ", " word" * 60 + " || ", 1), "words where 60 are allowed"),
    (lambda t: without(t, "route,,"), "topics.csv: topic 'route' has no text"),
    (lambda t: without(t, "route,"), "topics.csv: topic 'route' is missing"),
]


@pytest.mark.parametrize(("spoil", "error"), BROKEN, ids=[error for _, error in BROKEN])
def test_a_broken_row_is_named(tmp_path: Path, knowledge: Knowledge, spoil: Callable[[str], str], error: str) -> None:
    shutil.copy(DATA / "class_words.csv", tmp_path)
    (tmp_path / "topics.csv").write_text(spoil((DATA / "topics.csv").read_text()))
    with pytest.raises(KnowledgeError, match=re.escape(error)):
        load_topics(tmp_path, knowledge)


def test_a_broken_row_of_words_is_named(tmp_path: Path, knowledge: Knowledge) -> None:
    shutil.copy(DATA / "topics.csv", tmp_path)
    (tmp_path / "class_words.csv").write_text("class,words\nopiod,opioids\n")
    with pytest.raises(KnowledgeError, match=r"class_words\.csv:2: unknown class 'opiod'"):
        load_topics(tmp_path, knowledge)
