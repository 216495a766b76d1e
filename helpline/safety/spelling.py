"""Finds the known word behind a disguised, stretched, glued or mistyped one."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz.distance import OSA

LEET = str.maketrans("01345789$@!+", "oieastbgsait")
STRETCHED = re.compile(r"(.)\1{2,}")
# A word of five or six letters may have one slip, a longer one two; shorter words have too many honest neighbours.
SHORTEST_TYPO, LONG_WORD = 5, 8
SHORTEST_LEET = 4
SHORTEST_GLUED, LONGEST_GLUED = 7, 30


class Speller:
    """Knows the vocabulary of the phrases, the key words worth a guess, and honest words that only look like them."""

    def __init__(self, vocabulary: Collection[str], keys: Collection[str], honest: Collection[str]) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._keys = frozenset(keys)
        self._honest = frozenset(honest)
        self._by_letter: dict[str, list[str]] = {}
        for key in sorted(self._keys):
            self._by_letter.setdefault(key[0], []).append(key)

    def leet(self, token: str) -> str | None:
        """The known word that `d1e`, `k!ll` or `su*cide` stands for."""
        letters = sum(character.isalpha() for character in token)
        if "*" in token:
            return self._starred(token)
        if letters * 2 < len(token) - 1 or letters == 0:
            return None
        plain = token.translate(LEET).replace("'", "")
        for word in (plain, token.replace("1", "l").translate(LEET)):
            for candidate in (word, STRETCHED.sub(r"\1\1", word), STRETCHED.sub(r"\1", word)):
                if candidate in self._keys or (len(candidate) >= SHORTEST_LEET and candidate in self._vocabulary):
                    return candidate
        return None

    def known(self, word: str) -> tuple[str, ...]:
        """The known word or words that `word` stands for, else `word` itself."""
        if word in self._vocabulary or word in self._honest or len(word) < 3 or not word.isalpha():
            return (word,)
        if STRETCHED.search(word):
            for candidate in (STRETCHED.sub(r"\1\1", word), STRETCHED.sub(r"\1", word)):
                if candidate in self._vocabulary:
                    return (candidate,)
        typo = self._typo(word)
        return (typo,) if typo else self._unglued(word) or (word,)

    def _starred(self, token: str) -> str | None:
        length = len(token)
        for key in self._by_letter.get(token[0], ()):
            if len(key) == length and all(a in (b, "*") for a, b in zip(token, key, strict=True)):
                return key
        return None

    def _typo(self, word: str) -> str | None:
        if len(word) < SHORTEST_TYPO:
            return None
        best: str | None = None
        nearest = 3
        for key in self._by_letter.get(word[0], ()):
            allowed = min(nearest - 1, 1 if len(key) < LONG_WORD else 2)
            if len(key) < SHORTEST_TYPO or abs(len(key) - len(word)) > allowed:
                continue
            distance = OSA.distance(word, key, score_cutoff=allowed)
            if distance <= allowed:
                best, nearest = key, distance
        return best

    def _unglued(self, word: str) -> tuple[str, ...] | None:
        """`killmyself` as its words: the split with the fewest of them, one of which is a key word."""
        if not SHORTEST_GLUED <= len(word) <= LONGEST_GLUED:
            return None
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before, piece = best[start], word[start:end]
                if before is None or piece not in self._vocabulary or (len(piece) == 1 and piece not in "ia"):
                    continue
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = (*before, piece)
        split = best[-1]
        return split if split and any(len(piece) > 3 and piece in self._keys for piece in split) else None
