"""What a spreadsheet does to a table is read where it can be, and else named by file and row."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.knowledge.__main__ import main
from tests.bot.facts.conftest import TABLES

Edit = Callable[[str, str, str], int]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Changes the first match in one table, and checks all of them as `make check` does."""

    def change(file: str, old: str, new: str) -> int:
        table = shutil.copytree(TABLES, tmp_path / "tables") / file
        table.write_text(re.sub(old, lambda _: new, table.read_text("utf-8"), count=1), "utf-8", newline="")
        return main([str(table.parent)])

    return change


@pytest.mark.parametrize(("old", "new"), [(r"\A", "\ufeff"), (r"\n", "\r\n")], ids=["a mark at the start", "line ends"])
def test_what_excel_does_to_a_file_is_read(edit: Edit, old: str, new: str) -> None:
    assert edit("names.csv", old, new) == 0


@pytest.mark.parametrize(
    "status", ["Not signed", "not  signed", "signed", "signed: A. Person", "signed: A. Person, PharmD, 1/2/2027"]
)
@pytest.mark.parametrize("file", ["interactions.csv", "facts.csv", "substances.csv", "topics.csv"])
def test_a_slip_in_the_status_is_no_signature(
    edit: Edit, capsys: pytest.CaptureFixture[str], file: str, status: str
) -> None:
    assert edit(file, "not signed", f'"{status}"') == 1
    wanted = f"{file}:2: status '{status}' is neither 'not signed' nor 'signed: name, credential, date'\n"
    assert capsys.readouterr().err == wanted


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("overrides.csv", r"\d{4}-\d\d-\d\d", "11/23/2026", "overrides.csv:2: reviewed '11/23/2026' is not a date"),
        (
            "classes.csv",
            "class,parents,tags,description",
            "class;parents;tags;description",
            "classes.csv:1: missing column",
        ),
        ("topics.csv", "opioid_high_potency", "opioid_high", "topics.csv:2: unknown class or substance 'opioid_high'"),
        ("class_words.csv", "opioid,", "opiod,", "class_words.csv:2: unknown class 'opiod'"),
    ],
)
def test_what_cannot_be_read_is_named(
    edit: Edit, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, error: str
) -> None:
    assert edit(file, old, new) == 1
    assert capsys.readouterr().err.startswith(error)
