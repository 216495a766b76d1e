"""What the product acts on, by a trained model: the whole pipeline, with fallback and rules.

`python -m tests.nlu.understanding MODEL` is the process that holds Rasa: texts in, what is heard out (JSON).
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "firstlight.tar.gz"
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Heard:
    """What a model makes of one message; `sure` and `unsure` are what is acted on without and with a fallback."""

    intent: str  # acted on
    first: str  # the classifier's own first choice
    confidence: float  # of the first choice
    lead: float  # over the second one
    sure: str
    unsure: str

    def at(self, threshold: float, ambiguity: float) -> str:
        """What would be acted on with these thresholds of the fallback."""
        return self.unsure if self.confidence < threshold or self.lead < ambiguity else self.sure


@dataclass(frozen=True)
class Understanding:
    """What a model makes of all messages, its thresholds, and what that took."""

    heard: list[Heard]
    threshold: float
    ambiguity: float
    seconds: float  # for all messages, without loading
    megabytes: float  # resident at the most


def understand(texts: Sequence[str], model: Path = MODEL) -> Understanding:
    """Hear the texts; in a process of its own, because Rasa weighs 700 MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.nlu.understanding", str(model)],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"},
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    result = json.loads(done.stdout.splitlines()[-1])
    return Understanding(**{**result, "heard": [Heard(**one) for one in result["heard"]]})


def peak_megabytes() -> float:
    """Resident memory of this process when it was largest (getrusage would count its parent's too)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


class Listener:
    """A loaded model; what stands behind the fallback in its pipeline is asked a second time, without the fallback."""

    def __init__(self, model: str) -> None:
        """Load it."""
        from rasa.core.agent import Agent

        self._agent = Agent.load(model)
        metadata = self._agent.processor.model_metadata
        nodes = {node.uses.__name__: node for node in metadata.predict_schema.nodes.values()}
        fallback = {**nodes["FallbackClassifier"].uses.get_default_config(), **nodes["FallbackClassifier"].config}
        self.threshold, self.ambiguity = float(fallback["threshold"]), float(fallback["ambiguity_threshold"])
        rules = nodes.get("IntentRules")
        # They learn nothing, so they need neither storage nor context.
        self._rules = (
            rules.uses.create({**rules.uses.get_default_config(), **rules.config}, None, None, None) if rules else None
        )

    async def hear(self, text: str) -> Heard:
        """One message."""
        parsed = await self._agent.parse_message(text)
        ranking = [one for one in parsed["intent_ranking"] if one["name"] != FALLBACK] or [parsed["intent"]]
        first, second = ranking[0], (ranking[1]["confidence"] if len(ranking) > 1 else 0.0)
        return Heard(
            intent=parsed["intent"]["name"],
            first=first["name"],
            confidence=first["confidence"],
            lead=first["confidence"] - second,
            sure=self._ruled(parsed, first),
            unsure=self._ruled(parsed, {"name": FALLBACK, "confidence": self.threshold}),
        )

    def _ruled(self, parsed: dict[str, Any], intent: dict[str, Any]) -> str:
        """What the rules make of this intent for this message."""
        from rasa.shared.nlu.training_data.message import Message

        if not self._rules:
            return str(intent["name"])
        message = Message({**parsed, "intent": dict(intent)})
        return str(self._rules.process([message])[0].get("intent")["name"])


async def main(model: str) -> None:
    """Texts in, what is heard out."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    texts, listener = json.loads(sys.stdin.read()), Listener(model)
    started = time.monotonic()
    heard = [await listener.hear(text) for text in texts]
    seconds = time.monotonic() - started
    print(json.dumps(asdict(Understanding(heard, listener.threshold, listener.ambiguity, seconds, peak_megabytes()))))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
