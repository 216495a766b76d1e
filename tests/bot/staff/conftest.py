"""One console for a whole module."""

from collections.abc import Iterator

import pytest

from tests.bot.staff.console import RunningConsole


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    running = RunningConsole(tmp_path_factory.mktemp("console")).start()
    yield running
    running.stop()
