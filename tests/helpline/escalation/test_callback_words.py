"""What typed words answer while a call-back is arranged, and what is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.escalation import callback_words as words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("maria", "Maria"),
        ("Maria Lopez", "Maria Lopez"),
        ("my name is maria", "Maria"),
        ("hi, i'm Jo", "Jo"),
        ("it’s john.", "John"),
        ("call me Al please", "Al"),
        ("just ask for DeShawn", "DeShawn"),
        ("O'Brien", "O'Brien"),
        ("Mary-Jane", "Mary-Jane"),
        ("josé ángel", "José Ángel"),
        ("Will", "Will"),
        ("Dr. Smith", "Dr. Smith"),
        ("Molly", "Molly"),
        *((text, "") for text in ("", "i'm scared", "i need help", "what is this", "who reads this", "is it free?")),
        *((text, "") for text in ("can i mix them", "not now", "hello", "yes", "maria2", "one two three four five")),
        *((text, "") for text in ("why do you ask", "[phone]", "x" * 41, "i want to die", "{callback_number}")),
    ],
)
def test_a_name(text: str, name: str) -> None:
    assert words.name_in(text) == name


@pytest.mark.parametrize(
    ("name", "given_too"), [("Molly", True), ("Mary Jane", True), ("Xanax", False), ("Maria", False)]
)
def test_street_words_that_are_given_names(name: str, given_too: bool) -> None:
    assert words.given_name(name) is given_too


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my name is Tina", True),
        ("call me Charlie", True),
        ("i'm Tina", False),
        ("Tina", False),
        ("molly is my name", False),
    ],
)
def test_an_introduction(text: str, told: bool) -> None:
    assert words.introduced(text) is told


@pytest.mark.parametrize(
    "text", ["no", "No name", "none", "skip", "rather not say", "i don't want to give my name.", "anonymous"]
)
def test_no_name_is_a_name_too(text: str) -> None:
    assert words.no_name(text)


@pytest.mark.parametrize("text", ["nobody", "no xanax", "name", "not now maybe"])
def test_what_does_not_decline_a_name(text: str) -> None:
    assert not words.no_name(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "tomorrow",
            "mornings",
            "after 5",
            "after 5pm",
            "tonight",
            "5:30 pm",
            "weekdays 9-5",
            "as soon as possible",
            "asap",
        ),
        *("any time", "anytime tomorrow", "Monday or Tuesday, in the morning", "can you call me tonight", "now please"),
    ],
)
def test_nothing_but_a_time(text: str) -> None:
    assert words.only_a_time(text)
    assert words.time_in(text) == text


@pytest.mark.parametrize(
    "text", ["", "is it free", "using tonight", "xanax tonight", "i want to die tonight", "maria", "in the"]
)
def test_more_or_less_than_a_time(text: str) -> None:
    assert not words.only_a_time(text)


@pytest.mark.parametrize(
    ("text", "hints"), [("after my shift", True), ("not before noon", True), ("bye", False), ("ok", False)]
)
def test_a_word_of_a_time(text: str, hints: bool) -> None:
    assert words.hints_at_a_time(text) is hints


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("after the kids are asleep", "after the kids are asleep"),
        ("  when   my shift ends ", "when my shift ends"),
        ("morning [phone] {x} <b>", "morning phone x b"),
        *((text, "") for text in ("", "?", "is it free", "what time is best", "tonight?", "x" * 81)),
    ],
)
def test_a_time_in_own_words(text: str, time: str) -> None:
    assert words.time_in(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "cancel",
        "Cancel.",
        "never mind",
        "nevermind",
        "stop asking me",
        "no, don't call me",
        "forget it please",
        "quit!",
    ],
)
def test_a_wish_to_stop(text: str) -> None:
    assert words.wants_out(text)


@pytest.mark.parametrize(
    "text", ["stop drinking", "how do i quit", "no", "i can't stop", "don't call before 5", "cancel xanax"]
)
def test_no_wish_to_stop(text: str) -> None:
    assert not words.wants_out(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *(
            (text, "yes")
            for text in ("yes", "Yes!", "yes please", "ok", "sure, that's fine", "you can", "that is right", "sí")
        ),
        *((text, "no") for text in ("no", "nope", "no thanks", "it's wrong", "that's not right")),
        *(
            (text, "")
            for text in ("", "yes but no texts", "maybe", "yes if you don't leave a message", "not by text", "no calls")
        ),
        *((text, "") for text in ("thank you", "please", "yes i took them", "no i can't breathe", "it is right " * 50)),
    ],
)
def test_a_plain_yes_or_no(text: str, answer: str) -> None:
    assert words.plain_yes_or_no(text) == answer


@pytest.mark.parametrize(
    ("text", "what"),
    [
        *(
            ("change the number", "number"),
            ("number", "number"),
            ("wrong name", "name"),
            ("that isn't my name", "name"),
        ),
        *(("the phone number has a typo", "number"), ("a different time please", "time")),
        *((text, "") for text in ("what time do you call", "my name is maria lopez", "is it free", "it's wrong", "")),
    ],
)
def test_what_is_to_be_changed(text: str, what: str) -> None:
    assert words.change_in(text) == what


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert len(words.name_in(text)) <= words.LONGEST_NAME + 3  # a capital may be longer than its small letter
    assert len(words.time_in(text)) <= words.LONGEST_TIME
    assert words.plain_yes_or_no(text) in ("", "yes", "no")
    assert words.change_in(text) in ("", "name", "number", "time")
    assert not (words.wants_out(text) and words.plain_yes_or_no(text) == "yes")
    assert not set("[]{}<>") & set(words.name_in(text) + words.time_in(text))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("yes but don't text me", True),
        ("no calls, texts are fine", True),
        ("yes, is it free?", False),
        ("who calls", False),
        ("", False),
    ],
)
def test_what_begins_with_an_answer(text: str, begins: bool) -> None:
    assert words.begins_with_an_answer(text) is begins
