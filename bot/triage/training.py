"""Trains the classifier of concerns from the messages that were written for it: `python -m bot.triage.training`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.embedding.model import Embedding
from bot.embedding.regression import Rows, fit
from bot.embedding.weights import EmbeddingError, packaged_weights, pinned_sha256
from bot.triage.classifier import signs, terms
from bot.triage.examples import ExamplesError, load_examples
from helpline import safety
from helpline.safety import SafetyError, Triage
from helpline.safety.concerns import load_concerns

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "concerns.npz"
# A term that occurs in one message alone teaches nothing about others.
RAREST = 2
STRENGTH, BALANCE, STEPS = 10.0, 0.0, 100


def term_rows(heard: list[Triage], vocabulary: list[str]) -> csr_matrix:
    """One row a message: how often each term of the vocabulary occurs, brought to length 1."""
    places = {term: place for place, term in enumerate(vocabulary)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, each in enumerate(heard):
        counts = Counter(places[term] for term in terms(each) if term in places)
        length = float(np.linalg.norm(list(counts.values()))) if counts else 1.0
        rows += [row] * len(counts)
        columns += counts
        values += [count / length for count in counts.values()]
    return csr_matrix((values, (rows, columns)), shape=(len(heard), len(vocabulary)), dtype=np.float32)


def train(folder: Path, intents: Path, embedding: Embedding) -> dict[str, Any]:
    """What the classifier learned from the tables and example messages of `folder` and from Rasa's `intents`."""
    rules = safety.load(folder)
    examples = load_examples(folder / "examples", intents, load_concerns(folder))
    heard = [rules.triage(example.text) for example in examples]
    contexts = sorted({context for each in heard for context in each.contexts})
    found = Counter(term for each in heard for term in set(terms(each)))
    vocabulary = sorted(term for term, count in found.items() if count >= RAREST)
    embedded = embedding.embed([example.text for example in examples])
    dense = np.hstack([embedded, [signs(each, contexts) for each in heard]]).astype(np.float32)
    labels, codes = np.unique([example.label for example in examples], return_inverse=True)
    weights = fit(Rows(term_rows(heard, vocabulary), dense), codes, STRENGTH, BALANCE, STEPS)
    return {
        "terms": np.array(vocabulary),
        "contexts": np.array(contexts),
        "labels": labels,
        "sparse": weights[: len(vocabulary)],
        "dense": weights[len(vocabulary) :],
    }


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
