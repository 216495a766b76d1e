"""Says every utterance of utterances.csv to a running stack and holds the answers against situations.csv.

`python -m tests.conversations.situations [SITUATION]` prints the counts, and for one situation what failed.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import environment
from bot.evaluate import running_stack
from bot.settings import Settings
from bot.visitor import Turn, Visitor

HERE = Path(__file__).parent
AT_ONCE = 8
ALARMS = ("emergency", "crisis")


@dataclass(frozen=True)
class Situation:
    """One row of situations.csv: what an answer must and must not say, how urgent it is, and how it begins."""

    name: str
    urgency: str
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...]
    first_sentence: str

    def faults(self, turn: Turn) -> list[str]:
        """Everything that is wrong with an answer."""
        text, cards = said_in(turn)
        shown = "\n".join([text, *(json.dumps(card, ensure_ascii=False) for card in cards)])
        first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
        kinds = {card["kind"] for card in cards}
        faults = [f"misses {wanted}" for wanted in self.must_include if not re.search(wanted, shown, re.I | re.S)]
        faults += [f"says {unwanted}" for unwanted in self.must_not_include if re.search(unwanted, text, re.I)]
        if not re.search(self.first_sentence, first, re.I):
            faults.append(f"begins '{first}'")
        if self.urgency in ALARMS and not kinds & set(ALARMS):
            faults.append("no alarm")
        if self.urgency not in ALARMS and kinds & set(ALARMS):
            faults.append("a false alarm")
        return faults


def said_in(turn: Turn) -> tuple[str, list[dict[str, Any]]]:
    """The text and the cards that were shown; a message that could not be stored in time is answered in the refusal."""
    if turn.status == 202:
        return turn.text, turn.cards
    card = turn.body.get("card")
    return turn.body.get("text") or "", [card] if card else []


def read_situations() -> dict[str, Situation]:
    """Every situation by name."""
    rows = csv.DictReader((HERE / "situations.csv").open(encoding="utf-8"))
    return {
        row["situation"]: Situation(
            row["situation"],
            row["urgency"],
            tuple(filter(None, row["must_include"].split("; "))),
            tuple(filter(None, row["must_not_include"].split("; "))),
            row["first_sentence"],
        )
        for row in rows
    }


def read_utterances() -> list[tuple[str, str]]:
    """Situation and text."""
    rows = csv.DictReader((HERE / "utterances.csv").open(encoding="utf-8"))
    return [(row["situation"], row["text"]) for row in rows]


async def ask_all(url: str, key: str, utterances: list[tuple[str, str]]) -> list[Turn]:
    """The answer to each utterance, every one in a session of its own."""
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(text: str) -> Turn:
        async with places, Visitor(url, key) as visitor:
            return await visitor.say(text)

    return list(await asyncio.gather(*(ask(text) for _, text in utterances)))


async def main(only: str = "") -> None:
    """Print for each situation how many answers were right."""
    environment.prepare()
    settings = Settings.from_environment(os.environ)
    url = os.environ.get("EVALUATE_URL") or f"http://127.0.0.1:{settings.front_door_port}"
    situations, utterances = read_situations(), [pair for pair in read_utterances() if only in ("", pair[0])]
    async with running_stack(url):
        turns = await ask_all(url, settings.evaluate_key, utterances)
    right, asked = Counter[str](), Counter[str]()
    for (name, text), turn in zip(utterances, turns, strict=True):
        faults = situations[name].faults(turn)
        asked[name] += 1
        right[name] += not faults
        if only and faults:
            print(f"  {text}\n      {'; '.join(faults)[:300]}\n      -> {said_in(turn)[0][:200]!r}")
    for name in asked:
        print(f"{situations[name].urgency:10} {name:32} {right[name]}/{asked[name]}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
