"""Whatever can go wrong with a talk is counted."""

from __future__ import annotations

import pytest

from tests.browser.chaos.reckoning import Count, Said, answers, count, messages

SENT = ["one", "two", "three"]
RIGHT = Count(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (["one", "two", "three"], RIGHT),
        ([], Count(3, 0, 0, 0)),
        (["one", "three"], Count(1, 0, 0, 0)),
        (["one", "two", "one", "three"], Count(0, 1, 0, 0)),
        (["two", "one", "three"], Count(0, 0, 1, 0)),
        (["three", "one", "two"], Count(0, 0, 2, 0)),
        (["one", "two", "four", "three"], Count(0, 0, 0, 1)),
    ],
)
def test_count(seen: list[str], found: Count) -> None:
    assert count(SENT, seen) == found
    assert found.right == (found == RIGHT)


def talk(*lines: str) -> list[Said]:
    """Lines such as "one" for a message and "echo one" for its answer."""
    return [("bot" if " " in line else "user", line) for line in lines]


def test_an_answer_may_come_after_a_later_message() -> None:
    said = talk("one", "two", "echo one", "three", "echo two", "echo three")
    assert messages(SENT, said) == answers(SENT, said) == RIGHT


def test_an_answer_may_not_come_before_its_message() -> None:
    said = talk("one", "echo one", "echo two", "two", "three", "echo three")
    assert messages(SENT, said) == RIGHT
    assert answers(SENT, said) == Count(0, 0, 1, 0)


def test_cards_are_no_answers() -> None:
    said = talk("one", "no answer came", "echo one", "two", "echo two", "three", "echo three")
    assert answers(SENT, said) == RIGHT
