"""Which intents, rules and responses the dialogues of tests/conversations lead to. Nothing is played for it.

A turn leads to the intent that it names (`intent:`); else, when it is typed, to what the model hears in it by itself.
An alarm card means that triage was first (`crisis_noted`); what follows it is the guide's and leads nowhere here, nor
does a button without `intent:`. A rule is covered by its intent and a response by a rule that ends in it: which of its
variations was said, and what code says besides, is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ALARMS = ("emergency", "crisis")
TRIAGE = "crisis_noted"
Turn = Mapping[str, Any]


@dataclass(frozen=True)
class Coverage:
    """How often the dialogues lead to each; `unfollowed` turns lead to nothing that can be known."""

    intents: dict[str, int]
    rules: dict[str, int]
    responses: dict[str, int]
    dialogues: int
    turns: int
    named: int
    unfollowed: int
    by_code: list[str]  # responses that no rule ends in


def read(folder: Path) -> list[Sequence[Turn]]:
    """The turns of every dialogue in a folder."""
    return [dialogue["turns"] for path in sorted(folder.glob("*.yml")) for dialogue in yaml.safe_load(path.read_text())]


def typed(dialogues: Sequence[Sequence[Turn]]) -> list[str]:
    """Every different text that somebody types in them."""
    return sorted({str(turn["say"]) for turns in dialogues for turn in turns if "say" in turn})


def followed(turns: Sequence[Turn], heard: Mapping[str, str]) -> list[str | None]:
    """The intent that each turn leads to, or None."""
    intents: list[str | None] = []
    alarmed = False
    for turn in turns:
        if "intent" in turn:
            intents.append(str(turn["intent"]))
        elif alarmed:
            intents.append(None)
        elif turn.get("card") in ALARMS:
            intents.append(TRIAGE)
        else:
            intents.append(heard.get(str(turn["say"])) if "say" in turn else None)
        alarmed = alarmed or turn.get("card") in ALARMS
    return intents


def cover(
    dialogues: Sequence[Sequence[Turn]],
    heard: Mapping[str, str],
    rules: Sequence[Mapping[str, Any]],
    responses: Sequence[str],
) -> Coverage:
    """Follow every dialogue; `heard` holds what the model hears in what is typed."""
    led = [intent for turns in dialogues for intent in followed(turns, heard)]
    counts = Counter(intent for intent in led if intent)
    intents, by_rule, said = {}, {}, dict.fromkeys(responses, 0)
    ended: set[str] = set()
    for rule in rules:
        own = [step["intent"] for step in rule["steps"] if "intent" in step]
        intents.update({intent: counts[intent] for intent in own})
        by_rule[rule["rule"]] = sum(counts[intent] for intent in own)
        for response in {step.get("action") for step in rule["steps"]} & set(said):
            said[response] += by_rule[rule["rule"]]
            ended.add(response)
    return Coverage(
        intents=intents,
        rules=by_rule,
        responses={response: count for response, count in said.items() if response in ended},
        dialogues=len(dialogues),
        turns=len(led),
        named=sum("intent" in turn for turns in dialogues for turn in turns),
        unfollowed=led.count(None),
        by_code=sorted(set(said) - ended),
    )


def missing(counts: Mapping[str, int]) -> list[str]:
    """What no dialogue leads to."""
    return sorted(name for name, count in counts.items() if not count)
