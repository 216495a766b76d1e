"""The plain words of the page: what classes, effects and severities are called, kept in words.csv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from helpline.knowledge.tables import read

COLUMNS = ("kind", "key", "word", "letter", "meaning")


@dataclass(frozen=True)
class Word:
    """What a reader sees for one key of the tables."""

    word: str
    letter: str
    meaning: str


class Words:
    """Every word of the page by kind and key."""

    def __init__(self, folder: Path) -> None:
        rows = read(folder, "words.csv", COLUMNS)
        self._words = {(row["kind"], row["key"]): Word(row["word"], row["letter"], row["meaning"]) for row in rows}

    def find(self, kind: str, key: str) -> Word:
        """The word for `key`, which must be there."""
        return self._words[kind, key]

    def line(self, key: str) -> str:
        """A short label of the page."""
        return self.find("line", key).word

    def knows(self, kind: str, key: str) -> bool:
        """Whether there is a word for it; a new class does without until somebody writes one."""
        return (kind, key) in self._words

    def label(self, kind: str, key: str) -> str:
        """What a class or an effect is called; its own key where nobody has written a word yet."""
        return self.find(kind, key).word if self.knows(kind, key) else key.replace("_", " ")

    def filled(self, text: str) -> str:
        """The text with a plain word in each of its blanks: the chat puts names where `{a}` or `{name}` stands."""
        for (kind, key), word in self._words.items():
            if kind == "slot":
                text = text.replace(f"{{{key}}}", word.word)
        return text


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of words.csv, read once."""
    return Words(Path(__file__).parent)
