"""The table of spellings: what people write for plain words, applied to messages and to the tables alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from helpline.safety.errors import SafetyError
from helpline.tables import read

Known = Callable[[str], Sequence[str]]


class Spellings:
    """Rewrites words by the table, the longest entry first; `literal` holds the entries that are not plain words."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self.literal: dict[str, str] = {}
        self._means: dict[tuple[str, ...], tuple[str, ...]] = {}
        for heard, means in entries:
            if all(character.isalnum() or character in " '" for character in heard):
                self._means[tuple(heard.split())] = tuple(means.split())
            else:
                self.literal[heard] = means
        self._longest = max(map(len, self._means), default=1)
        self._firsts = frozenset(heard[0] for heard in self._means)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the table, heard or meant."""
        meanings = [*self._means.values(), *(means.split() for means in self.literal.values())]
        return frozenset().union(*self._means, *meanings)

    def __contains__(self, word: str) -> bool:
        return (word,) in self._means

    def rewrite(self, words: Sequence[str], known: Known = lambda word: (word,)) -> list[str]:
        """The words with every entry replaced by its meaning; `known` guesses at a word that is no entry."""
        out: list[str] = []
        guessed: dict[str, Sequence[str]] = {}
        at = 0
        while at < len(words):
            word = words[at]
            length, meaning = self._entry(words, at) if word in self._firsts else (0, ())
            if not length:
                length, meaning = 1, guessed.get(word) or guessed.setdefault(word, self._guess(word, known))
            out += meaning
            at += length
        return out

    def _entry(self, words: Sequence[str], at: int) -> tuple[int, Sequence[str]]:
        """The longest entry that stands here, as its length and meaning; length 0 where none does."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            meaning = self._means.get(tuple(words[at : at + length]))
            if meaning is not None:
                return length, meaning
        return 0, ()

    def _guess(self, word: str, known: Known) -> Sequence[str]:
        bare = _without_apostrophe(word)
        guess = (bare,) if (bare,) in self._means else tuple(known(bare))
        return self._means.get(guess, guess)


def _without_apostrophe(word: str) -> str:
    """`mom's` as `mom`, any other word without its apostrophes."""
    return word[:-2] if word.endswith("'s") else word.replace("'", "")


def load_spellings(folder: Path) -> Spellings:
    """The spellings of the folder; an empty meaning is a word that says nothing."""
    rows = read(folder, "spellings.csv", ("heard", "means"), SafetyError)
    seen: set[str] = set()
    for row in rows:
        if row.needed("heard") in seen:
            raise row.wrong(f"'{row['heard']}' stands twice")
        seen.add(row["heard"])
    return Spellings([(row["heard"], row["means"]) for row in rows])
