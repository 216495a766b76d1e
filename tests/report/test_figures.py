"""The report's arithmetic on tables small enough to reckon by hand."""

import pytest

from tests.nlu.understanding import FALLBACK, Heard
from tests.report.figures import (
    BINS,
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

# a: 3 of 4 heard, and one b is heard as a; b: 1 of 2; c: never heard.
GOLD = ["a", "a", "a", "a", "b", "b", "c"]
HEARD = ["a", "a", "a", "b", "b", "a", FALLBACK]


def test_scores_by_hand() -> None:
    assert scores(GOLD, HEARD) == [Score("c", 1, 0, 0), Score("b", 2, 2, 1), Score("a", 4, 4, 3)]
    c, b, a = scores(GOLD, HEARD)
    assert (a.precision, a.recall, a.f1) == (0.75, 0.75, 0.75)
    assert (b.precision, b.recall, b.f1) == (0.5, 0.5, 0.5)
    assert (c.precision, c.recall, c.f1) == (0.0, 0.0, 0.0)
    assert macro_f1([a, b, c]) == pytest.approx((0.75 + 0.5 + 0) / 3)


def test_f1_where_precision_and_recall_differ() -> None:
    one = Score("a", messages=10, heard=4, right=3)
    assert one.precision == 0.75
    assert one.recall == 0.3
    assert one.f1 == pytest.approx(2 * 0.75 * 0.3 / (0.75 + 0.3))


def test_confusions_leave_out_what_is_right() -> None:
    assert confusions(GOLD, HEARD) == {("a", "b"): 1, ("b", "a"): 1, ("c", FALLBACK): 1}


@pytest.mark.parametrize(
    ("hit", "of", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (9, 10, 0.5958, 0.9821), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_against_the_textbook(hit: int, of: int, low: float, high: float) -> None:
    assert wilson(hit, of) == pytest.approx((low, high), abs=1e-4)


def test_the_interval_of_macro_f1_lies_around_it_and_narrows() -> None:
    low, high = macro_f1_interval(GOLD * 5, HEARD * 5)
    assert low < macro_f1(scores(GOLD, HEARD)) < high
    narrower = macro_f1_interval(GOLD * 50, HEARD * 50)
    assert narrower[1] - narrower[0] < (high - low) / 2
    assert macro_f1_interval(GOLD * 5, HEARD * 5) == (low, high), "no chance from run to run"
    assert macro_f1_interval(["a", "b"], ["a", "b"]) == (1.0, 1.0)


def test_calibration_by_hand() -> None:
    bins = calibration([0.95, 0.85, 0.81, 1.0, 0.05], [True, True, False, True, False])
    assert len(bins) == BINS
    assert [one.messages for one in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 2, 2]
    assert (bins[8].right, bins[8].share_right) == (1, 0.5)
    assert bins[8].confidence == pytest.approx(0.83)
    # 1/5 of |0 - 0.05|, 2/5 of |0.5 - 0.83|, 2/5 of |1 - 0.975|
    assert calibration_error(bins) == pytest.approx(0.01 + 0.132 + 0.01)
    assert calibration_error(calibration([], [])) == 0.0


def test_a_threshold_asks_back_what_lies_below_it() -> None:
    heard = [
        Heard("a", "a", 0.9, 0.8, sure="a", unsure=FALLBACK),
        Heard("b", "b", 0.42, 0.3, sure="b", unsure=FALLBACK),
        Heard("b", "b", 0.33, 0.01, sure="b", unsure="a"),  # ambiguous, and rules decide instead of asking back
    ]
    curve = {one.threshold: one for one in outcomes(["a", "a", "a"], heard, ambiguity=0.02)}
    assert curve[0.0] == Outcome(0.0, right=2, wrong=1, asked_back=0)
    assert curve[0.5] == Outcome(0.5, right=2, wrong=0, asked_back=1)
    assert curve[0.95] == Outcome(0.95, right=1, wrong=0, asked_back=2)


def test_every_message_has_one_outcome() -> None:
    assert outcome(GOLD, HEARD, 0.3) == Outcome(0.3, right=4, wrong=2, asked_back=1)
