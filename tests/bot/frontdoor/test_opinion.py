"""The classifier beside the rules: late, failing, replaced, or not there at all."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.frontdoor import opinion
from bot.frontdoor.opinion import LONGEST, Classifier, SecondOpinion
from helpline.safety import Triage

HEARD = Triage("none", "none", ())
LIKELY = {"suicide_active": 0.7}
Make = Callable[[Callable[[], Classifier]], SecondOpinion]


class StandIn:
    """Answers as it is told to, after the one question with which loading ends."""

    def __init__(self, answer: Callable[[], dict[str, float]] = lambda: dict(LIKELY)) -> None:
        self.answer = answer
        self.texts: list[str] = []

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        self.texts.append(text)
        return self.answer() if len(self.texts) > 1 else {}

    @property
    def asked(self) -> list[str]:
        """What was asked since it was loaded."""
        return self.texts[1:]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "AGAIN_SECONDS", 0.02)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "concerns.npz"
    path.touch()
    return path


@pytest.fixture
def make(model: Path) -> Iterator[Make]:
    made: list[SecondOpinion] = []

    def start(load: Callable[[], Classifier]) -> SecondOpinion:
        made.append(SecondOpinion(model, load))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.close()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def working(make: Make, stand_in: StandIn) -> SecondOpinion:
    second = make(lambda: stand_in)
    until(lambda: second.trouble is None)
    return second


def ask(second: SecondOpinion, text: str = "hello") -> Mapping[str, float] | None:
    return asyncio.run(second.read(text, HEARD))


def test_it_says_how_likely_each_concern_is(make: Make) -> None:
    stand_in = StandIn()
    assert ask(working(make, stand_in), "x" * (LONGEST + 1)) == LIKELY
    assert stand_in.asked == ["x" * LONGEST]


def test_without_a_trained_file_there_is_no_opinion(make: Make, model: Path) -> None:
    model.unlink()
    second = make(StandIn)
    until(lambda: second.trouble == "concerns.npz is missing: it is not trained yet")
    assert ask(second) == {}
    model.touch()
    until(lambda: second.trouble is None)


def test_before_it_is_loaded_there_is_no_opinion(model: Path) -> None:
    second = SecondOpinion(model, StandIn)
    assert ask(second) == {} and second.trouble


def test_loading_is_tried_until_it_works(make: Make) -> None:
    tries = []

    def load() -> Classifier:
        tries.append(1)
        if len(tries) < 4:
            raise ValueError("the weights are damaged")
        return StandIn()

    second = make(load)
    until(lambda: second.trouble == "the weights are damaged")
    until(lambda: second.trouble is None)
    assert ask(second) == LIKELY and len(tries) == 4


def test_one_that_cannot_read_is_not_taken(make: Make) -> None:
    class Broken:
        def read(self, text: str, heard: Triage) -> dict[str, float]:
            raise KeyError("labels")

    second = make(Broken)
    until(lambda: "labels" in (second.trouble or ""))
    assert ask(second) == {}


def test_it_is_loaded_again_when_the_file_changes(make: Make, model: Path) -> None:
    loaded: list[StandIn] = []

    def load() -> Classifier:
        share = 0.1 * (len(loaded) + 1)
        loaded.append(StandIn(lambda: {"violence": share}))
        return loaded[-1]

    second = make(load)
    until(lambda: second.trouble is None)
    assert ask(second) == {"violence": 0.1}
    os.utime(model, (1, 1))
    until(lambda: ask(second) == {"violence": 0.2})
    time.sleep(0.1)
    assert len(loaded) == 2


def test_the_old_one_stays_while_the_new_file_is_no_good(make: Make, model: Path) -> None:
    good = [True]

    def load() -> Classifier:
        if not good.pop():
            raise ValueError("half written")
        return StandIn()

    good = [False, True]
    second = make(load)
    until(lambda: second.trouble is None)
    good[:] = [False] * 1000
    os.utime(model, (1, 1))
    until(lambda: second.trouble == "half written")
    assert ask(second) == LIKELY


def test_a_late_answer_is_not_waited_for(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "SECONDS", 0.05)
    go = threading.Event()

    def late() -> dict[str, float]:
        go.wait(10)
        return dict(LIKELY)

    async def late_and_then_in_time() -> None:
        second = working(make, StandIn(late))
        begun = time.monotonic()
        assert await second.read("hello", HEARD) is None
        assert time.monotonic() - begun < 1
        assert second.trouble == "the classifier of concerns answered too late"
        go.set()
        while second.trouble:
            await asyncio.sleep(0.01)
        monkeypatch.setattr(opinion, "SECONDS", 5)
        assert await second.read("hello", HEARD) == LIKELY

    asyncio.run(asyncio.wait_for(late_and_then_in_time(), 10))


def test_a_failure_is_no_opinion_and_is_told(make: Make) -> None:
    answers: list[Callable[[], dict[str, float]]] = [lambda: {}["gone"], lambda: dict(LIKELY)]  # type: ignore[list-item]
    second = working(make, StandIn(lambda: answers.pop(0)()))
    assert ask(second) == {}
    assert second.trouble == "the classifier of concerns failed (KeyError)"

    async def again() -> Mapping[str, float]:
        likely = await second.read("hello", HEARD)
        await asyncio.sleep(0)
        return likely

    assert asyncio.run(again()) == LIKELY
    assert second.trouble is None


def test_no_more_questions_wait_than_can_be_answered_in_time(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "WAITING", 2)
    monkeypatch.setattr(opinion, "SECONDS", 5)
    go = threading.Event()
    stand_in = StandIn(lambda: {"violence": float(go.wait(10))})

    async def crowd() -> None:
        second = working(make, stand_in)
        waiting = [asyncio.create_task(second.read(f"{number}", HEARD)) for number in range(2)]
        await asyncio.sleep(0.01)
        begun = time.monotonic()
        assert [await second.read("too many", HEARD) for _ in range(20)] == [None] * 20
        assert time.monotonic() - begun < 1
        go.set()
        assert await asyncio.gather(*waiting) == [{"violence": 1.0}] * 2
        assert await second.read("room again", HEARD) == {"violence": 1.0}

    asyncio.run(asyncio.wait_for(crowd(), 10))
    assert stand_in.asked == ["0", "1", "room again"]


def test_after_it_was_closed_there_is_no_opinion(make: Make) -> None:
    second = working(make, StandIn())
    second.close()
    assert ask(second) == {}
