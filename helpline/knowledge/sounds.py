"""How a word sounds, roughly: spellings that are read alike become the same letters."""

from __future__ import annotations

import re

# In this order: what was folded before is not seen again. English spelling of drug names, not phonetics at large.
_FOLDS = tuple(
    (re.compile(pattern), alike)
    for pattern, alike in (
        ("ph", "f"),
        ("^x", "s"),
        ("x", "ks"),
        ("ck|qu?", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("z", "s"),
        ("([tr])h", r"\1"),
        ("ee|ea|ie|ei|y", "i"),
        ("oo|ou", "u"),
        (r"(.)\1+", r"\1"),
        ("(?<=..)e$", ""),
    )
)


def sound(word: str) -> str:
    """The word as it is heard: `klonadeen` and `clonadine` are both `klonadin`."""
    for pattern, alike in _FOLDS:
        word = pattern.sub(alike, word)
    return word
