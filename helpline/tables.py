"""Reads the CSV tables that people edit, and names file and row of everything that is wrong in them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path


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
        """The room's error that says what is wrong with this row."""
        return self.error(f"{self.file}:{self.line}: {problem}")


def read(folder: Path, file: str, columns: Sequence[str], error: type[Exception]) -> tuple[Row, ...]:
    """Every row of `file`; raises `error` unless it has exactly `columns` and one cell for each in every row."""
    rows: list[Row] = []
    for line, cells in _lines(folder, file, error):
        if line == 1:
            _check_header(file, cells, columns, error)
            continue
        row = Row(file, line, dict(zip(columns, cells, strict=False)), error)
        if len(cells) != len(columns):
            raise row.wrong(f"{len(cells)} cells where {len(columns)} are expected")
        if "\n" in "".join(cells) or cells != [cell.strip() for cell in cells]:
            raise row.wrong("a cell begins or ends with a space, or runs over several lines")
        rows.append(row)
    if not rows:
        raise error(f"{file}:1: the table is empty")
    return tuple(rows)


def read_words(folder: Path, file: str, error: type[Exception]) -> frozenset[str]:
    """Every word of a plain list, one a line; lines that begin with # are for people."""
    lines = _text(folder, file, error).splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _lines(folder: Path, file: str, error: type[Exception]) -> list[tuple[int, list[str]]]:
    reader = csv.reader(_text(folder, file, error).splitlines(keepends=True), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as problem:
        raise error(f"{file}:{reader.line_num}: not readable as CSV ({problem})") from None


def _text(folder: Path, file: str, error: type[Exception]) -> str:
    try:
        # Excel begins its "CSV UTF-8" files with a mark that is no part of the first column's name.
        return (folder / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(f"{file}: the file is missing") from None
    except UnicodeDecodeError:
        raise error(f"{file}: the file is not UTF-8 text") from None


def _check_header(file: str, cells: Sequence[str], columns: Sequence[str], error: type[Exception]) -> None:
    missing = [column for column in columns if column not in cells]
    if missing:
        raise error(f"{file}:1: missing column '{missing[0]}'")
    if list(cells) != list(columns):
        raise error(f"{file}:1: the columns must be {','.join(columns)}")
