"""Takes out of a text what could tell who wrote it."""

from __future__ import annotations

import re

# The order matters: a card number holds what looks like a phone number.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[email]", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("[ssn]", re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)")),
    ("[card]", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")),
    ("[phone]", re.compile(r"(?<![\d/])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\d/])")),
    (
        "[address]",
        re.compile(
            r"\b\d{1,5} (?:[a-z]{1,20} ){1,3}(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd"
            r"|way|place|pl|terrace|circle|highway|hwy)\b\.?(?:,? (?:apt|unit|#) ?\w{1,5})?",
            re.IGNORECASE,
        ),
    ),
)
_NAMED = re.compile(
    r"\b(?P<lead>my (?:full |first |last |real )?name(?:'s|’s| is)|name(?:'s|’s| is)|call me|they call me)"
    r"(?P<name>(?: [a-z][a-z'’-]{1,20}){1,2})",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(r"\b(?P<lead>(?:[Tt]his is|I am|I['’]m|i['’]?m))(?P<name>(?: [A-Z][a-z'’-]{1,20}){1,2})\b")
_NOT_A_NAME = frozenset("and but so i im not on in at here please now the a an my is was who what".split())


def redact(text: str) -> str:
    """The text with phones, mails, card and security numbers, addresses and names replaced by a word in brackets.

    Doses (10/325), 24/7, 988 and 911 stay as they are. It misses what no pattern shows, such as a name on its own.
    """
    for label, pattern in _PATTERNS:
        text = pattern.sub(label, text)
    text = _NAMED.sub(_without_name, text)
    return _INTRODUCED.sub(lambda found: f"{found['lead']} [name]", text)


def _without_name(found: re.Match[str]) -> str:
    words = found["name"].split()
    kept = words[1:] if len(words) > 1 and words[1].lower() in _NOT_A_NAME else []
    if words[0].lower() in _NOT_A_NAME:
        return found[0]
    return " ".join([found["lead"], "[name]", *kept])
