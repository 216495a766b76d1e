"""The sentences of an emergency, a crisis and a helpline answer, read from replies.csv and ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpline.escalation import ContactError, Contacts
from helpline.safety.concerns import NONE, Concern
from helpline.safety.errors import SafetyError
from helpline.safety.phrases import LANGUAGES
from helpline.tables import Row, read

PARTS = ("first", "step", "close", "text")
ATTRIBUTES = {"text": "short"}
COLUMNS = ("key", "language", "part", "order", "text")
HELPLINE = {"kind": "helpline", "phone": "[phone]"}


@dataclass(frozen=True)
class Reply:
    """What is shown: plain text, a card and buttons; `[phone]` alone is left to fill in.

    `short` is what a text message about a concern says first; empty for everything else.
    """

    text: str
    card: dict[str, Any]
    buttons: tuple[dict[str, str], ...] = ()
    short: str = ""


@dataclass
class Wording:
    """The sentences of one key in one language; `short` are those of the first text message."""

    first: str = ""
    steps: list[str] = field(default_factory=list)
    close: str = ""
    short: str = ""

    @property
    def text(self) -> str:
        """All sentences but the short ones, one a line."""
        return "\n".join(part for part in (self.first, *self.steps, self.close) if part)


class Replies:
    """Every reply by concern or key and language; English where a language is missing."""

    def __init__(
        self, wording: Mapping[tuple[str, str], Wording], concerns: Mapping[str, Concern], contacts: Contacts
    ) -> None:
        self._wording = wording
        self._concerns = concerns
        self._contacts = contacts

    def concern(self, name: str, language: str) -> Reply:
        """The reply to a concern; KeyError for one that is not in concerns.csv."""
        concern = self._concerns[name]
        wording = self._find(concern.reply, language)
        card = card_of(concern, self._contacts, [wording.first, *wording.steps])
        return Reply(wording.text, card, short=wording.short)

    def helpline(self, key: str, language: str) -> Reply:
        """The calm sentence of a key with the helpline card; KeyError for a key that is not in replies.csv."""
        return Reply(self._find(key, language).text, dict(HELPLINE))

    def _find(self, key: str, language: str) -> Wording:
        return self._wording.get((key, language)) or self._wording[(key, "en")]


def card_of(concern: Concern, contacts: Contacts, steps: Sequence[str]) -> dict[str, Any]:
    """The card of a concern: whom to call and what to do, or the helpline's number where it is no alarm."""
    if not concern.alarm:
        return dict(HELPLINE)
    call = [each.number for each in contacts.numbers(concern.name) if each.number.replace("-", "").isdigit()]
    return {"kind": concern.card, "concern": concern.name, "call": call, "steps": list(steps)}


def load_replies(folder: Path, concerns: Mapping[str, Concern], contacts: Contacts) -> Replies:
    """Every reply, numbers filled in except `[phone]`; SafetyError names file and row."""
    wording: dict[tuple[str, str], Wording] = {}
    rows = read(folder, "replies.csv", COLUMNS, SafetyError)
    for row in rows:
        _place(row, wording.setdefault((row.needed("key"), row.one_of("language", LANGUAGES)), Wording()), contacts)
    _check(rows, wording, concerns)
    return Replies(wording, concerns, contacts)


def _place(row: Row, wording: Wording, contacts: Contacts) -> None:
    try:
        text = contacts.fill(row.needed("text"))
    except ContactError as problem:
        raise row.wrong(str(problem)) from None
    part = ATTRIBUTES.get(row.one_of("part", PARTS), row["part"])
    if row["order"] != str(len(wording.steps) + 1 if part == "step" else 1):
        raise row.wrong(f"order '{row['order']}' does not follow the row before")
    if part == "step":
        wording.steps.append(text)
    elif getattr(wording, part):
        raise row.wrong(f"a second {row['part']} for '{row['key']}'")
    else:
        setattr(wording, part, text)


def _check(rows: Sequence[Row], wording: Mapping[tuple[str, str], Wording], concerns: Mapping[str, Concern]) -> None:
    lines = {(row["key"], row["language"]): row for row in rows}
    for place, words in wording.items():
        if not words.first:
            raise lines[place].wrong(f"'{place[0]}' has no first sentence in '{place[1]}'")
        if "[phone]" not in words.text:
            raise lines[place].wrong(f"'{place[0]}' never says [phone] in '{place[1]}'")
    for concern in concerns.values():
        for language in LANGUAGES:
            found = wording.get((concern.reply, language))
            if not found:
                raise SafetyError(f"replies.csv: no reply '{concern.reply}' in '{language}' for '{concern.name}'")
            if concern.level != NONE and not found.short:
                raise SafetyError(f"replies.csv: no text '{concern.reply}' in '{language}' for '{concern.name}'")
