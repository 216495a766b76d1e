"""Whole dialogues through the real stack: front door, Rasa, actions, tables, store."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.visitor import Turn, Visitor
from tests.stack import Stack

HERE = Path(__file__).parent
DIALOGUES = [(d["name"], d["turns"]) for p in sorted(HERE.glob("*.yml")) for d in yaml.safe_load(p.read_text())]

pytestmark = pytest.mark.stack


def everything(turn: Turn) -> str:
    """All that the visitor was shown, texts and cards."""
    return "\n".join([turn.text, *(json.dumps(card, ensure_ascii=False) for card in turn.cards)])


def check(expected: dict[str, Any], turn: Turn) -> None:
    """Hold one turn against what the dialogue expects of it."""
    shown = everything(turn)
    assert turn.status == 202
    assert shown.strip(), "silence is never an answer"
    kinds = [card["kind"] for card in turn.cards]
    if "card" in expected:
        assert expected["card"] in kinds, shown
    if "severity" in expected:
        assert [c["severity"] for c in turn.cards if c["kind"] == "interaction"] == [expected["severity"]], shown
    for pattern in expected.get("says", []):
        assert re.search(pattern, shown, re.I | re.M), f"{pattern!r} not in: {shown}"
    for pattern in expected.get("never", []):
        assert not re.search(pattern, turn.text, re.I), f"{pattern!r} in: {turn.text}"
    for name in expected.get("hears", []):
        assert name in shown.lower(), f"{name} not in: {shown}"


async def play(stack: Stack, turns: list[dict[str, Any]]) -> None:
    """Talk as the visitor does."""
    async with Visitor(stack.url, stack.evaluate_key) as visitor:
        buttons: dict[str, str] = {}
        for expected in turns:
            if "tap" in expected:
                turn = await visitor.choose(buttons[expected["tap"]])
            else:
                turn = await visitor.say(expected["say"])
            check(expected, turn)
            buttons = turn.buttons


@pytest.mark.parametrize(("name", "turns"), DIALOGUES, ids=[name for name, _ in DIALOGUES])
def test_dialogue(stack: Stack, name: str, turns: list[dict[str, Any]]) -> None:
    asyncio.run(play(stack, turns))
