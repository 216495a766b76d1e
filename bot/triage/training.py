"""Trains the classifier of concerns from the messages that were written for it: `python -m bot.triage.training`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import hstack

from bot.embedding.counting import Counting
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


def embed(texts: Sequence[str], embedding: Embedding, kept: Path) -> np.ndarray[Any, Any]:
    """One row a text; those that `kept` holds from the last training are not computed again, which is most of the time.

    A file that cannot be read, or that other weights made, is as good as none.
    """
    known: dict[str, Any] = {}
    try:
        with np.load(kept, allow_pickle=False) as last:
            if str(last["sha256"]) == embedding.sha256:
                known = dict(zip(last["texts"].tolist(), last["rows"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        known = {}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known.update(zip(new, embedding.embed(new), strict=True))
    used = list(dict.fromkeys(texts))
    rows = np.array([known[text] for text in used], dtype=np.float32)
    np.savez(kept, sha256=np.array(embedding.sha256), texts=np.array(used), rows=rows)
    return np.array([known[text] for text in texts], dtype=np.float32)


def train(folder: Path, intents: Path, embedding: Embedding) -> dict[str, Any]:
    """What the classifier learned from the tables and example messages of `folder` and from Rasa's `intents`."""
    rules = safety.load(folder)
    examples = load_examples(folder / "examples", intents, load_concerns(folder))
    heard = [rules.triage(example.text) for example in examples]
    contexts = sorted({context for each in heard for context in each.contexts})
    found = {kind: [list(read(each.words)) for each in heard] for kind, read in COUNTED.items()}
    countings = {kind: Counting.of(found[kind], RAREST[kind]) for kind in COUNTED}
    embedded = embed([example.text for example in examples], embedding, EMBEDDED)
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
