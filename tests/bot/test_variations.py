"""Variations come in turn, and the one with the most conditions that hold goes first."""

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.variations import InTurn

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  said: {type: any, mappings: [{type: custom}]}
  language: {type: any, mappings: [{type: custom}]}
  open_question: {type: any, mappings: [{type: custom}]}
responses:
  utter_hi:
    - text: one
    - text: two
    - text: three
    - text: uno
      condition: [{type: slot, name: language, value: es}]
    - text: cuál
      condition: [{type: slot, name: language, value: es}, {type: slot, name: open_question, value: which}]
"""
)


def said(times: int, **slots: Any) -> str:
    tracker = DialogueStateTracker.from_dict("t", [], DOMAIN.slots)
    for name, value in {"said": {"utter_hi": times}, **slots}.items():
        tracker.slots[name].value = value
    made = asyncio.run(InTurn(domain=DOMAIN).generate("utter_hi", tracker, "loopback"))
    assert made is not None
    return str(made["text"])


@pytest.mark.parametrize(("times", "text"), [(0, "one"), (1, "two"), (2, "three"), (3, "one"), (7, "two")])
def test_each_in_its_turn(times: int, text: str) -> None:
    assert said(times) == text


def test_the_most_specific_goes_first() -> None:
    assert said(0, language="es") == "uno" and said(1, language="es") == "uno"
    assert said(0, language="es", open_question="which") == "cuál"
    assert said(0, open_question="which") == "one"


def test_a_response_that_is_missing_says_nothing() -> None:
    tracker = DialogueStateTracker.from_dict("t", [], DOMAIN.slots)
    assert asyncio.run(InTurn(domain=DOMAIN).generate("utter_none", tracker, "loopback")) is None
