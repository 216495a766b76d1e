"""Which of several offers a message picks."""

import time

import pytest

from helpline.choosing import PLACES, chosen, yes_or_no

PICKED = [
    ("2", 1), ("two", 1), ("the second one", 1), ("Second.", 1), ("option 2", 1), ("#2", 1), ("2nd one please", 1),
    ("i think it's the first one", 0), ("1)", 0), ("the last one", 2), ("last", 2), ("number three", 2),
    ("la segunda", 1), ("el número dos", 1), ("uno", 0),
]  # fmt: skip
NOT_PICKED = [
    "2 beers",
    "second hand smoke",
    "no",
    "",
    "4",
    "one more thing",
    "i took one of them",
    "first aid",
    "two percs",
    "dos cervezas",
    "una vez más",
]


@pytest.mark.parametrize(("text", "place"), PICKED)
def test_what_is_picked(text: str, place: int) -> None:
    assert chosen(text, 3) == place


@pytest.mark.parametrize("place", range(9))
def test_each_of_nine_is_picked_by_its_number(place: int) -> None:
    words = PLACES[place]
    assert [chosen(word, 9) for word in words] == [place] * len(words)
    assert chosen(words[0], place) is None and chosen("10", 9) is None


@pytest.mark.parametrize("text", NOT_PICKED)
def test_everything_else_picks_nothing(text: str) -> None:
    assert chosen(text, 3) is None


def test_nothing_can_be_picked_where_nothing_was_offered() -> None:
    assert chosen("the first one", 0) is None and chosen("the last one", 0) is None


def test_long_and_hostile_texts_are_quick() -> None:
    started = time.perf_counter()
    for text in ("the " * 500, "yes " * 15 + "x", "um" * 30, "i think " * 7 + "!"):
        assert chosen(text, 3) is None
    assert time.perf_counter() - started < 0.1


ANSWERS = {
    "yes": "yes",
    "yea he did it at like midnight": "yes",
    "Yes he took them both": "yes",
    "nah": "no",
    "no she hasnt touched it yet": "no",
    "not yet, its in the bottle": "no",
    "no none of that": "no",
    **dict.fromkeys(("nothing", "note that", "", "yesterday", "now what"), ""),
}


@pytest.mark.parametrize(("text", "answer"), ANSWERS.items())
def test_a_yes_or_a_no_with_more_behind_it(text: str, answer: str) -> None:
    assert yes_or_no(text) == answer
