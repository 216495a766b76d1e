"""The classifier: how likely each concern is, by a linear model over the embedding, the words and pieces of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.embedding.counting import Counting, pieces, terms
from bot.embedding.model import Embedding
from helpline.safety import Triage

# How much the rules' own signs weigh beside an embedding of length 1.
SIGN = 0.3


class ClassifierError(Exception):
    """The trained file is missing or cannot be used; the message is one sentence that names it."""


# What is counted in a message: the kind's name in the trained file, and how it is read.
COUNTED: dict[str, Callable[[Sequence[str]], Iterator[str]]] = {"terms": terms, "pieces": pieces}


def signs(heard: Triage, contexts: Sequence[str]) -> list[float]:
    """What the rules say of a message: which kinds of context there are, an alarm, half a phrase; and a last 1."""
    present = [context in heard.contexts for context in contexts]
    raised = [heard.level in ("crisis", "emergency"), bool(heard.hints)]
    return [*(SIGN * value for value in (*present, *raised)), 1.0]


def learned(path: Path) -> dict[str, Any]:
    """The arrays of the trained file at `path`; ClassifierError when there is none or it cannot be used."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise ClassifierError(f"{path.name} is not trained yet") from None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise ClassifierError(f"{path.name} cannot be read ({type(error).__name__})") from None
    weights = (f"{kind}{part}" for kind in COUNTED for part in ("", "_rareness", "_weights"))
    missing = [name for name in ("labels", "contexts", "dense", *weights) if name not in arrays]
    if missing:
        raise ClassifierError(f"{path.name} holds no '{missing[0]}'")
    return arrays


class ConcernClassifier:
    """A trained classifier; reading a message takes some milliseconds, nearly all of them the embedding."""

    def __init__(self, embedding: Embedding, learned: Mapping[str, Any]) -> None:
        """`learned` holds the arrays that `bot.triage.training` writes."""
        self._embedding = embedding
        self._kinds = [
            (read, Counting(learned[kind].tolist(), learned[f"{kind}_rareness"]), learned[f"{kind}_weights"])
            for kind, read in COUNTED.items()
        ]
        self._labels = [str(label) for label in learned["labels"]]
        self._contexts = [str(context) for context in learned["contexts"]]
        self._dense = learned["dense"]

    @classmethod
    def load(cls, path: Path, embedding: Embedding) -> ConcernClassifier:
        """From the trained file at `path`; ClassifierError when there is none or it cannot be used."""
        return cls(embedding, learned(path))

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        """How likely each concern is; `heard` is what the rules made of the same text. The rest is no concern."""
        dense = np.concatenate([self._embedding.embed([text])[0], signs(heard, self._contexts)])
        scores = dense.astype(np.float32) @ self._dense
        for read, counting, weights in self._kinds:
            places, values = counting.row(read(heard.words))
            scores = scores + values @ weights[places]
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        if not np.isfinite(shares).all():
            raise ClassifierError("the classifier of concerns gave no number")
        return {
            label: float(share)
            for label, share in zip(self._labels, shares, strict=True)
            if not label.startswith("none-")
        }
