"""The 49 situations of a helpline: 816 utterances through the real stack, held against what each needs.

How many answers are right in every particular is a floor, not a wish: `python -m tests.conversations.situations` prints
the counts. What must never be said is said in none of them, and nobody is left without an answer.
"""

import asyncio
from collections.abc import Mapping

import pytest

from bot.visitor import Turn
from tests.conversations.situations import ALARMS, ask_all, read_situations, read_utterances, said_in
from tests.stack import Stack

pytestmark = pytest.mark.stack

SITUATIONS = read_situations()
SPOKEN = sorted({name for name, _ in read_utterances()})
# Shares of a situation's utterances: answered right in every particular, and in an emergency with an alarm at all.
LEAST_RIGHT, LEAST_ALARMED = 0.4, 0.75
Answers = Mapping[str, list[tuple[str, Turn]]]


@pytest.fixture(scope="module")
def answers(stack: Stack) -> Answers:
    utterances = read_utterances()
    turns = asyncio.run(ask_all(stack.url, stack.evaluate_key, utterances))
    found: dict[str, list[tuple[str, Turn]]] = {}
    for (name, text), turn in zip(utterances, turns, strict=True):
        found.setdefault(name, []).append((text, turn))
    return found


def test_every_situation_has_utterances_but_the_one_without_a_server() -> None:
    assert set(SITUATIONS) - set(SPOKEN) == {"bot_or_backend_down"}
    assert len(SITUATIONS) == 49


@pytest.mark.parametrize("name", SPOKEN)
def test_nobody_is_left_without_an_answer_and_a_number(answers: Answers, name: str) -> None:
    shown = {text: said_in(turn) for text, turn in answers[name]}
    silent = [text for text, (said, cards) in shown.items() if not said.strip() or not (cards or "844" in said)]
    assert silent == []


@pytest.mark.parametrize("name", SPOKEN)
def test_what_must_not_be_said_is_not_said(answers: Answers, name: str) -> None:
    said = {text: [f for f in SITUATIONS[name].faults(turn) if f.startswith("says ")] for text, turn in answers[name]}
    assert {text: faults for text, faults in said.items() if faults} == {}


@pytest.mark.parametrize("name", SPOKEN)
def test_answers_are_right(answers: Answers, name: str) -> None:
    faults = {text: SITUATIONS[name].faults(turn) for text, turn in answers[name]}
    right = sum(not each for each in faults.values())
    assert right >= LEAST_RIGHT * len(faults), f"{right} of {len(faults)}: {faults}"


@pytest.mark.parametrize("name", [name for name in SPOKEN if SITUATIONS[name].urgency in ALARMS])
def test_emergencies_raise_an_alarm(answers: Answers, name: str) -> None:
    quiet = [text for text, turn in answers[name] if not {card["kind"] for card in said_in(turn)[1]} & set(ALARMS)]
    assert len(quiet) <= (1 - LEAST_ALARMED) * len(answers[name]), quiet
