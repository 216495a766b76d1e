"""Keeps the resources true: which were verified too long ago, and what operators dial before a release."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from helpline.escalation.contacts import RESOURCES, STATUS, load
from helpline.escalation.errors import ContactError
from helpline.tables import Row, read

GOOD_FOR_DAYS = 180
HEAD = """# Numbers, text lines and addresses

Generated from `data/safety/resources.csv` by `python -m helpline.escalation --docs`; a test fails when it is stale.
`make check` fails when a row was verified more than {days} days ago: look at its source again, or dial it, and set
`verified_on` to that day. Verified means that somebody read a public page that says so, for now a stored copy of it
that may be older than the day on which it was read. **Nobody has dialled any of them yet.**

"""
DIAL = """## Before release, dial, text or open these

Set the status to `checked` when the line answered as the row says. In the meantime they are shown.

"""
HIDDEN = """
## Not shown to anybody

Two sources disagree. Dial both, write the number that answers into the row and set its status to `checked`.

"""
ALL = """
## All of them

| key | what | call | text or open | hours | languages | status | verified on | source | notes |
|---|---|---|---|---|---|---|---|---|---|
"""


def check(folder: Path, today: date) -> int:
    """How many resources there are; ContactError for the first that is wrong or was verified too long ago."""
    load(folder)
    rows = _rows(folder)
    for row in rows:
        _check_age(row, today)
    return len(rows)


def document(folder: Path) -> str:
    """The page for operators, as Markdown."""
    rows = _rows(folder)
    dial, hidden = ([row for row in rows if row["status"] == status] for status in STATUS[1:])
    return "".join(
        (
            HEAD.format(days=GOOD_FOR_DAYS),
            DIAL,
            *(f"- `{row['key']}`, {row['name']}: {_way(row)}. {row['notes']}".rstrip() + "\n" for row in dial),
            HIDDEN,
            *(f"- `{row['key']}`, {row['name']}. {row['notes']}; {row['source']}\n" for row in hidden),
            ALL,
            *(_line(row) for row in rows),
        )
    )


def _rows(folder: Path) -> tuple[Row, ...]:
    return read(folder, "resources.csv", RESOURCES, ContactError)


def _check_age(row: Row, today: date) -> None:
    day = row["verified_on"]
    try:
        age = (today - date.fromisoformat(day)).days
    except ValueError:
        raise row.wrong(f"'{row['key']}' was verified on '{day}', which is no day of the calendar") from None
    if age < 0:
        raise row.wrong(f"'{row['key']}' was verified on {day}, which is still to come")
    if age > GOOD_FOR_DAYS:
        raise row.wrong(f"'{row['key']}' was verified on {day}, more than {GOOD_FOR_DAYS} days ago")


def _way(row: Row) -> str:
    return ", ".join(filter(None, (row["number"], row["text_line"])))


def _line(row: Row) -> str:
    cells = (
        *(f"`{row['key']}`", row["name"], row["number"], row["text_line"], row["hours"]),
        *(", ".join(row.several("languages")), row["status"], row["verified_on"], row["source"], row["notes"]),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"
