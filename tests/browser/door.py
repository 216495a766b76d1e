"""The real front door with a stand-in for Rasa, for tests of the widget that do not need the whole stack.

A test module says `pytest_plugins = ["tests.browser.door"]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Browser

from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.canned import answered
from tests.browser.tab import Tab, tabs


@pytest.fixture(scope="module")
def door_rasa() -> Iterator[RasaStandIn]:
    """The stand-in behind the door; a test may replace its `answer`, and puts it back."""
    rasa = RasaStandIn()
    rasa.answer = answered
    yield rasa
    rasa.stop()


@pytest.fixture
def held_back(door_rasa: RasaStandIn) -> Iterator[Event]:
    """Keeps every answer back until it is set."""
    go = Event()

    def once_set(asked: Asked) -> Given:
        go.wait(30)
        return answered(asked)

    door_rasa.answer = once_set
    yield go
    go.set()
    door_rasa.answer = answered


@pytest.fixture(scope="module")
def door(door_rasa: RasaStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """The front door of a module, with its store open; it waits so long for Rasa that the widget speaks up first."""
    running = RunningDoor(tmp_path_factory.mktemp("door"), door_rasa.port, TURN_SECONDS="20").start()
    running.wait_for_store()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def door_url(door: RunningDoor) -> str:
    """Its address."""
    return door.url


@pytest.fixture
def door_tab(chromium: Browser, door_url: str) -> Iterator[Callable[..., Tab]]:
    """Makes tabs on that door, each with a context of its own; a phone in the hand unless told otherwise."""
    with tabs(chromium, door_url) as make:
        yield make
