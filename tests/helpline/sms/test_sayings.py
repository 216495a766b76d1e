"""The sentences that only texts say: their length, what they name, and what is wrong with a table."""

import re
from pathlib import Path

import pytest

from helpline.sms import SINGLE, SmsError, plain, septets
from helpline.sms.sayings import FIELDS, load_sayings
from tests.helpline.sms.corpus import DATA, LANGUAGES, PHONE, fill

FILE = DATA / "conversation" / "sms.csv"
SAYINGS = load_sayings(FILE.parent, fill)
GIVEN = {"name": "Firstlight", "link": "https://chat.example.org/t/9f3Kq2vXw7Lm4Pz8Rt1BnY", "last": "3"}
NAMES_ALL = ("stopped", "started", "help", "cut", "not_read")  # whom to call in danger, in a crisis, and us
ONE_SEGMENT = (*NAMES_ALL, "link", "text_me", "continued")


def said(key: str, language: str) -> str:
    return SAYINGS.say(key, language, **{name: GIVEN[name] for name in FIELDS[key]})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", FIELDS)
def test_every_sentence_is_whole_and_plain(key: str, language: str) -> None:
    text = said(key, language)
    assert text == plain(text) and not re.search(r"[\[\]{}]", text)
    assert all(GIVEN[name] in text for name in FIELDS[key])
    assert septets(text) <= (SINGLE if key in ONE_SEGMENT else 2 * SINGLE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", NAMES_ALL)
def test_whoever_hears_no_more_knows_whom_to_call(key: str, language: str) -> None:
    text = said(key, language)
    assert all(number in text for number in ("911", "988", PHONE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_carriers_are_named(language: str) -> None:
    assert "START" in said("stopped", language)
    for key in ("started", "help", "invite", "text_me"):
        assert "STOP" in said(key, language)
    assert "LINK" in said("more", language) and "LINK" in said("clear", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_ends_where_it_ends(language: str) -> None:
    for key in ("link", "first_link", "invite"):
        assert re.search(rf"{re.escape(GIVEN['link'])}(\s|$)", said(key, language))


def test_a_field_that_is_not_given_is_an_error_of_the_programmer() -> None:
    with pytest.raises(KeyError):
        SAYINGS.say("link", "en")


WRONG = {
    ("more,", "mroe,"): "sms.csv:7: unknown key 'mroe'",
    ("more,", "help,"): "sms.csv:7: 'help' stands twice",
    ("Or write on the web: {link}", "Or write on the web"): "sms.csv:6: 'first_link' must hold {link} in 'en'",
    ("O escriba en la web: {link}", "O escriba {name}: {link}"): "sms.csv:6: 'first_link' must hold {link} in 'es'",
    ("Reply LINK for more.", "{name} has more."): "sms.csv:7: 'more' must hold no field in 'en'",
    ("Reply LINK for more.", ""): "sms.csv:7: empty en",
    ("more,Reply LINK for more.,Envíe LINK para leer más.\n", ""): "sms.csv: 'more' is missing",
}


@pytest.mark.parametrize(("change", "problem"), WRONG.items())
def test_what_is_wrong_with_a_table_is_named(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "sms.csv").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(SmsError, match=re.escape(problem)):
        load_sayings(tmp_path, fill)
