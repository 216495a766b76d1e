"""A text in GSM-7, the alphabet of plain text messages, and how many messages it takes."""

from __future__ import annotations

import re
import unicodedata

SINGLE, PART, MOST = 160, 153, 3
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€")
ALPHABET = BASIC | EXTENSION
IN_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•‣▪●·", "-"),
    **{"…": "...", "×": "x", "÷": "/", "⁄": "/", "→": "->", "≥": ">=", "≤": "<=", "µ": "u", "μ": "u"},
    **{"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Œ": "OE", "œ": "oe"},
    **dict.fromkeys("\t\v\f\r\x85\u2028\u2029", " "),
}
SPACES, AROUND_LINES = re.compile(r" {2,}"), re.compile(r" *\n *")


def plain(text: str) -> str:
    """The text in GSM-7 alone: marks in their plain form, letters without the accents it lacks, the rest left out."""
    lines = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    letters = "".join(map(_letter, unicodedata.normalize("NFC", lines)))
    return AROUND_LINES.sub("\n", SPACES.sub(" ", letters)).strip()


def septets(text: str) -> int:
    """How long a text in GSM-7 is: a character of the extension table counts twice."""
    return len(text) + sum(map(text.count, EXTENSION))


def segments(text: str) -> int:
    """How many messages a text in GSM-7 takes; no character of the extension table is split across two."""
    if septets(text) <= SINGLE:
        return 1
    if EXTENSION.isdisjoint(text):
        return -(-len(text) // PART)
    count, filled = 1, 0
    for letter in text:
        size = septets(letter)
        if filled + size > PART:
            count, filled = count + 1, 0
        filled += size
    return count


def _letter(letter: str) -> str:
    if letter in ALPHABET:
        return letter
    if letter in IN_PLAIN:
        return IN_PLAIN[letter]
    spread = unicodedata.normalize("NFKD", letter)
    return "".join(IN_PLAIN.get(each, each if each in ALPHABET else "") for each in spread)
