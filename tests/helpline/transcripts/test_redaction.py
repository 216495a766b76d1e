"""What a transcript must not show, and what it must still show."""

import time

import pytest

from helpline.transcripts import redact
from helpline.transcripts.redaction import FORM_ANSWER, without

TAKEN_OUT = [
    ("call me at (555) 123-4567", "call me at [number]"),
    ("my number is 555-123-4567 ok", "my number is [number] ok"),
    ("555.123.4567", "[number]"),
    ("5551234567", "[number]"),
    ("+1 555 123 4567", "[number]"),
    ("+44 20 7946 0958", "[number]"),
    ("text 555-1234", "text [number]"),
    ("1-800-662-4357", "[number]"),
    ("1-800-273-TALK", "[number]"),
    ("mail a.b+c@x.co.uk now", "mail [email] now"),
    ("ssn 123-45-6789", "ssn [ssn]"),
    ("card 4111 1111 1111 1111", "card [card]"),
    ("4111111111111111", "[card]"),
    ("my name is john smith and i need help", "my name is [name] and i need help"),
    ("My name is Anna Lee and i took 10/325", "My name is [name] and i took 10/325"),
    ("my name's Bob", "my name's [name]"),
    ("call me sara", "call me [name]"),
    ("this is Mark", "this is [name]"),
    ("I'm Tom", "I'm [name]"),
    ("I’m Tom and tired", "I’m [name] and tired"),
    ("I am Mary Jones", "I am [name]"),
    ("me llamo Rosa", "me llamo [name]"),
    ("dr. Patel cut me off", "dr [name] cut me off"),
    ("i live at 12 oak street apt 4", "i live at [address]"),
    ("400 N Main St, Austin TX 78701", "[address], Austin TX [zip]"),
    ("dob 01/02/1990", "dob [date]"),
]

STAYS = [
    "i take 10/325 twice a day",
    "24/7",
    "call 911 or 988",
    "took 2 pills 3 days ago at 10:30",
    "30mg x 2, 5/325, 10 20 30",
    "this is bullshit",
    "this is my last day",
    "my name is on the list",
    "i'm scared",
    "I'm Tired",
    "I'm So tired",
    "call me back",
    "call me later please",
    "I drive 20 miles a day on the way home",
    "i took 2 on the street",
    "2 bars on the way",
    "text HOME to 741741",
    "in 2019 i had 3 years",
    "percocet 5-325",
    "",
]


@pytest.mark.parametrize(("text", "shown"), TAKEN_OUT)
def test_takes_out_what_tells_who_wrote(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize("text", STAYS)
def test_leaves_everything_else(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "part", ["1 ", "a", "a@", "1-", "12 a a a ", "my name is ", "(", "+1 ", "I'm A", "\ud800", "1 a-"]
)
def test_hostile_text_takes_no_time(part: str) -> None:
    started = time.perf_counter()
    redact(part * (100_000 // len(part)))
    assert time.perf_counter() - started < 0.5


def test_once_redacted_stays_so() -> None:
    for text, shown in TAKEN_OUT:
        assert redact(redact(text)) == shown


@pytest.mark.parametrize(
    ("text", "answers", "shown"),
    [
        ("Name: Al. Number: (845) 557-8575.", ["Al", "(845) 557-8575"], f"Name: {FORM_ANSWER}. Number: {FORM_ANSWER}."),
        ("Also, Al", ["Al"], f"Also, {FORM_ANSWER}"),
        ("Maria Lopez", ["Maria", "Maria Lopez"], FORM_ANSWER),
        ("nothing given", [], "nothing given"),
    ],
)
def test_takes_out_the_answers_to_a_form(text: str, answers: list[str], shown: str) -> None:
    assert without(text, answers) == shown
