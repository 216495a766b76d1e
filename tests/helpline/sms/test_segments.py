"""Plain letters, and how many messages a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.sms.segments import ALPHABET, EXTENSION, PART, SINGLE, plain, segments, septets

PLAIN = {
    "“Don’t stop”": '"Don\'t stop"',
    "day – or night — now": "day - or night - now",
    "wait…": "wait...",
    "call\u00a0911\u200b now": "call 911 now",
    "• naloxone": "- naloxone",
    "Está aquí, ahí, aún: ÁÍÓÚ": "Esta aqui, ahi, aun: AIOU",
    "é ñ ü à ì ò ù ¿ ¡ Ñ É": "é ñ ü à ì ò ù ¿ ¡ Ñ É",
    "e\u0301l": "él",
    "ç ã ő Ł": "c a o L",
    "½ ² ﬁne ™": "1/2 2 fine TM",
    "stay 🙏🏽 here": "stay here",
    "🙂": "",
    "не": "",
    "one\r\ntwo\tthree": "one\ntwo three",
    "a \n b": "a\nb",
    "€ [ok] {1}": "€ [ok] {1}",
}


@pytest.mark.parametrize(("text", "written"), PLAIN.items())
def test_a_text_in_plain_letters(text: str, written: str) -> None:
    assert plain(text) == written


@given(st.text())
def test_no_letter_makes_a_text_dearer(text: str) -> None:
    assert set(plain(text)) <= ALPHABET
    assert plain(plain(text)) == plain(text)


LENGTHS = [
    ("", 0, 1),
    ("a" * SINGLE, 160, 1),
    ("a" * (SINGLE + 1), 161, 2),
    ("a" * (2 * PART), 306, 2),
    ("a" * (2 * PART + 1), 307, 3),
    ("a" * (3 * PART), 459, 3),
    ("a" * (3 * PART + 1), 460, 4),
    ("€" * 80, 160, 1),
    ("a" * 159 + "€", 161, 2),
    # The two halves of a bracket would stand in two messages, so that the second one begins with it.
    ("a" * 152 + "[" + "a" * 152, 306, 3),
    ("a" * 151 + "[" + "a" * 153, 306, 2),
]


@pytest.mark.parametrize(("text", "length", "count"), LENGTHS)
def test_how_long_a_text_is(text: str, length: int, count: int) -> None:
    assert (septets(text), segments(text)) == (length, count)


@given(st.text(sorted(ALPHABET), max_size=700))
def test_a_text_fits_in_its_messages(text: str) -> None:
    count = segments(text)
    assert septets(text) <= (SINGLE if count == 1 else count * PART)
    assert count == 1 or septets(text) > (count - 1) * (PART - 1) - len(EXTENSION.intersection(text))
