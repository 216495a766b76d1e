"""One front door with a well-behaved Rasa for a whole module, and fresh ones for tests that break things."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import Chat, RunningDoor


@pytest.fixture(scope="module")
def rasa() -> Iterator[RasaStandIn]:
    stand_in = RasaStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module")
def door(rasa: RasaStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    running = RunningDoor(tmp_path_factory.mktemp("door"), rasa.port).start()
    running.wait_for_store()
    yield running
    running.stop()


@pytest.fixture
def chat(door: RunningDoor) -> Chat:
    return Chat(door)


@pytest.fixture
def new_door(tmp_path: Path) -> Iterator[Callable[..., tuple[RunningDoor, RasaStandIn]]]:
    started: list[tuple[RunningDoor, RasaStandIn]] = []

    def make(**environment: str) -> tuple[RunningDoor, RasaStandIn]:
        stand_in = RasaStandIn()
        running = RunningDoor(tmp_path, stand_in.port, **environment)
        started.append((running, stand_in))
        return running.start(), stand_in

    yield make
    for running, stand_in in started:
        running.stop()
        stand_in.stop()
