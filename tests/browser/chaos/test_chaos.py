"""A short run of `python -m tests.bench.chaos`: nothing is lost, doubled or out of order."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chaos.faults import Fault
from tests.browser.chaos.plan import Deed
from tests.browser.chaos.run import run

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
TURNS = 60
KILLS = 1
SEED = 4


def test_a_talk_arrives_whole(chromium: Browser, tmp_path: Path) -> None:
    result = run(chromium, tmp_path, TURNS, KILLS, SEED, lambda _: None)
    assert result.right, result
    assert not result.unsettled, result
    assert result.conversations == 1, result
    assert set(result.broken) == {kind.value for kind in (*Fault, *Deed)}, result
