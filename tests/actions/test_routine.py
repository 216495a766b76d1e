"""What is said to the routine intents: every variation by itself, for Rasa picks one at random."""

import re
from pathlib import Path

import pytest
import yaml

from actions.concern import CONCERNS, RaiseConcern
from helpline.escalation import load
from tests.actions.test_actions import run

ROOT = Path(__file__).parents[2]
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
CONTACTS = load(ROOT / "data" / "safety")
PHONE = "(800) 555-0100"
# intent: what each variation must hold
ROUTINE = {
    "ask_helpline": [r"^[^.]*\(800\)", r"988", r"911"],
    "relapse": [r"not a failure|common", r"tolerance", r"naloxone", r"988", r"911"],
    "family_support": [r"CRAFT", r"naloxone", r"911"],
    "grief": [r"^I'm (so )?sorry", r"988", r"grief"],
    "ask_cost": [r"no insurance|without insurance", r"1-800-662-4357", r"free"],
    "ask_bot": [r"^I'm an? (automated assistant|bot), not a person\."],
    "ask_privacy": [r"saved|stored", r"staff", r"can't see", r"911", r"Clear this chat"],
    "insult": [r"here"],
    "returning": [r"back"],
    "veteran": [r"988.*press 1", r"838255"],
    "lgbtq": [r"1-866-488-7386", r"988"],
    "not_in_crisis": [r"988"],
    "deaf": [r"text 988", r"741741", r"TTY", r"1-800-487-4889", r"videophone", r"ASL", r"relay"],
    "outside_us": [r"911 and 988", r"local emergency number", r"findahelpline\.com"],
}
TEXTS = [(intent, each["text"]) for intent in ROUTINE for each in RESPONSES[f"utter_{intent}"]]
# What tests/test_wording.py forbids everywhere comes on top.
NEVER = re.compile(r"\b(tough love|enabl|at least|calm down|prank|press 3|lifestyle|call 911 now)", re.I)


@pytest.mark.parametrize(("intent", "text"), TEXTS)
def test_every_variation_says_what_it_must(intent: str, text: str) -> None:
    filled = CONTACTS.fill(text, PHONE)
    assert PHONE in filled
    assert [each for each in ROUTINE[intent] if not re.search(each, filled)] == []


@pytest.mark.parametrize(("intent", "text"), TEXTS)
def test_no_variation_says_what_does_not_help(intent: str, text: str) -> None:
    assert not NEVER.search(text)


@pytest.mark.parametrize("intent", ["using_alone", "minor", "child_at_risk"])
def test_an_urgent_one_is_returned_as_a_concern(intent: str) -> None:
    messages, now = run(RaiseConcern(), [], intent=intent)
    assert (messages, now["concern"]) == ([], intent)
    assert intent in CONCERNS
