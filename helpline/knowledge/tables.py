"""The tables of the knowledge room, and the one error that stops a start because of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpline import tables
from helpline.tables import Row


class KnowledgeError(Exception):
    """A table cannot be used; the message is one sentence such as `interactions.csv:14: unknown class 'opiod'`."""


def read(folder: Path, file: str, columns: Sequence[str]) -> tuple[Row, ...]:
    """Every row of `file`; raises KnowledgeError unless it has exactly `columns`."""
    return tables.read(folder, file, columns, KnowledgeError)


def read_words(folder: Path, file: str) -> frozenset[str]:
    """Every word of a plain list, one a line; lines that begin with # are for people."""
    return tables.read_words(folder, file, KnowledgeError)


__all__ = ["KnowledgeError", "Row", "read", "read_words"]
