"""Who sends a text, and to which numbers one may go."""

import pytest

from helpline.sms import KINDS, PROBLEMS, Sender, answered, fictional, sender, shown, textable

SENDERS = [
    ("+12125550142", Sender("+12125550142", "mobile")),
    (" (212) 555-0142 ", Sender("+12125550142", "mobile")),
    ("+16045550142", Sender("+16045550142", "mobile")),
    ("+17875550142", Sender("+17875550142", "mobile")),
    ("+18445578575", Sender("+18445578575", "landline")),
    ("+19005551234", Sender("+19005551234", "landline")),
    ("741741", Sender("741741", "short_code")),
    ("32665", Sender("32665", "short_code")),
    ("FACEBOOK", Sender("FACEBOOK", "short_code")),
    ("+447700900123", Sender("+447700900123", "international")),
    ("+525512345678", Sender("+525512345678", "international")),
    ("+19995551234", Sender("+19995551234", "unknown")),
    ("+1212555", Sender("+1212555", "unknown")),
    ("", Sender("", "unknown")),
]


@pytest.mark.parametrize(("number", "who"), SENDERS)
def test_who_sends_a_text(number: str, who: Sender) -> None:
    assert sender(number) == who and who.kind in KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_all_but_programs_get_an_answer(kind: str) -> None:
    assert answered(kind) == (kind != "short_code")


TYPED = [
    ("212 555 1234", "+12125551234", ""),
    ("my cell is (604) 555-1234 thanks", "+16045551234", ""),
    ("787-555-1234", "+17875551234", ""),
    ("212 555 1234, no wait, 212 555 1235", "+12125551235", ""),
    ("+1 876 909 1234", "", "abroad"),
    ("+44 7911 123456", "", "abroad"),
    ("+52 55 1234 5678", "", "abroad"),
    ("(800) 356-9377", "", "not_callable"),
    ("900-555-1234", "", "not_callable"),
    ("999 555 1234", "", "not_callable"),
    ("911", "", "emergency"),
    ("988", "", "emergency"),
    ("741741", "", "short_code"),
    ("555-1234", "", "too_short"),
    ("212 555 12345678901234", "", "too_long"),
    ("my phone", "", "too_short"),
    ("", "", "too_short"),
]


@pytest.mark.parametrize(("text", "number", "problem"), TYPED)
def test_which_numbers_get_a_text(text: str, number: str, problem: str) -> None:
    assert textable(text) == (number, problem)
    assert problem in ("", *PROBLEMS)


@pytest.mark.parametrize(
    ("number", "as_shown"), [("+12125551234", "•••1234"), ("741741", "•••1741"), ("12", "•••12"), ("", "•••")]
)
def test_a_number_is_shown_by_its_end(number: str, as_shown: str) -> None:
    assert shown(number) == as_shown


FICTIONAL = {
    "+12125550100": True, "+12125550199": True, "(305) 555-0142": True, "+12125550200": False, "+12125550099": False,
    "+12125551100": False, "+12145010142": False, "+442125550142": False, "5550142": False, "": False, "741741": False,
}  # fmt: skip


@pytest.mark.parametrize(("number", "is_so"), FICTIONAL.items())
def test_numbers_of_films_are_told_apart(number: str, is_so: bool) -> None:
    assert fictional(number) == is_so
