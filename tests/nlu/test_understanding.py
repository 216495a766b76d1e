"""The trained model on messages that share no wording with its training data."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.nlu.test_overlap import HELD_BACK

ROOT = Path(__file__).parent.parent.parent
# What was reached with 44 intents, less a margin; the aim is 0.90 (docs/nlu.md).
LEAST_MACRO_F1 = 0.80

pytestmark = pytest.mark.stack


def f1(intent: str, gold: list[str], heard: list[str]) -> float:
    """Harmonic mean of precision and recall of one intent."""
    hit = sum(g == h == intent for g, h in zip(gold, heard, strict=True))
    return 2 * hit / (gold.count(intent) + heard.count(intent)) if hit else 0.0


def understand(texts: list[str]) -> list[str]:
    """The intents that the trained model acts on; in a process of its own, because Rasa weighs 700 MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.nlu.test_understanding"],
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [str(intent) for intent in json.loads(done.stdout.splitlines()[-1])]


def test_macro_f1_on_held_back_messages() -> None:
    subprocess.run([sys.executable, "-m", "bot.train"], cwd=ROOT, check=True, capture_output=True)
    gold, texts = [intent for intent, _ in HELD_BACK], [text for _, text in HELD_BACK]
    heard = understand(texts)
    intents = sorted(set(gold))
    scores = {intent: round(f1(intent, gold, heard), 3) for intent in intents}
    misses = Counter((g, h) for g, h in zip(gold, heard, strict=True) if g != h)
    macro = sum(scores.values()) / len(scores)
    print(f"macro F1 {macro:.3f} on {len(gold)} messages; {scores}; commonest misses {misses.most_common(8)}")
    assert macro >= LEAST_MACRO_F1


async def main() -> None:
    """Texts in, intents out (JSON on standard streams)."""
    import logging

    import structlog
    from rasa.core.agent import Agent

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load("models/firstlight.tar.gz")
    parsed = [await agent.parse_message(text) for text in json.loads(sys.stdin.read())]
    print(json.dumps([p["intent"]["name"] for p in parsed]))


if __name__ == "__main__":
    asyncio.run(main())
