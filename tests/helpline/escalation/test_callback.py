"""The number of somebody who wants to be called: which one counts, and which cannot be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.escalation.callback import PROBLEMS, Heard, dialled, hear


@pytest.mark.parametrize(
    ("text", "number", "dial"),
    [
        ("8455578575", "(845) 557-8575", "+18455578575"),
        ("845 557 8575", "(845) 557-8575", "+18455578575"),
        ("(845)557-8575", "(845) 557-8575", "+18455578575"),
        ("845.557.8575 thanks", "(845) 557-8575", "+18455578575"),
        ("+1 845-557-8575", "(845) 557-8575", "+18455578575"),
        ("1 845 557 8575", "(845) 557-8575", "+18455578575"),
        ("my number is 845-557-8575 call me", "(845) 557-8575", "+18455578575"),
        ("it is 844 557 1234, wait 845 557 8575", "(845) 557-8575", "+18455578575"),
        ("844-557-1234 no sorry 845-557-8575", "(845) 557-8575", "+18455578575"),
        ("845-557-8575 ext 12", "(845) 557-8575 ext. 12", "+18455578575 ext. 12"),
        ("call 845-557-8575 at 5", "(845) 557-8575", "+18455578575"),
        ("416 555 0123", "(416) 555-0123", "+14165550123"),  # Canada
        ("+44 20 7946 0958", "+44 20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+44 20 7946 0958", "+442079460958"),
        ("0049 1512 3456789", "+49 1512 3456789", "+4915123456789"),
        ("+52 55 1234 5678", "+52 55 1234 5678", "+525512345678"),
        ("８４５ ５５７ ８５７５", "(845) 557-8575", "+18455578575"),
    ],
)
def test_a_number_that_can_be_called(text: str, number: str, dial: str) -> None:
    heard = hear(text)
    assert (heard.number, heard.problem) == (number, "")
    assert dialled(heard.number) == dial
    assert hear(heard.number).number == number  # what is read back is read the same


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("911", "emergency"),
        ("988", "emergency"),
        ("112", "emergency"),
        ("call me at 911 please", "emergency"),
        ("211", "short_code"),
        ("741741", "short_code"),
        ("557-8575", "too_short"),
        ("845 557 857", "too_short"),
        ("12", "too_short"),
        ("844 557 1234, wait, 845 557 85", "too_short"),
        ("845557857512345", "too_long"),
        ("+1 845 557 85751", "too_long"),
        ("123 456 7890", "not_callable"),
        ("000 000 0000", "not_callable"),
        ("1-900-555-1234", "not_callable"),
        ("+44 999", "too_short"),
    ],
)
def test_a_number_that_cannot_be_called(text: str, problem: str) -> None:
    assert (hear(text).number, hear(text).problem) == ("", problem)


@pytest.mark.parametrize("text", ["", "no", "call me", "maria lopez", "eight four five", "...", "+"])
def test_no_number_at_all(text: str) -> None:
    assert hear(text) == Heard(rest=" ".join(text.split()))


def test_the_rest_of_a_message() -> None:
    assert hear("maria 845-557-8575").rest == "maria"


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    heard = hear(text)
    assert not (heard.number and heard.problem)
    assert heard.problem in ("", *PROBLEMS)
    if heard.number:
        assert dialled(heard.number).startswith("+")


@given(st.from_regex(r"[0-9 ().+/x-]{1,60}", fullmatch=True))
def test_no_digits_break_it(text: str) -> None:
    heard = hear(text)
    if heard.number:
        assert hear(heard.number).number == heard.number
