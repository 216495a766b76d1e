"""Every phone number once: fills placeholders in a text, and says which numbers belong to a concern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.escalation.errors import ContactError
from helpline.escalation.hours import Hours
from helpline.tables import Row, read

RESOURCES = ("key", "name", "number", "text_line", "hours", "languages", "notes", "source", "verified_on", "status")
CONCERNS = ("concern", "level", "card", "numbers", "reply", "about_other", "context", "guide")
STATUS = ("checked", "dial_before_release", "conflict")
# `asl` is American Sign Language, `local` whatever is spoken there.
LANGUAGES = ("en", "es", "asl", "local")
PLACEHOLDER = re.compile(r"\[([a-z_0-9]+)\]")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ROUND_THE_CLOCK = Hours()


@dataclass(frozen=True)
class Resource:
    """One line of help: its number or text line, when it answers, and where and when that was checked."""

    key: str
    name: str
    number: str
    text_line: str
    hours: str
    languages: tuple[str, ...]
    source: str
    verified_on: str
    status: str

    @property
    def words(self) -> str:
        """What `[key]` becomes: the number, or else the text line; `[key_text]` is always the text line."""
        return self.number or self.text_line


@dataclass(frozen=True)
class Contacts:
    """The resources that may be shown, and the keys of those that belong to each concern."""

    resources: Mapping[str, Resource]
    concerns: Mapping[str, tuple[str, ...]]
    hours: Hours = ROUND_THE_CLOCK
    callback_hours: Hours = ROUND_THE_CLOCK

    def numbers(self, concern: str) -> tuple[Resource, ...]:
        """Whom to offer for a concern, the most urgent first; none for a concern that is not in the table."""
        return tuple(self.resources[key] for key in self.concerns.get(concern, ()))

    def fill(self, text: str, phone: str = "[phone]") -> str:
        """The text with `[phone]`, the hours and every resource written out; ContactError on an unknown placeholder."""
        return PLACEHOLDER.sub(lambda found: phone if found[1] == "phone" else self._words(found[1]), text)

    def _words(self, placeholder: str) -> str:
        if placeholder in ("hours", "callback_hours"):
            hours: Hours = getattr(self, placeholder)
            return hours.words
        if placeholder in self.resources:
            return self.resources[placeholder].words
        texted = self.resources.get(placeholder.removesuffix("_text"))
        if texted is None or not texted.text_line:
            raise ContactError(f"unknown placeholder '[{placeholder}]'")
        return texted.text_line


def load(folder: Path, hours: Hours = ROUND_THE_CLOCK, callback_hours: Hours = ROUND_THE_CLOCK) -> Contacts:
    """The contacts of `folder`, without those whose number is in conflict; ContactError names file and row.

    `hours` are the helpline's own, `callback_hours` those in which staff call people back.
    """
    shown, hidden = {}, set()
    for row in read(folder, "resources.csv", RESOURCES, ContactError):
        key = row.needed("key")
        if key in shown or key in hidden:
            raise row.wrong(f"'{key}' stands twice")
        if row.one_of("status", STATUS) == "conflict":
            hidden.add(key)
        else:
            shown[key] = _resource(row)
    concerns = {}
    for row in read(folder, "concerns.csv", CONCERNS, ContactError):
        for key in row.several("numbers"):
            if key not in shown:
                raise row.wrong(f"unknown number '{key}'")
        concerns[row.needed("concern")] = row.several("numbers")
    return Contacts(shown, concerns, hours, callback_hours)


def _resource(row: Row) -> Resource:
    if not row["number"] and not row["text_line"]:
        raise row.wrong("neither a number nor a text line")
    if not DATE.fullmatch(row["verified_on"]):
        raise row.wrong(f"verified_on '{row['verified_on']}' is not a date such as 2026-11-23")
    spoken = row.several("languages")
    if not spoken or not set(spoken) <= set(LANGUAGES):
        raise row.wrong(f"languages '{row['languages']}' are not all of {', '.join(LANGUAGES)}")
    return Resource(
        row["key"],
        row.needed("name"),
        row["number"],
        row["text_line"],
        row.needed("hours"),
        spoken,
        row.needed("source"),
        row["verified_on"],
        row["status"],
    )
