"""Everything that the report tells, reckoned from what was heard; report.json is it as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.nlu.understanding import FALLBACK, Understanding
from tests.report.coverage import Coverage
from tests.report.figures import (
    BINS,
    Bin,
    Outcome,
    Score,
    calibration,
    calibration_error,
    confusions,
    macro_f1,
    macro_f1_interval,
    outcome,
    outcomes,
    scores,
    wilson,
)

MISSES = 40
COMMONEST = 25
Interval = tuple[float, float]


@dataclass(frozen=True)
class Miss:
    """A message that was heard as something else."""

    message: str
    gold: str
    heard: str
    confidence: float


@dataclass(frozen=True)
class Results:
    """The figures; an interval is one of 95 %."""

    made: str
    fresh: bool  # whether the model was trained from the data as it is
    trained_messages: int
    messages: int
    intents: int
    macro_f1: float
    macro_f1_interval: Interval
    now: Outcome
    accuracy: float
    accuracy_interval: Interval
    wrong_interval: Interval
    asked_back_interval: Interval
    ambiguity: float
    seconds: float
    megabytes: float
    calibration_error: float
    scores: list[Score]
    commonest: list[tuple[str, str, int]]
    right_by_confidence: list[int]
    wrong_by_confidence: list[int]
    bins: list[Bin]
    curve: list[Outcome]
    misses: list[Miss]
    coverage: Coverage
    matrix: Counter[tuple[str, str]] = field(repr=False)

    def mostly_heard_as(self, intent: str) -> list[tuple[str, int]]:
        """What the intent is heard as when it is misheard, the commonest first."""
        wrong = Counter({h: count for (g, h), count in self.matrix.items() if g == intent != h})
        return wrong.most_common(3)


def reckon(
    messages: Sequence[tuple[str, str]],
    understanding: Understanding,
    coverage: Coverage,
    trained_messages: int,
    fresh: bool,
    made: str,
) -> Results:
    """All figures of these (intent, text) messages."""
    gold = [intent for intent, _ in messages]
    heard = [one.intent for one in understanding.heard]
    table, now = scores(gold, heard), outcome(gold, heard, understanding.threshold)
    tenths: dict[bool, list[int]] = {True: [0] * BINS, False: [0] * BINS}
    misses = []
    for (intent, text), one in zip(messages, understanding.heard, strict=True):
        if one.intent != FALLBACK:
            tenths[one.intent == intent][min(int(one.confidence * BINS), BINS - 1)] += 1
            if one.intent != intent:
                misses.append(Miss(text, intent, one.intent, one.confidence))
    bins = calibration(
        [one.confidence for one in understanding.heard],
        [one.first == intent for intent, one in zip(gold, understanding.heard, strict=True)],
    )
    return Results(
        made=made,
        fresh=fresh,
        trained_messages=trained_messages,
        messages=len(gold),
        intents=len(table),
        macro_f1=macro_f1(table),
        macro_f1_interval=macro_f1_interval(gold, heard),
        now=now,
        accuracy=now.right / len(gold),
        accuracy_interval=wilson(now.right, len(gold)),
        wrong_interval=wilson(now.wrong, len(gold)),
        asked_back_interval=wilson(now.asked_back, len(gold)),
        ambiguity=understanding.ambiguity,
        seconds=understanding.seconds,
        megabytes=understanding.megabytes,
        calibration_error=calibration_error(bins),
        scores=table,
        commonest=[(g, h, count) for (g, h), count in confusions(gold, heard).most_common(COMMONEST)],
        right_by_confidence=tenths[True],
        wrong_by_confidence=tenths[False],
        bins=bins,
        curve=outcomes(gold, understanding.heard, understanding.ambiguity),
        misses=sorted(misses, key=lambda one: -one.confidence)[:MISSES],
        coverage=coverage,
        matrix=Counter(zip(gold, heard, strict=True)),
    )
