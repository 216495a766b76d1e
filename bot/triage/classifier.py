"""The classifier: how likely each concern is, by a linear model over the embedding, the words and pieces of them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from bot.embedding.model import Embedding
from helpline.safety import Triage

# How much the rules' own signs weigh beside an embedding of length 1.
SIGN = 0.3
# What every message has, such as its full stop, weighs nothing: a message may hold nothing else.
TINY = 1e-9


class ClassifierError(Exception):
    """The trained file is missing or cannot be used; the message is one sentence that names it."""


def terms(heard: Triage) -> Iterator[str]:
    """The plain words of a message, and each with the one after it."""
    yield from heard.words
    yield from map(" ".join, pairwise(heard.words))


def pieces(heard: Triage) -> Iterator[str]:
    """The pieces of three and four letters of each word, with `_` where it begins and ends: typos keep most of them."""
    for word in heard.words:
        framed = f"_{word}_"
        for size in (3, 4):
            yield from (framed[at : at + size] for at in range(len(framed) - size + 1))


# What is counted in a message: the kind's name in the trained file, and how it is read.
COUNTED: dict[str, Callable[[Triage], Iterator[str]]] = {"terms": terms, "pieces": pieces}


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


class Kind(NamedTuple):
    """One kind of what is counted: how it is read, its row by name, how rare each is, and what each weighs."""

    read: Callable[[Triage], Iterator[str]]
    rows: Mapping[str, int]
    rareness: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]


class ConcernClassifier:
    """A trained classifier; reading a message takes some milliseconds, nearly all of them the embedding."""

    def __init__(self, embedding: Embedding, learned: Mapping[str, Any]) -> None:
        """`learned` holds the arrays that `bot.triage.training` writes."""
        self._embedding = embedding
        self._kinds = [
            Kind(
                read,
                {str(each): row for row, each in enumerate(learned[kind])},
                learned[f"{kind}_rareness"],
                learned[f"{kind}_weights"],
            )
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
        for read, rows, rareness, weights in self._kinds:
            known = Counter(rows[each] for each in read(heard) if each in rows)
            if known:
                places = np.fromiter(known, dtype=np.int64)
                values = np.fromiter(known.values(), dtype=np.float32) * rareness[places]
                scores = scores + (values / max(float(np.linalg.norm(values)), TINY)) @ weights[places]
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        if not np.isfinite(shares).all():
            raise ClassifierError("the classifier of concerns gave no number")
        return {
            label: float(share)
            for label, share in zip(self._labels, shares, strict=True)
            if not label.startswith("none-")
        }
