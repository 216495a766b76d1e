"""A stock Firefox, one front door for a whole module, and a tab in which nothing may go wrong or go elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.firefox.bidi import Bidi, Firefox
from tests.browser.firefox.tab import Tab

PHONE = (360, 640)


@pytest.fixture(scope="module")
def started() -> Iterator[Firefox]:
    """Debian's Firefox ESR, or the one that the environment names in FIREFOX."""
    program = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        pytest.skip("no Firefox found: install the firefox-esr package, or name one in FIREFOX")
    running = Firefox(program)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def rasa_of_module() -> Iterator[RasaStandIn]:
    stand_in = RasaStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def rasa(rasa_of_module: RasaStandIn) -> RasaStandIn:
    """A Rasa that has heard nothing yet and repeats what it is told."""
    rasa_of_module.heard.clear()
    rasa_of_module.answer = lambda asked: said(f"echo {asked['text']}")
    return rasa_of_module


@pytest.fixture(scope="module")
def door(rasa_of_module: RasaStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    running = RunningDoor(tmp_path_factory.mktemp("door"), rasa_of_module.port)
    try:
        running.start().wait_for_store()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def firefox(started: Firefox, door: RunningDoor) -> Iterator[Bidi]:
    """Firefox, which started while the front door did, and tells of errors and requests."""
    bidi = Bidi(started.address())
    bidi.command("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
    yield bidi
    bidi.close()


@pytest.fixture
def tab(firefox: Bidi, door: RunningDoor, rasa: RasaStandIn, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """The demo page on a small phone, or on the screen that the test asks for."""
    tab = Tab(firefox, door.url, *getattr(request, "param", PHONE))
    tab.go(door.url)
    yield tab
    wrong = tab.complaints, tab.elsewhere
    tab.close()
    assert wrong == ([], [])
