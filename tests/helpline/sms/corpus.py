"""Every text that can become a text message, with its quick replies, as the bubbles of one answer."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from helpline import escalation, safety
from helpline.knowledge import Answer, answer, check, depends, in_case, in_short, load
from helpline.knowledge.topics import AVOID, Told, load_topics
from helpline.sms import Part, Writing, load_writing

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data"
PHONE = "(844) 557-8575"
LANGUAGES = ("en", "es")
EVERYDAY = (
    "alprazolam", "oxycodone/acetaminophen", "alcohol", "clonazepam", "heroin", "fentanyl", "methadone",
    "buprenorphine/naloxone", "cocaine", "methamphetamine", "amphetamine/dextroamphetamine", "gabapentin", "cannabis",
    "sertraline", "trazodone", "zolpidem", "diphenhydramine", "codeine/promethazine", "naloxone", "naltrexone",
    "ketamine", "MDMA", "opioid", "benzodiazepine", "acetaminophen", "ibuprofen", "vitamin", "carisoprodol", "kratom",
    "lithium",
)  # fmt: skip
AFTER_A_MIX = ("already_taken", "have_they_taken", "one_taken")
AFTER_A_TAKEN_MIX = ("how_is_it", "how_are_they", "taken_earlier")
CALLBACK = {
    "{callback_name}": "Bartholomew",
    "{callback_number}": "(212) 555-0142",
    "{callback_time}": "after my shift, if it is not too late for the people who call, or else tomorrow",
}
EVERY = 12  # of the triples, one in so many
KNOWLEDGE = load(DATA / "knowledge")
TOPICS = load_topics(DATA / "knowledge", KNOWLEDGE)
CONTACTS = escalation.load(DATA / "safety")
SAFETY = safety.load(DATA / "safety")


class Given(NamedTuple):
    """One answer before it is a text: where it comes from, its language and its bubbles."""

    place: str
    language: str
    parts: tuple[Part, ...]


def fill(text: str) -> str:
    """Every placeholder written out, with the helpline's own number."""
    return CONTACTS.fill(text, PHONE)


def writing() -> Writing:
    """What writes the texts, from the real tables."""
    return load_writing(DATA / "conversation", fill)


def rows(file: str) -> list[dict[str, str]]:
    """The lines of a table."""
    return list(csv.DictReader((DATA / file).open(encoding="utf-8", newline="")))


@lru_cache(maxsize=1)
def responses() -> dict[str, list[dict[str, Any]]]:
    """The responses of domain.yml."""
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
    return found


def everything() -> Iterator[Given]:
    """All of them but the alarms, which are `alarms`."""
    yield from said_alone()
    yield from mixes()
    yield from lookups()
    yield from of_the_front_door()
    yield from guide()


def said_alone() -> Iterator[Given]:
    """Every variation of every response, and those that are said after a question with buttons of its own."""
    named = [KNOWLEDGE.display(name) for name in EVERYDAY[:5]]
    meanings = sorted((row["title"] for row in rows("conversation/meanings.csv")), key=len)[-3:]
    before = {
        "which": [Part(each["text"], tuple(named)) for each in responses()["utter_ask_which"]],
        "meant": [Part(each["text"], tuple(meanings)) for each in responses()["utter_ask_what_was_meant"]],
    }
    for name, variations in responses().items():
        for number, each in enumerate(variations):
            yield Given(f"{name} {number}", "en", (_part(each),))
            for part in before.get(_asks(each), ()):
                yield Given(f"{name} {number} after a question", "en", (part, _part(each)))


def mixes() -> Iterator[Given]:
    """Answers about pairs, about some triples, and in the worst case of a word that may mean several."""
    pairs = [*combinations(EVERYDAY, 2), *islice(_rows_of_pairs(), 0, None, 3)]
    triples = islice(combinations(EVERYDAY, 3), 0, None, EVERY)
    for place, names in enumerate([*pairs, *triples]):
        found, about = check(KNOWLEDGE, names), "+".join(names)
        question = AFTER_A_MIX[place % len(AFTER_A_MIX)]
        yield _answered(about, answer(KNOWLEDGE, found), _close("utter_interactions_close", question))
        taken = AFTER_A_TAKEN_MIX[place % len(AFTER_A_TAKEN_MIX)]
        yield _answered(f"{about} taken", in_short(KNOWLEDGE, found), _close("utter_interactions_close", taken))
    for names in combinations(EVERYDAY, 2):
        found, choices = check(KNOWLEDGE, names), tuple(map(KNOWLEDGE.display, names))
        ask = Part(responses()["utter_ask_which"][0]["text"], choices)
        close = _close("utter_interactions_close", "which")
        yield _answered("+".join(names) + " in case", in_case(KNOWLEDGE, found, names[1:]), ask, close)
    unknown = answer(KNOWLEDGE, check(KNOWLEDGE, EVERYDAY[:2]), ("flurbzol", "zorbamine"))
    yield _answered("unknown", unknown, _close("utter_interactions_close", "spelling"))
    vague = depends(KNOWLEDGE, EVERYDAY[:1], ("my meds",))
    yield _answered("vague", vague, _close("utter_interactions_close", "which_medicine"))


def lookups() -> Iterator[Given]:
    """Every text of every topic, the lists of what not to take, and a topic beside a mix."""
    close = [_close("utter_topics_close", "did_it_help"), _part(responses()["utter_topics_close"][2])]
    for topic, texts in TOPICS.texts.items():
        for about, text in texts.items():
            if not topic.startswith(AVOID):
                for each in close:
                    yield _told(f"{topic} {about}", text, each)
    for name in EVERYDAY:
        yield _told(f"avoid {name}", TOPICS.avoid_list(name), close[0])
    short = in_short(KNOWLEDGE, check(KNOWLEDGE, EVERYDAY[:2]))
    for topic in ("driving", "naloxone", "tolerance"):
        told = TOPICS.tell(topic, EVERYDAY[:2])
        parts = (*map(Part, (*told.bubbles[:1], *short.bubbles)), close[0])
        yield Given(f"{topic} beside a mix", "en", parts)


def of_the_front_door() -> Iterator[Given]:
    """The front door's own sentences that are no alarm."""
    concerns = {row["reply"] for row in rows("safety/concerns.csv") if row["level"] != "none"}
    for key in {row["key"]: None for row in rows("safety/replies.csv") if row["key"] not in concerns}:
        for language in LANGUAGES:
            yield Given(key, language, (Part(SAFETY.helpline_reply(key, language).text),))


def guide() -> Iterator[Given]:
    """Every step of every guided emergency that has words of its own."""
    for row in rows("safety/guide_steps.csv"):
        if row["text"]:
            place = f"{row['guide']}/{row['step']}"
            reply = SAFETY.step(place, row["language"])
            yield Given(place, row["language"], (Part(reply.text, titles(reply.buttons)),))


def titles(buttons: Any) -> tuple[str, ...]:
    """What stands on buttons."""
    return tuple(button["title"] for button in buttons)


def _part(response: dict[str, Any]) -> Part:
    text = response["text"]
    for field, value in CALLBACK.items():
        text = text.replace(field, value)
    return Part(text, titles(response.get("buttons", ())))


def _asks(response: dict[str, Any]) -> str:
    return next((str(each["value"]) for each in response.get("condition", ())), "")


def _close(name: str, question: str) -> Part:
    return next(_part(each) for each in responses()[name] if _asks(each) == question)


def _answered(place: str, said: Answer, *after: Part) -> Given:
    return Given(place, "en", (*map(Part, said.bubbles), *after))


def _told(place: str, told: Told, after: Part) -> Given:
    names = ", ".join(dict.fromkeys(KNOWLEDGE.sources[source].short_title for source in told.sources))
    last = f"{told.bubbles[-1]} {KNOWLEDGE.verdicts['sources'].replace('{sources}', names)}"
    return Given(place, "en", (*map(Part, (*told.bubbles[:-1], last)), after))


def _rows_of_pairs() -> Iterator[tuple[str, str]]:
    """For a row of the table of classes one substance of each class."""
    first: dict[str, str] = {}
    for name, substance in KNOWLEDGE.substances.items():
        for each in substance.classes:
            first.setdefault(each, name)
    for row in rows("knowledge/interactions.csv"):
        if row["class_a"] in first and row["class_b"] in first:
            yield first[row["class_a"]], first[row["class_b"]]
