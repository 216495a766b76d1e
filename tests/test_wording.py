"""Every sentence that a visitor can see: what it must say, must not say, how it reads, and that it is on the list.

The texts of data/knowledge, the openings of an answer aside, are held to such rules by tests/helpline/knowledge.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import wording
from bot.wording import Said, everything, grade, sentences
from helpline import escalation

CONTACTS = escalation.load(Path(__file__).parents[1] / "data" / "safety")
ALARMS = ("crisis", "emergency")
OPENINGS = ("first", "text")  # of a reply: its first line, and the first text message
MOST_WORDS = 60  # of a bubble
UNITS = (
    r"mg|mcg|ml|g|(milli|micro)?grams?|pills?|tablets?|tabs?|bars?|drinks?|shots?|pastillas?|tabletas?|tragos?|gramos?"
)


class Rule(NamedTuple):
    """What no text may hold, in either language, and the phrases that may stand all the same, each with its reason."""

    pattern: str
    caught: tuple[str, ...]
    allowed: dict[str, str]

    def broken(self, text: str) -> str:
        """What of the text is forbidden."""
        for phrase in self.allowed:
            text = re.sub(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", "", text)
        found = re.search(self.pattern, text, re.I)
        return found[0] if found else ""


RULES = {
    "stigma": Rule(
        r"\b((cocaine |drug )?addicts?|junk(y|ie)s?|crackheads?|druggies?|abus(e|es|ed|ers?|ing)|drunks?|drunkards?"
        r"|alcoholics?(?! Anonymous)|users?|clean|dirty|lethal|(commit\w*|successful|failed) suicide"
        r"|(drog)?adict[oa]s?|yonquis?|toxicóman[oa]s?|drogat[oa]s?|alcohólic[oa]s?(?! Anónimos)|borrach[oa]s?"
        r"|abus(o|os|a|an|ar|ador(es)?)|usuari[oa]s?|limpi[oa]s?|suci[oa]s?|comet\w+ suicidio)\b",
        ("He is an addict.", "Are you clean?", "A drug user.", "She committed suicide.", "Es adicto.", "Está limpia."),
        {
            "clean cloth": "a cloth on a wound, neither a test nor a time",
            "paño limpio": "the same in Spanish",
        },
    ),
    "reassurance": Rule(
        r"\b(safe|safely|safer|fine|ok|okay|alright|harmless|(no|low|without) risks?|no danger|no problem|guarantee\w*"
        r"|promis\w+|(do not|don.t) worry|nothing to worry|(will|.ll) be (all right|well|better)"
        r"|segur[oa]s?|sin (riesgo|peligro)|inofensiv[oa]s?|garanti\w+|promet\w+|promesas?|no (se|te) preocupes?"
        r"|no pasa nada|todo (va a|irá|estará|saldrá)|a salvo|est(á|ará|arás) bien)\b",
        ("That is fine.", "You'll be all right.", "There is no risk.", "Es seguro.", "Todo va a salir bien."),
        {
            "That does not mean it is safe": "a warning",
            "si puede hacerlo sin peligro": "a condition for the helper",
        },
    ),
    "dose": Rule(
        rf"\b(\d+([.,]\d+)?|one|two|three|four|half|dos|tres|media)[ -]?(more |más )?({UNITS})\b",
        ("Take 10 mg.", "Two pills are enough.", "Tome dos pastillas.", "Only half a bar: one bar."),
        {},
    ),
    "permission by time": Rule(
        r"\bwait \d|\bespere \d|\b\d+ (hours?|days?|horas?|días?) (apart|between|later|after|después|entre)",
        ("Wait 6 hours.", "Take it 4 hours later.", "Espere 6 horas."),
        {},
    ),
    "promise": Rule(
        r"(?<!Alcoholics )\banonym\w+|(?<!Alcohólicos )\banónim\w+|\bconfiden[tc]ia\w+|100 ?%|\b(hipaa|encrypt\w+"
        r"|cifrad\w+|(nobody|no one) (can|will)|nadie (puede|podrá|va|sabrá)|always|siempre|secrets?|secret[oa]s?"
        r"|never (shared?|stored?|saved?|told|tell|record\w*)|complete(ly)?|completamente)\b",
        (
            "This is completely private.",
            "It is anonymous.",
            "Nobody can read it.",
            "Es confidencial.",
            "100 % private.",
        ),
        {},
    ),
    "exclamation mark": Rule(r"[!¡]", ("Call now!", "¡Llame!"), {}),
    "phone number": Rule(
        r"\d{3,}(?![^\[\]]*\])",  # a placeholder such as [relay_711] is a key of resources.csv
        ("Call 1-800-662-4357.", "Text HOME to 741741.", "Call (844) 557-8575."),
        {"911": "what everybody calls it", "988": "what everybody calls it", "988lifeline.org": "an address"},
    ),
    "mark-up": Rule(r"</?\w|https?:|\*\*|\]\(", ("See <b>this</b>.", "See https://988lifeline.org."), {}),
}
# Lines that are hard by themselves; their replies are not.
HARD_LINES = {
    ("overdose_self", "first"): "when to call 911 and when Poison Control has to be clear in the first sentence",
    ("abroad", "step 1"): "a list of countries and their numbers",
    ("child_ingestion", "first"): "when to call 911 and when Poison Control has to be clear in the first sentence",
}


def is_button(said: Said) -> bool:
    return said.part.startswith("button")


def bubbles() -> Iterator[tuple[str, str, list[str]]]:
    """Place, level and texts of every English bubble."""
    found: dict[tuple[str, str], list[str]] = {}
    for said in everything():
        if said.language == "en" and not is_button(said):
            found.setdefault((f"{said.file} {said.bubble}", said.level), []).append(said.text)
    return ((place, level, texts) for (place, level), texts in found.items())


def test_the_list_is_up_to_date() -> None:
    written = wording.PAGE.read_text(encoding="utf-8")
    assert written == wording.page(), "run `python -m bot.wording`"


def test_the_list_holds_every_kind_of_text() -> None:
    assert {said.file for said in everything()} == {
        *(wording.REPLIES, wording.STEPS, wording.MOVES, wording.DOMAIN, wording.WIDGET, wording.TEXTS),
        wording.VERDICTS,
    }
    listed = wording.page()
    for said in everything():
        assert said.text.replace("\n", "<br>") in listed, said.place


@pytest.mark.parametrize("name", RULES)
def test_a_rule_can_be_broken(name: str) -> None:
    assert [text for text in RULES[name].caught if not RULES[name].broken(text)] == []


@pytest.mark.parametrize("name", RULES)
def test_no_text_breaks_a_rule(name: str) -> None:
    found = {said.place: RULES[name].broken(said.text) for said in everything()}
    assert {place: what for place, what in found.items() if what} == {}


@pytest.mark.parametrize("name", RULES)
def test_every_exception_is_needed(name: str) -> None:
    texts = "\n".join(said.text for said in everything())
    assert [phrase for phrase in RULES[name].allowed if phrase not in texts] == []


def test_every_text_reads_easily() -> None:
    hard = []
    for place, level, texts in bubbles():
        limit = 6 if level in ALARMS else 8
        whole, parts = " ".join(texts), [grade(each) for text in texts for each in sentences(text)]
        if len(whole.split()) >= wording.FEWEST_WORDS and max(grade(whole), sum(parts) / len(parts)) > limit:
            hard.append((place, grade(whole), whole))
    assert hard == []


def test_every_line_reads_easily() -> None:
    lines = [said for said in everything() if said.language == "en" and len(said.text.split()) >= wording.FEWEST_WORDS]
    hard = {(said.bubble, said.part) for said in lines if grade(said.text) > 8}
    assert hard == set(HARD_LINES)


def test_the_first_text_of_an_alarm_reads_easily() -> None:
    texts = [said for said in everything() if said.part == "text" and said.language == "en" and said.level in ALARMS]
    assert texts and {said.bubble: grade(said.text) for said in texts if grade(said.text) > 6} == {}


def test_the_grade_grows_with_long_words_and_sentences() -> None:
    assert grade("Call us now at [phone].") < 3
    assert grade("Administration of naloxone constitutes an appropriate intervention in such circumstances.") > 12


def test_every_bubble_is_short() -> None:
    one_bubble = [said for said in everything() if said.file != wording.REPLIES]
    assert [said.place for said in one_bubble if len(said.text.split()) > MOST_WORDS] == []


def test_every_alarm_begins_with_what_to_do() -> None:
    firsts = [said for said in everything() if said.part in OPENINGS and said.level in ALARMS]
    assert {(said.part, said.language) for said in firsts} == {(part, one) for part in OPENINGS for one in ("en", "es")}
    for said in firsts:
        assert re.search(r"\b911\b|\b988\b|\[poison_control\]", sentences(said.text)[0]), said.place


def test_nothing_of_safety_begins_with_a_question() -> None:
    for said in everything():
        if said.part in OPENINGS or said.file == wording.STEPS:
            assert not re.search(r"[?¿]", sentences(said.text)[0]), said.place


def test_every_placeholder_is_a_contact() -> None:
    for said in everything():
        assert "[" not in CONTACTS.fill(said.text, "(800) 555-0100"), said.place


def test_safety_says_everything_in_both_languages() -> None:
    of_safety = [said for said in everything() if said.file in (wording.REPLIES, wording.STEPS, wording.MOVES)]
    places = {one: {(s.file, s.bubble) for s in of_safety if s.language == one} for one in wording.LANGUAGES}
    assert places["en"] == places["es"]


def test_a_reply_has_as_many_parts_in_spanish_as_in_english() -> None:
    parts: dict[str, dict[str, list[str]]] = {}
    for said in everything():
        if said.file == wording.REPLIES and said.bubble != "spanish":  # which is for those who write Spanish
            parts.setdefault(said.bubble, {}).setdefault(said.language, []).append(said.part)
    assert {key: found for key, found in parts.items() if sorted(found["en"]) != sorted(found["es"])} == {}
