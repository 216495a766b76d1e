"""What is remembered from turn to turn, and when it is forgotten."""

from typing import Any

import pytest

from bot.bubbles import few
from bot.context import TURNS, VISIT_SECONDS, aged, remembered
from bot.store.records import Words

MIX = {"substances": ["alprazolam"], "taken": True, "person": "other", "concern": "suicide_passive", "language": "es"}


def after(turns: int, **context: Any) -> dict[str, Any]:
    """A context in which nothing was set again for so many turns."""
    return {**MIX, **context, "ages": dict.fromkeys(TURNS, turns), "at": 1000}


@pytest.mark.parametrize(
    ("turns", "context", "left"),
    [
        (0, {"open_question": "already_taken"}, {*MIX, "open_question"}),
        (3, {"open_question": "already_taken"}, {*MIX, "open_question"}),
        (4, {"open_question": "already_taken"}, {*MIX}),
        (1, {"open_question": "did_it_help"}, {*MIX, "open_question"}),
        (2, {"open_question": "did_it_help"}, {*MIX}),
        (2, {"offered": ["/ask_cost"]}, {*MIX}),
        (8, {}, {*MIX}),
        (9, {}, {"concern", "language"}),
    ],
)
def test_each_is_forgotten_in_its_time(turns: int, context: dict[str, Any], left: set[str]) -> None:
    assert remembered(after(turns, **context), 1001).keys() - {"ages", "at"} == left


def test_a_new_visit_keeps_the_visitor_only() -> None:
    assert remembered(after(0), 1000 + VISIT_SECONDS + 1) == {"concern": "suicide_passive", "language": "es"}


def test_a_context_from_before_it_had_ages_is_kept() -> None:
    assert remembered(MIX, 5.0) == MIX and remembered({}, 5.0) == {}


def test_ages_count_from_the_turn_that_set_a_slot() -> None:
    first = aged({}, {"substances"}, 10.6)
    assert first["at"] == 10 and first["ages"]["substances"] == 0 and first["ages"]["taken"] == 1
    assert aged(first, {"taken"}, 20.0)["ages"] == {**dict.fromkeys(TURNS, 2), "substances": 1, "taken": 0}


def bubble(words: int, card: Any = None, buttons: Any = ()) -> Words:
    return Words(" ".join(["word"] * words), list(buttons), card)


@pytest.mark.parametrize(
    ("said", "lengths"),
    [
        ([10, 10, 10], [10, 10, 10]),
        ([10, 20, 30, 10], [10, 20, 40]),
        ([10, 20, 55, 10], [30, 55, 10]),
        ([40, 40, 40, 40], [40, 40, 40, 40]),
        ([5, 5, 5, 5, 5], [5, 5, 15]),
    ],
)
def test_neighbours_are_joined_into_three(said: list[int], lengths: list[int]) -> None:
    assert [len(str(each.text).split()) for each in few([bubble(words) for words in said])] == lengths


def test_cards_and_buttons_keep_their_place() -> None:
    card, button = {"kind": "interaction"}, {"title": "Yes", "choice": "/affirm"}
    joined = few([bubble(10, card), bubble(5, buttons=[button]), bubble(5), bubble(5, buttons=[button])])
    assert [(each.card, len(each.buttons)) for each in joined] == [(card, 0), (None, 1), (None, 1)]
