"""Reads the CSV tables of the safety folder, and names file and row of everything that is wrong in them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path


class ContactError(Exception):
    """The contacts cannot be used; the message is one sentence such as `resources.csv:4: empty source`."""


@dataclass(frozen=True)
class Row:
    """One line of one table: its cells by column name, and where to find it."""

    file: str
    line: int
    cells: dict[str, str]
    error: type[Exception]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def needed(self, column: str) -> str:
        """The cell's text, which must not be empty."""
        if not self.cells[column]:
            raise self.wrong(f"empty {column}")
        return self.cells[column]

    def several(self, column: str) -> tuple[str, ...]:
        """The cell's parts, written with semicolons between them."""
        return tuple(part for part in (each.strip() for each in self.cells[column].split(";")) if part)

    def one_of(self, column: str, known: Collection[str]) -> str:
        """The cell's text, which must be one of `known`."""
        if self.cells[column] not in known:
            raise self.wrong(f"unknown {column} '{self.cells[column]}'")
        return self.cells[column]

    def wrong(self, problem: str) -> Exception:
        """The error to raise for this row."""
        return self.error(f"{self.file}:{self.line}: {problem}")


def read(folder: Path, file: str, columns: Sequence[str], error: type[Exception]) -> tuple[Row, ...]:
    """Every row of `file`, which must have exactly `columns` and one cell for each in every row."""
    rows: list[Row] = []
    for line, cells in enumerate(_lines(folder / file, error), start=1):
        row = Row(file, line, dict(zip(columns, cells, strict=False)), error)
        if line == 1 and cells != list(columns):
            raise row.wrong(f"the columns must be {','.join(columns)}")
        if len(cells) != len(columns):
            raise row.wrong(f"{len(cells)} cells where {len(columns)} are expected")
        if any("\n" in cell or cell != cell.strip() for cell in cells):
            raise row.wrong("a cell begins or ends with a space, or runs over several lines")
        if line > 1:
            rows.append(row)
    if not rows:
        raise error(f"{file}:1: the table is empty")
    return tuple(rows)


def _lines(path: Path, error: type[Exception]) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream, strict=True))
    except FileNotFoundError:
        raise error(f"{path.name}:1: the table is missing from {path.parent.name}/") from None
    except UnicodeDecodeError:
        raise error(f"{path.name}:1: the table is not UTF-8 text") from None
    except csv.Error as problem:
        raise error(f"{path.name}:1: not a readable table ({problem})") from None
