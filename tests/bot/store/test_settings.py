"""Settings: every name is documented, every bad value is named in one sentence."""

import dataclasses
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import READERS, SECRETS, Settings, SettingsError, missing_secrets
from helpline.escalation.hours import Hours, parse

EXAMPLE = Path(__file__).parents[3] / ".env.example"
GOOD = missing_secrets({})


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert set(dotenv_values(EXAMPLE)) == set(READERS)
    assert {field.name.upper() for field in dataclasses.fields(Settings)} == set(READERS)


def test_the_example_shows_the_defaults_and_no_secret() -> None:
    example = {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}
    assert all(example[name] == "" for name in SECRETS)
    assert Settings.from_environment({**example, **GOOD}) == Settings.from_environment(GOOD)


def test_missing_secrets_are_made_and_present_ones_kept() -> None:
    made = missing_secrets({"RASA_KEY": "mine", "SESSION_SECRET": "  "})
    assert set(made) == set(SECRETS) - {"RASA_KEY"}
    assert missing_secrets({}) != missing_secrets({})
    assert missing_secrets(GOOD) == {}


def test_a_settings_value_does_not_print_its_secrets() -> None:
    shown = repr(Settings.from_environment(GOOD))
    assert not any(value.partition(":")[2] in shown if ":" in value else value in shown for value in GOOD.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_SECRET", ""),
        ("RASA_KEY", "short"),
        ("STORE_KEYS", ""),
        ("STORE_KEYS", "1:abc"),
        ("STORE_KEYS", "no key at all"),
        pytest.param("STORE_KEYS", f"{GOOD['STORE_KEYS']} {GOOD['STORE_KEYS']}", id="STORE_KEYS-twice"),
        ("FRONT_DOOR_PORT", "eighty"),
        ("FRONT_DOOR_PORT", "70000"),
        ("HELPLINE_TIMEZONE", "Eastern"),
        ("HELPLINE_HOURS", "always"),
        ("CALLBACK_HOURS", "Mon-Fri 9-17"),
        ("TURN_SECONDS", "nan"),
        ("TURN_SECONDS", "-1"),
        ("MESSAGES_PER_MINUTE", "1.5"),
        ("PUBLIC_BASE_URL", "chat.example.org"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://a.example/page"),
        ("ALLOWED_ORIGINS", "https://a.example:x"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment({**GOOD, name: value})
    assert GOOD["STORE_KEYS"] not in str(caught.value)


def test_origins_are_read_with_commas_or_spaces() -> None:
    env = {**GOOD, "ALLOWED_ORIGINS": "https://A.example/, http://b.example:8080 https://c.example:443"}
    origins = ("https://a.example", "http://b.example:8080", "https://c.example")
    assert Settings.from_environment(env).allowed_origins == origins


def test_staff_call_back_in_the_helplines_hours_unless_they_have_their_own() -> None:
    office, zone = "Mon-Fri 09:00-17:00", "America/Chicago"
    same = Settings.from_environment({**GOOD, "HELPLINE_HOURS": office, "HELPLINE_TIMEZONE": zone})
    assert same.callback_hours == same.helpline_hours == parse(office, zone)
    own = Settings.from_environment({**GOOD, "CALLBACK_HOURS": office})
    assert (own.helpline_hours, own.callback_hours) == (Hours(), parse(office))
