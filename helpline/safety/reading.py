"""Turns what a person typed into plain words: one form for every quote, accent, disguise, spelling and abbreviation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from helpline.safety.patterns import BOUNDARY
from helpline.safety.spelling import Speller
from helpline.safety.spellings import Spellings

# Beyond the 2,000 characters of a message only its beginning and its end are read, so that a huge one costs no more.
HEAD, TAIL, LONGEST_WORD = 3000, 1000, 40
QUOTES = dict.fromkeys(map(ord, "’‘‛`´ʼʹ′＇"), "'")
# Letters of other alphabets that look like Latin ones and that NFKC leaves alone.
LOOKALIKES = dict(zip(map(ord, "аеорсухіѕԁјһԛԝαοιυνκτ"), "aeopcyxisdjhqwaoiuvkt", strict=True))
TOKEN = re.compile(r"[$@]?[^\W_]+(?:['*@$!]{1,3}[^\W_]+)*|[.!?;\n\r¡¿…]+|[^\w\s]")
SYMBOLS = re.compile(r"['*@$!]+")
ENDING = frozenset(".!?;\n\r¡¿…")
SINGLE_LETTERS = 3


class Reader:
    """Reads text into words by the table of spellings and the words that the phrases know."""

    def __init__(self, spellings: Spellings, speller: Speller) -> None:
        self._speller = speller
        self._spellings = spellings
        ordered = sorted(spellings.literal, key=len, reverse=True)
        self._literals = [(literal, re.compile(_whole(literal)), spellings.literal[literal]) for literal in ordered]

    def words(self, text: str) -> tuple[str, ...]:
        """The plain words of `text`, with `.` at the beginning, the end and between sentences."""
        clean = plain(text)
        for literal, whole, means in self._literals:
            if literal in clean:
                clean = whole.sub(f" {means} ", clean)
        words = self._spellings.rewrite(_join_single_letters(self._tokens(clean)), self._speller.known)
        out = [BOUNDARY]
        for word in (*words, BOUNDARY):
            if word != BOUNDARY or out[-1] != BOUNDARY:
                out.append(word)
        return tuple(out)

    def _tokens(self, text: str) -> list[str]:
        tokens: list[str] = []
        for found in TOKEN.finditer(text):
            token = found[0][:LONGEST_WORD]
            if token[0] in ENDING:
                tokens.append(BOUNDARY)
            elif token[-1].isalnum():
                tokens += self._undisguise(token)
        return tokens

    def _undisguise(self, token: str) -> Sequence[str]:
        if token.replace("'", "").isalpha() or token in self._spellings:
            return (token,)
        known = self._speller.leet(token)
        if known:
            return (known,)
        return [part for piece in SYMBOLS.split(token) for part in re.findall(r"\d+|[^\W\d]+", piece)]


def plain(text: str) -> str:
    """The text in lower case, without accents, hidden characters, lone surrogates and unusual quotes."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    if text.isascii():
        return text.lower().replace("_", " ").replace("`", "'")
    text = unicodedata.normalize("NFKC", text).translate(QUOTES).lower()
    text = unicodedata.normalize("NFKD", text[: 2 * (HEAD + TAIL)]).translate(LOOKALIKES)
    return "".join(map(_shown, text)).replace("_", " ")


def _shown(character: str) -> str:
    if character < "\x7f":
        return character
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return ""
    return " " if category in ("Cs", "Co", "Cn", "Cc") else character


def _join_single_letters(tokens: Sequence[str]) -> list[str]:
    """`k i l l` as one word; the full stops of `k.i.l.l` go with it."""
    out: list[str] = []
    run: list[str] = []
    for token in (*tokens, ""):
        if len(token) == 1 and (token.isalnum() or (token == BOUNDARY and run)):
            run.append(token)
            continue
        if run:
            out += _joined(run)
            run = []
        if token:
            out.append(token)
    return out


def _joined(run: list[str]) -> list[str]:
    letters = [token for token in run if token != BOUNDARY]
    if len(letters) < SINGLE_LETTERS or not all(letter.isalpha() for letter in letters):
        return run
    return ["".join(letters), *([BOUNDARY] if run[-1] == BOUNDARY else [])]


def _whole(literal: str) -> str:
    left = r"(?<!\w)" if literal[0].isalnum() else ""
    right = r"(?!\w)" if literal[-1].isalnum() else ""
    return left + re.escape(literal) + right
