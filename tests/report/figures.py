"""The arithmetic of the report: scores of intents, intervals, calibration, thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.nlu.understanding import FALLBACK, Heard

Z = 1.96
BINS = 10
THRESHOLDS = tuple(step / 20 for step in range(20))  # 0 to 0.95


@dataclass(frozen=True)
class Score:
    """How one intent fares: messages that are it, messages heard as it, and both at once."""

    intent: str
    messages: int
    heard: int
    right: int

    @property
    def precision(self) -> float:
        """What share of what is heard as it is it."""
        return self.right / self.heard if self.heard else 0.0

    @property
    def recall(self) -> float:
        """What share of it is heard."""
        return self.right / self.messages if self.messages else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / (self.messages + self.heard) if self.right else 0.0


def scores(gold: Sequence[str], heard: Sequence[str]) -> list[Score]:
    """A score for every intent that some message has, the worst F1 first."""
    messages, answers = Counter(gold), Counter(heard)
    right = Counter(g for g, h in zip(gold, heard, strict=True) if g == h)
    table = [Score(intent, messages[intent], answers[intent], right[intent]) for intent in messages]
    return sorted(table, key=lambda one: (one.f1, one.intent))


def macro_f1(table: Sequence[Score]) -> float:
    """The mean F1 of the intents, each counting the same."""
    return sum(one.f1 for one in table) / len(table) if table else 0.0


def confusions(gold: Sequence[str], heard: Sequence[str]) -> Counter[tuple[str, str]]:
    """How often one intent was heard as another."""
    return Counter((g, h) for g, h in zip(gold, heard, strict=True) if g != h)


def wilson(hit: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, spread = hit / of, 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / spread
    half = Z * ((share * (1 - share) + Z * Z / (4 * of)) / of) ** 0.5 / spread
    return max(0.0, middle - half), min(1.0, middle + half)


def macro_f1_interval(gold: Sequence[str], heard: Sequence[str], rounds: int = 2000) -> tuple[float, float]:
    """The 95 % interval of macro F1, by bootstrap: as many messages of each intent are drawn again and again.

    The number of messages an intent is the writer's choice and no chance, so it is kept.
    """
    rows, columns = sorted(set(gold)), sorted(set(gold) | set(heard))
    place = {intent: number for number, intent in enumerate(columns)}
    table = np.zeros((len(rows), len(columns)))
    for g, h in zip(gold, heard, strict=True):
        table[rows.index(g), place[h]] += 1
    dice = np.random.default_rng(1)
    drawn = np.stack([dice.multinomial(int(row.sum()), row / row.sum(), size=rounds) for row in table], axis=1)
    own = [place[intent] for intent in rows]
    right = drawn[:, range(len(rows)), own]
    f1 = 2 * right / (drawn.sum(axis=2) + drawn.sum(axis=1)[:, own])
    low, high = np.percentile(f1.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True)
class Bin:
    """The messages whose confidence lies between two tenths."""

    low: float
    high: float
    messages: int
    right: int
    confidence: float  # their mean

    @property
    def share_right(self) -> float:
        """What share of them is right; to be calibrated is to have it near `confidence`."""
        return self.right / self.messages if self.messages else 0.0


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Messages by confidence, in bins of a tenth; 1.0 belongs to the last."""
    bins = []
    for number in range(BINS):
        inside = [
            (confidence, hit)
            for confidence, hit in zip(confidences, right, strict=True)
            if min(int(confidence * BINS), BINS - 1) == number
        ]
        mean = sum(confidence for confidence, _ in inside) / len(inside) if inside else 0.0
        bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), sum(hit for _, hit in inside), mean))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """By how much confidence and share right differ, the expected calibration error."""
    total = sum(one.messages for one in bins)
    return sum(one.messages * abs(one.share_right - one.confidence) for one in bins) / total if total else 0.0


@dataclass(frozen=True)
class Outcome:
    """How many messages are answered right, answered wrong and asked back at a threshold of the fallback."""

    threshold: float
    right: int
    wrong: int
    asked_back: int


def outcome(gold: Sequence[str], heard: Sequence[str], threshold: float) -> Outcome:
    """Count what is acted on."""
    right = sum(g == h for g, h in zip(gold, heard, strict=True))
    asked_back = sum(h == FALLBACK != g for g, h in zip(gold, heard, strict=True))
    return Outcome(threshold, right, len(gold) - right - asked_back, asked_back)


def outcomes(gold: Sequence[str], heard: Sequence[Heard], ambiguity: float) -> list[Outcome]:
    """What each threshold would do; the ambiguity threshold stays."""
    return [outcome(gold, [one.at(t, ambiguity) for one in heard], t) for t in THRESHOLDS]
