"""The classifier: how likely each concern is, by a linear model over the embedding and the plain words of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.embedding.model import Embedding
from helpline.safety import Triage

# How much the rules' own signs weigh beside an embedding of length 1.
SIGN = 0.3


class ClassifierError(Exception):
    """The trained file is missing or cannot be used; the message is one sentence that names it."""


def terms(heard: Triage) -> Iterator[str]:
    """The plain words of a message, and each with the one after it."""
    yield from heard.words
    yield from map(" ".join, pairwise(heard.words))


def signs(heard: Triage, contexts: Sequence[str]) -> list[float]:
    """What the rules say of a message: which kinds of context there are, an alarm, half a phrase; and a last 1."""
    present = [context in heard.contexts for context in contexts]
    raised = [heard.level in ("crisis", "emergency"), bool(heard.hints)]
    return [*(SIGN * value for value in (*present, *raised)), 1.0]


class ConcernClassifier:
    """A trained classifier; reading a message takes some milliseconds, nearly all of them the embedding."""

    def __init__(self, embedding: Embedding, learned: Mapping[str, Any]) -> None:
        """`learned` holds the arrays that `bot.triage.training` writes."""
        self._embedding = embedding
        self._rows = {str(term): row for row, term in enumerate(learned["terms"])}
        self._labels = [str(label) for label in learned["labels"]]
        self._contexts = [str(context) for context in learned["contexts"]]
        self._sparse, self._dense = learned["sparse"], learned["dense"]

    @classmethod
    def load(cls, path: Path, embedding: Embedding) -> ConcernClassifier:
        """From the trained file at `path`; ClassifierError when there is none or it cannot be used."""
        try:
            with np.load(path, allow_pickle=False) as learned:
                return cls(embedding, {name: learned[name] for name in learned.files})
        except FileNotFoundError:
            raise ClassifierError(f"{path.name} is not trained yet") from None
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ClassifierError(f"{path.name} cannot be read ({type(error).__name__})") from None

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        """How likely each concern is; `heard` is what the rules made of the same text. The rest is no concern."""
        dense = np.concatenate([self._embedding.embed([text])[0], signs(heard, self._contexts)])
        scores = dense.astype(np.float32) @ self._dense
        known = [self._rows[term] for term in terms(heard) if term in self._rows]
        if known:
            rows, counts = np.unique(known, return_counts=True)
            scores = scores + (counts / np.linalg.norm(counts)) @ self._sparse[rows]
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        return {
            label: float(share)
            for label, share in zip(self._labels, shares, strict=True)
            if not label.startswith("none-")
        }
