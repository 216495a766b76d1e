"""Writes exported conversations as CSV, in which no cell is a formula, and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.store.exporting import Talk

HEAD = ("conversation", "channel", "language", "concern", "severity", "review")
LINE = ("number", "at", "who", "text", "intent", "outcome")
# Spreadsheets take what begins with one of these for a formula, some also behind blanks, quotes or another separator.
BLANKS, SIGNS = "[\\s\"'\u0000-\u001f\u00ad\u200b-\u200f\u2060\ufeff]*", "[=+\\-@＝＋－＠]"
FORMULA = re.compile(f"(^|[;,|\t\r\n])(?={BLANKS}{SIGNS})")
IN_JSON = re.compile(f"(?<=[;,|])({BLANKS})({SIGNS})")
BLANK_FIRST = re.compile(r"^(?=[\t\r\n])")
Written = Callable[[Talk, bool], str]


def harmless(cell: object) -> str:
    """A cell that every spreadsheet shows as text: an apostrophe stands before what could be a formula."""
    text = "" if cell is None else str(cell).replace("\0", "")
    return FORMULA.sub(r"\1'", BLANK_FIRST.sub("'", text))


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Lines of cells, each in quotes."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([[*map(harmless, row)] for row in rows])
    return out.getvalue()


def as_csv(zone: ZoneInfo) -> Written:
    """One line a message; the first conversation brings the names of the columns."""

    def write(talk: Talk, first: bool) -> str:
        head = list(_head(talk).values())
        lines = [[*head, *message.values()] for message in _messages(talk, zone)]
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        return ("\ufeff" + csv_text([[*HEAD, *LINE]]) if first else "") + csv_text(lines)

    return write


def as_json(zone: ZoneInfo) -> Written:
    """One object a line, each a conversation; as CSV there is no formula in it either, and as JSON every sign is."""

    def write(talk: Talk, first: bool) -> str:
        line = json.dumps({**_head(talk), "messages": list(_messages(talk, zone))}, ensure_ascii=False)
        return IN_JSON.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", line) + "\n"

    return write


def _head(talk: Talk) -> dict[str, Any]:
    return dict(zip(HEAD, (talk["id"], *(talk[name] for name in HEAD[1:])), strict=True))


def _messages(talk: Talk, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for said in talk["messages"]:
        at = datetime.fromtimestamp(said["created_at"] / 1000, zone).isoformat(timespec="seconds")
        given = (said["seq"], at, said["role"], said["text_redacted"], said["intent"], said["outcome"])
        yield dict(zip(LINE, given, strict=True))
