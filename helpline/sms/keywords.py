"""The words that carriers and people use to steer texts: stop, start, help, link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.sms.errors import SmsError
from helpline.tables import read

FILE, COLUMNS = "keywords.csv", ("keyword", "means", "language")
STOP, START, HELP, LINK = MEANINGS = ("stop", "start", "help", "link")
YES = "yes"  # opts somebody in who had opted out, and is talk otherwise
LANGUAGES = ("", "es")  # empty for a word that texts in both languages use
LONGEST = 60  # characters of a message that may be a keyword
BETWEEN = re.compile(r"[\s\-_]+")


@dataclass(frozen=True)
class Keyword:
    """What a keyword asks for, one of MEANINGS, and the language it is in; empty where both use it."""

    means: str
    language: str


class Keywords:
    """Every keyword, ready to be looked up."""

    def __init__(self, keywords: Mapping[str, Keyword]) -> None:
        self._keywords = keywords

    def means(self, text: str, opted_out: bool = False) -> str:
        """What a message that is nothing but a keyword asks for, one of MEANINGS; an empty string for any other."""
        found = self.keyword(text, opted_out)
        return found.means if found else ""

    def keyword(self, text: str, opted_out: bool = False) -> Keyword | None:
        """The keyword that is all of a message; a yes is one only from somebody who has opted out."""
        found = self._keywords.get(_bare(text)) if len(text) <= LONGEST else None
        if found is None or found.means != YES:
            return found
        return Keyword(START, found.language) if opted_out else None


def load_keywords(folder: Path) -> Keywords:
    """The keywords of `folder`; SmsError names file and row of what is wrong."""
    keywords: dict[str, Keyword] = {}
    for row in read(folder, FILE, COLUMNS, SmsError):
        word = _bare(row.needed("keyword"))
        if not word:
            raise row.wrong(f"'{row['keyword']}' holds no letter")
        if word in keywords:
            raise row.wrong(f"'{row['keyword']}' stands twice")
        keywords[word] = Keyword(row.one_of("means", (*MEANINGS, YES)), row.one_of("language", LANGUAGES))
    missing = [meaning for meaning in MEANINGS if all(each.means != meaning for each in keywords.values())]
    if missing:
        raise SmsError(f"{FILE}: no keyword means '{missing[0]}'")
    return Keywords(keywords)


def _bare(text: str) -> str:
    """Its words in small letters, without accents and without what stands around them."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    words = BETWEEN.sub(" ", "".join(letter for letter in spread if not unicodedata.combining(letter)))
    ends = [place for place, letter in enumerate(words) if letter.isalnum()]
    return words[ends[0] : ends[-1] + 1] if ends else ""
