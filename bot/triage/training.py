"""Trains the classifier of concerns from the messages that were written for it: `python -m bot.triage.training`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack

from bot.embedding.counting import Counting
from bot.embedding.kept import embed_once
from bot.embedding.model import Embedding
from bot.embedding.regression import Rows, counted, fit
from bot.embedding.weights import EmbeddingError, packaged_weights, pinned_sha256
from bot.triage.classifier import COUNTED, signs
from bot.triage.examples import ExamplesError, load_examples
from helpline import safety
from helpline.safety import SafetyError
from helpline.safety.concerns import load_concerns

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "concerns.npz"
EMBEDDED = ROOT / "models" / "embedded.npz"
# What occurs in fewer messages teaches nothing about others, and costs time.
RAREST = {"terms": 2, "pieces": 8}
STRENGTH, BALANCE, STEPS = 10.0, 0.0, 60


def train(folder: Path, intents: Path, embedding: Embedding) -> dict[str, Any]:
    """What the classifier learned from the tables and example messages of `folder` and from Rasa's `intents`."""
    rules = safety.load(folder)
    examples = load_examples(folder / "examples", intents, load_concerns(folder))
    heard = [rules.triage(example.text) for example in examples]
    contexts = sorted({context for each in heard for context in each.contexts})
    found = {kind: [list(read(each.words)) for each in heard] for kind, read in COUNTED.items()}
    countings = {kind: Counting.of(found[kind], RAREST[kind]) for kind in COUNTED}
    embedded = embed_once([example.text for example in examples], embedding, EMBEDDED)
    dense = np.hstack([embedded, [signs(each, contexts) for each in heard]]).astype(np.float32)
    labels, codes = np.unique([example.label for example in examples], return_inverse=True)
    sparse = hstack([counted(countings[kind], found[kind]) for kind in COUNTED]).tocsr()
    weights = fit(Rows(sparse, dense), codes, STRENGTH, BALANCE, STEPS)
    learned = {"contexts": np.array(contexts), "labels": labels, "dense": weights[sparse.shape[1] :]}
    first = 0
    for kind, counting in countings.items():
        learned[kind] = np.array(counting.names)
        learned[f"{kind}_rareness"] = counting.rareness
        learned[f"{kind}_weights"] = weights[first : first + len(counting.names)]
        first += len(counting.names)
    return learned


def main() -> int:
    """Train and write the file, at once or not at all."""
    started = time.monotonic()
    try:
        embedding = Embedding(packaged_weights(), pinned_sha256(ROOT / "config.yml"))
        learned = train(ROOT / "data" / "safety", ROOT / "data" / "nlu", embedding)
    except (EmbeddingError, ExamplesError, SafetyError) as error:
        print(error, file=sys.stderr)
        return 1
    part = MODEL.with_suffix(".part.npz")
    np.savez(part, **learned)
    part.replace(MODEL)
    print(f"The classifier of concerns is trained ({time.monotonic() - started:.0f} s).", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
