"""The sentences that only texts say, read from sms.csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from helpline.sms.errors import SmsError
from helpline.sms.segments import plain
from helpline.tables import Row, read

FILE, COLUMNS = "sms.csv", ("key", "en", "es")
LANGUAGES = COLUMNS[1:]
# What each sentence has to hold.
FIELDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("stopped", "started", "help", "text_me"), ("name",)),
    **dict.fromkeys(("link", "first_link"), ("link",)),
    **dict.fromkeys(("more", "clear", "reply_one", "call", "cut", "not_read", "continued"), ()),
    "reply_with": ("last",),
    "invite": ("name", "link"),
}
FIELD = re.compile(r"\{(\w+)\}")


class Sayings:
    """Every sentence by key and language; English where a language is missing."""

    def __init__(self, texts: Mapping[tuple[str, str], str], fill: Callable[[str], str]) -> None:
        self._texts = texts
        self.fill = fill
        self.phone = plain(fill("[phone]"))

    def say(self, key: str, language: str, **fields: str) -> str:
        """The sentence in plain letters, its fields and placeholders written out; KeyError where one is not given."""
        return plain(self.in_chat(key, language, **fields))

    def in_chat(self, key: str, language: str, **fields: str) -> str:
        """The same with every letter as it is written, for a screen."""
        text = self._texts.get((key, language)) or self._texts[key, "en"]
        return FIELD.sub(lambda found: fields[found[1]], text)


def load_sayings(folder: Path, fill: Callable[[str], str]) -> Sayings:
    """The sentences of `folder`; `fill` writes placeholders out; SmsError names file and row."""
    texts: dict[tuple[str, str], str] = {}
    for row in read(folder, FILE, COLUMNS, SmsError):
        key = row.one_of("key", FIELDS)
        if (key, "en") in texts:
            raise row.wrong(f"'{key}' stands twice")
        texts |= {(key, language): fill(_checked(row, language)) for language in LANGUAGES}
    missing = [key for key in FIELDS if (key, "en") not in texts]
    if missing:
        raise SmsError(f"{FILE}: '{missing[0]}' is missing")
    return Sayings(texts, fill)


def _checked(row: Row, language: str) -> str:
    text = row.needed(language)
    if sorted(FIELD.findall(text)) != sorted(FIELDS[row["key"]]):
        wanted = " and ".join(f"{{{name}}}" for name in FIELDS[row["key"]]) or "no field"
        raise row.wrong(f"'{row['key']}' must hold {wanted} in '{language}'")
    return text
