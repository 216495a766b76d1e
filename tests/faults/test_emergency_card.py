"""Every fault really made: the emergency card comes in time and nothing is lost. The table is in docs/safety.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.faults import ActionServer, Fault, Rasas, Room, faults
from tests.pace import slowness

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
DUE = 0.3  # seconds; longer only as far as the machine is busy with something else
FAULTS = faults(ActionServer)


@pytest.fixture(scope="module")
def rasas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasas]:
    started = Rasas(tmp_path_factory.mktemp("rasas"))
    yield started
    started.stop()


@pytest.mark.parametrize("place", range(len(FAULTS)), ids=[fault.name for fault in FAULTS])
def test_emergency_card(place: int, rasas: Rasas, tmp_path: Path) -> None:
    fault: Fault = faults(rasas.server)[place]
    with rasas.behind(fault) as rasa:
        before = slowness()
        found = fault.run(Room(tmp_path, rasa))
    print(found.row(fault.name), f"{before:.1f} times as slow as a quiet machine")
    assert found.posts >= 40
    assert found.p95 <= DUE * max(1.0, before, slowness()), found
