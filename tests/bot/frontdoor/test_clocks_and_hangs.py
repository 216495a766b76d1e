"""The classifier beside the rules: missing, mended, hanging; and a clock that is set back."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.frontdoor import limits, opinion
from bot.frontdoor.errors import Refusal
from bot.frontdoor.limits import Window
from bot.frontdoor.opinion import WAITING, Classifier, SecondOpinion
from bot.frontdoor.session import Sessions
from helpline.safety import Triage

NOTHING = Triage("none", "none", ())


class Reads:
    """A classifier that answers as it is told."""

    def __init__(self, answer: Callable[[], dict[str, float]]) -> None:
        self.answer = answer

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        return self.answer()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 3
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(opinion, "AGAIN_SECONDS", 0.01)
    model = tmp_path / "concerns.npz"
    model.write_text("one")
    return model


def started(model: Path, load: Callable[[], Classifier]) -> SecondOpinion:
    second = SecondOpinion(model, load)
    second.start()
    return second


def test_it_comes_when_the_file_does_and_stays_when_the_file_goes(model: Path) -> None:
    model.unlink()
    second = started(model, lambda: Reads(lambda: {"x": float(len(model.read_text())) / 10}))
    until(lambda: "missing" in str(second.trouble))
    assert asyncio.run(second.read("a", NOTHING)) == {}
    model.write_text("one")
    until(lambda: second.trouble is None)
    model.unlink()
    until(lambda: "goes on" in str(second.trouble))
    model.write_text("other")
    until(lambda: second.trouble is None)
    assert asyncio.run(second.read("a", NOTHING)) == {"x": 0.5}
    second.close()


@pytest.mark.parametrize("share", [float("nan"), 7.0])
def test_a_file_that_cannot_be_used_stays_a_trouble_while_the_old_one_answers(model: Path, share: float) -> None:
    shares = [0.5]
    second = started(model, lambda: Reads(lambda share=shares[0]: {"x": share}))  # type: ignore[misc]
    until(lambda: second.trouble is None)
    shares[0] = share
    model.write_text("worse")
    until(lambda: second.trouble is not None)
    assert asyncio.run(second.read("a", NOTHING)) == {"x": 0.5}
    assert "no likelihood" in str(second.trouble)
    second.close()


def test_one_that_hangs_is_waited_for_only_so_long_and_then_not_at_all(model: Path) -> None:
    go = threading.Event()
    go.set()
    second = started(model, lambda: Reads(lambda: (go.wait(), {"x": 0.5})[1]))
    until(lambda: second.trouble is None)
    go.clear()

    async def ask() -> None:
        begun = time.monotonic()
        answers = await asyncio.gather(*(second.read("a", NOTHING) for _ in range(3 * WAITING)))
        assert answers == [None] * (3 * WAITING)
        assert time.monotonic() - begun < 0.3
        assert "too late" in str(second.trouble)
        go.set()
        await asyncio.sleep(0.05)
        assert await second.read("a", NOTHING) == {"x": 0.5}

    asyncio.run(ask())
    until(lambda: second.trouble is None)
    second.close()


def test_loading_that_hangs_holds_up_nobody(model: Path) -> None:
    go = threading.Event()
    second = started(model, lambda: (go.wait(), Reads(lambda: {}))[1])
    begun = time.monotonic()
    assert asyncio.run(second.read("a", NOTHING)) == {}
    assert time.monotonic() - begun < 0.1 and "being loaded" in str(second.trouble)
    go.set()
    until(lambda: second.trouble is None)
    second.close()


def test_a_token_lives_as_long_as_it_should_and_outlives_a_clock_that_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sessions, now = Sessions("s" * 32, 24), time.time()
    token = sessions.issue()
    for hours in (-1, 1, 23):
        monkeypatch.setattr(time, "time", lambda hours=hours: now + 3600 * hours)
        sessions.conversation(token)
    monkeypatch.setattr(time, "time", lambda: now + 3600 * 25)
    with pytest.raises(Refusal):
        sessions.conversation(token)


def test_a_window_lets_so_many_through_and_moves_on_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    window, now = Window(2), time.monotonic()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    for seconds, waits in ((0, 0), (10, 0), (20, 40), (61, 0), (62, 8), (200, 0)):
        monkeypatch.setattr(limits.time, "monotonic", lambda seconds=seconds: now + seconds)
        assert window.wait("a") == pytest.approx(waits)
    assert window.wait("b") == 0
