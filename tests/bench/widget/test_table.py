"""What is printed, from figures that were never measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.widget.install import NotInstalled, installed
from tests.bench.widget.measure import Figures
from tests.bench.widget.table import HEAD, medians, table

ONE = Figures(15381, 15400, 0, 0, 1, 2, "yes", 48.9, 52.1, 1.54, 0.37, True)


def test_the_middle_of_three_runs() -> None:
    runs = [ONE, replace(ONE, script_ms=10.0, by_tab="no"), replace(ONE, script_ms=90.0, launcher_seconds=9.0)]
    assert medians(runs) == ONE
    inline = replace(ONE, launcher_seconds=None)
    assert medians([inline] * 3) == inline


@pytest.mark.parametrize(
    ("figures", "end"),
    [
        (ONE, "| 1.5 | 0.4 |"),
        (replace(ONE, focused=False), "| 1.5 | 0.4‡ |"),
        (replace(ONE, launcher_seconds=None, focused=False), "| inline | 0.4† |"),
    ],
    ids=["launcher", "without focus", "inline"],
)
def test_a_row(figures: Figures, end: str) -> None:
    row = table({"ours": [figures]}, {}).splitlines()[2]
    assert row == f"| ours | 15,381 | 15,400 | 0 | 0 | 1 | 2 | yes | 49 | 52 {end}"


def test_a_missing_widget_has_its_reason_in_a_row_of_the_same_width() -> None:
    row = table({}, {"theirs 1.0": "npm is not on the PATH."}).splitlines()[2]
    assert row.startswith("| theirs 1.0 | npm is not on the PATH. |")
    assert row.count("|") == len(HEAD) + 1


def test_without_npm_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotInstalled, match="npm is not on the PATH"):
        installed("no-such-package", "0.0.0")
