"""How a word sounds, roughly: spellings that are read alike become the same letters."""

from __future__ import annotations

import re

# In this order: what was folded before is not seen again. English spelling of drug names, not phonetics at large.
_FOLDS = (
    ("ph", "f"), ("x", "ks"), ("ck", "k"), ("qu", "k"), ("q", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"),
    ("c", "k"), ("z", "s"), ("th", "t"), ("rh", "r"), ("ee", "i"), ("ea", "i"), ("ie", "i"), ("ei", "i"), ("y", "i"),
    ("oo", "u"), ("ou", "u"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """The word as it is heard: `klonadeen` and `clonadine` are both `klonadin`."""
    if word[:1] == "x":
        word = f"s{word[1:]}"
    for spelling, alike in _FOLDS:
        word = word.replace(spelling, alike)
    word = _DOUBLED.sub(r"\1", word)
    return word.removesuffix("e") if len(word) > 2 else word
