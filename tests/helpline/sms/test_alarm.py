"""What texts say to an alarm: first what to do, in one message, then the steps and the quick replies."""

import csv
import re

import pytest

from bot.frontdoor.voice import Voice
from helpline.safety.place import NOTICES
from helpline.sms import SINGLE, Part, offered, plain, segments, septets
from helpline.sms.sentences import split
from tests.helpline.sms import corpus
from tests.helpline.sms.corpus import DATA, LANGUAGES, PHONE, titles

WRITING = corpus.writing()
VOICE = Voice(DATA / "safety", PHONE)
CONCERNS = [row for row in csv.DictReader((DATA / "safety" / "concerns.csv").open()) if row["level"] != "none"]
LINK = "https://chat.example.org/t/9f3Kq2vXw7Lm4Pz8Rt1BnY"
IN_DANGER = Part("Call 911 now.\nStay.\nDo not move. It can hurt.\nCall [phone].", ("I called", "I can't"))


def said(concern: str, language: str, notices: tuple[str, ...] = ()) -> tuple[str, ...]:
    words = VOICE.concern(concern, language)
    assert words is not None and words.short and words.text
    words = VOICE.beside(words, notices, language)
    return WRITING.alarm(str(words.short), [Part(str(words.text), titles(words.buttons))], language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", CONCERNS, ids=lambda row: str(row["concern"]))
def test_every_alarm_becomes_two_texts(row: dict[str, str], language: str) -> None:
    first, *second = said(row["concern"], language)
    words = VOICE.concern(row["concern"], language)
    assert words is not None
    whole = "\n".join((first, *second))
    assert first == plain(str(words.short)) and septets(first) <= SINGLE
    assert len(second) == 1 and segments(second[0]) <= 2 and plain(second[0]) == second[0]
    lines = [f"{place} {title}" for place, title in enumerate(offered([Part("", titles(words.buttons))]), 1)]
    assert [line for line in second[0].split("\n") if re.match(r"\d ", line)] == lines
    assert PHONE in whole and not re.search(r"[\[\]{}]|(?i:clear|borre) (?:this|este) chat", whole)
    assert PHONE not in first or f": {PHONE}" not in second[0]
    assert said(row["concern"], language) == (first, *second)
    told = {each for line in plain(str(words.text)).split("\n") for each in split(line)}
    steps = second[0].split("\nR")[0].split("\n")
    unsaid = [step for step in steps if PHONE not in step and not set(split(step)) <= told]
    assert unsaid == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", NOTICES)
def test_what_is_said_beside_an_alarm_is_not_lost(notice: str, language: str) -> None:
    whole = "\n".join(said("suicide_plan", language, (notice,)))
    needed = re.findall(
        r"\b\d{3}\b|\S+\.(?:com|org)", plain(str(VOICE.notice(notice, language).text)).replace(PHONE, "")
    )
    assert needed and [each for each in needed if each not in whole] == []


def test_steps_are_said_that_the_first_text_does_not_say() -> None:
    assert WRITING.alarm("Call 911 now. Do not move.", [IN_DANGER], "en") == (
        "Call 911 now. Do not move.",
        f"Stay.\nDo not move. It can hurt.\nCall {PHONE}.\nReply 1 to 2:\n1 I called\n2 I can't",
    )
    assert WRITING.alarm("Call 911 now. Stay. Do not move: it can hurt.", [IN_DANGER], "en")[1] == (
        f"Call {PHONE}.\nReply 1 to 2:\n1 I called\n2 I can't"
    )


def test_a_first_text_that_says_all_stands_alone() -> None:
    assert WRITING.alarm("Call 911 now.", [Part("Call 911 now.")], "en") == ("Call 911 now.",)


def test_the_first_line_of_an_alarm_is_what_its_short_text_says() -> None:
    [_, second] = WRITING.alarm(
        "Call 911 now.", [Part("Call 911 now, or ask anybody near.\nStay. Call [phone].")], "en"
    )
    assert second == f"Stay. Call {PHONE}."


def test_quick_replies_that_fill_the_second_text_are_shortened() -> None:
    titles = tuple(f"A quick reply of quite a few words {place}" for place in range(9))
    [_, second] = WRITING.alarm("Call 911 now.", [Part("Call 911 now.\nStay.", titles)], "en")
    assert "\n9 A quick reply of quit...\n" in second


def test_no_step_is_cut_and_no_question_stands_without_its_answer() -> None:
    step = "Not awake? Give it again, " + "and then once more, " * 15 + "until they wake."
    second = WRITING.alarm("Call 911.", [Part(f"Call 911.\n{step}\nShort one. {step}\nCall 988 too.")], "en")[1]
    assert second == f"Short one.\nCall 988 too.\nA person: {PHONE}. Reply LINK for more."


def test_a_step_with_another_number_goes_before_the_rest_and_into_a_third_text_at_last() -> None:
    near = "\n".join(f"{thing} can help them to stay warm and dry." for thing in ("Blankets", "Jackets", "Pillows"))
    far = f"In Europe{' or near it' * 20} call 112."
    parts = [Part(f"Call 911.\n{near}\n{far}")]
    assert WRITING.alarm("Call 911.", parts, "en")[1] == f"{far}\nA person: {PHONE}. Reply LINK for more."
    parts.append(Part("", ("one", "another one", "a third one")))
    first, second, third = WRITING.alarm("Call 911.", parts, "en")
    assert "112" not in first + second and second.startswith("Blankets") and third == f"{far}\nA person: {PHONE}."


def test_a_link_is_given_where_there_is_room() -> None:
    assert WRITING.alarm("Call 911 now.", [IN_DANGER], "en", LINK)[1].endswith(f"Or write on the web: {LINK}")
    full = Part(IN_DANGER.text + "\n" + "Keep calm and wait. " * 10)
    assert LINK not in WRITING.alarm("Call 911 now.", [full], "en", LINK)[1]


def test_a_step_of_the_guide_is_one_text() -> None:
    step = VOICE.step("overdose/breaths", "en")
    [body] = WRITING.alarm("", [Part(str(step.text), titles(step.buttons))], "en")
    assert body.startswith(plain(str(step.text))) and segments(body) <= 3


def test_a_first_text_that_is_too_long_is_cut_between_sentences() -> None:
    short = "Call 911 now. " + "Stay with them till they come. " * 8
    assert WRITING.alarm(short, [Part("x")], "en")[0] == "Call 911 now." + " Stay with them till they come." * 4
