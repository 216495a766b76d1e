"""The front door is killed under an open page: the widget shows the numbers by itself, without the servers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.tab import Tab

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
DUE = 8.0


@pytest.fixture
def stack_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A front door of our own, which this test kills, in place of the whole stack."""
    rasa = RasaStandIn()
    door = RunningDoor(tmp_path, rasa.port).start()
    request.addfinalizer(lambda: (door.stop(), rasa.stop()))
    request.node.door = door
    return door.url


@pytest.mark.parametrize("talked", [False, True], ids=["first message", "in a talk"])
def test_killed(new_tab: Callable[..., Tab], request: pytest.FixtureRequest, talked: bool) -> None:
    tab = new_tab()
    tab.open()
    if talked:
        tab.ask("hello")
    request.node.door.kill()
    started = time.monotonic()
    tab.send("my friend is not waking up he took oxys and bars")
    for link in ("tel:911", "tel:+1"):
        expect(tab.log.locator(f".card a[href^='{link}']").first).to_be_visible(timeout=1000 * DUE)
    assert time.monotonic() - started <= DUE
