"""The held-back messages share no wording with the training data."""

import re
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
LEAST = 12  # messages an intent


def examples(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of every example in a Rasa NLU file."""
    return [
        (block["intent"], line.strip()[2:])
        for block in yaml.safe_load(path.read_text())["nlu"]
        for line in block["examples"].splitlines()
        if line.strip().startswith("- ")
    ]


def normal(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"\W+", " ", text.lower()).strip()


HELD_BACK = [e for p in sorted(Path(__file__).parent.glob("heldout*.yml")) for e in examples(p)]
TRAINING = [e for p in sorted((ROOT / "data" / "nlu").glob("*.yml")) for e in examples(p)]


def test_no_message_is_in_both() -> None:
    assert {normal(t) for _, t in HELD_BACK} & {normal(t) for _, t in TRAINING} == set()


def test_no_training_message_has_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in TRAINING:
        intents.setdefault(text.lower(), set()).add(intent)
    assert {t: i for t, i in intents.items() if len(i) > 1} == {}


def test_every_intent_is_held_back_often_enough() -> None:
    counts = Counter(intent for intent, _ in HELD_BACK)
    assert set(counts) == {intent for intent, _ in TRAINING}
    assert min(counts.values()) >= LEAST, counts
