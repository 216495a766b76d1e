"""Takes out of a text what could tell who wrote it, and leaves the numbers that staff must be able to read."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORM_ANSWER = "[call-back answer]"
LONGEST = 20_000
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# 13 to 19 digits, as cards have, in groups of any size.
CARD = re.compile(r"(?<![\d/])\d(?:[ -]?\d){12,18}(?![\d/])")
SSN = re.compile(r"(?<![\d-])\d{3}([ -])\d{2}\1\d{4}(?![\d-])")
PHONE = re.compile(
    r"(?<![\w/])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?\d{3}[ .-]?\d{4}(?![\w/])"
    # Seven digits only with a hyphen or dot between: 5551234 may be anything.
    r"|(?<![\w/.-])\d{3}[.-]\d{4}(?![\w/-])"
    r"|(?<!\w)\+\d{1,3}(?:[ .-]?\d{2,4}){2,5}(?!\w)"
    r"|(?<!\w)1?-?8\d\d-[A-Z\d]{3}-?[A-Z]{2,4}\b"
)
WAYS = (
    r"street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|way|place|pl|terrace|circle|cir"
    r"|highway|hwy|parkway|pkwy|trail"
)
ADDRESS = re.compile(
    r"\b\d{1,6}\s+(?:[NSEW]\.?\s+)?"
    r"(?:(?!(?:a|an|at|and|by|for|from|in|it|my|of|off|on|or|per|that|the|to|with)\b)[A-Za-z0-9'-]{1,25}\s+){1,3}"
    rf"(?:{WAYS})\b\.?(?:,?\s*(?:apt|unit|suite|#)\.?\s*\w{{1,6}})?",
    re.IGNORECASE,
)
ZIP = re.compile(r"\b([A-Z]{2}),?\s+\d{5}(?:-\d{4})?\b|(?i:\b(zip(?: code)?(?: is)?:?)\s*\d{5}\b)")
BIRTH = re.compile(
    r"(?i:\b(dob|born(?: on)?|birthday(?: is)?|date of birth(?: is)?):?)\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
)
TITLED = re.compile(r"\b([Dd]r|[Mm]r|[Mm]rs|[Mm]s|[Mm]iss)\.?\s+[A-Z][\w'-]{1,24}\b")
# "My name is ..." tells a name in any case; after "this is" and "I'm" only a capitalised word is taken for one.
TOLD = re.compile(
    r"(?i:\b(my (?:full |real |first |last )?name(?:['’]?s| is)|call me|me llamo|mi nombre es))"
    r"((?:\s+[\w'’-]{2,25}){1,2})"
)
SHOWN = re.compile(
    r"\b([Ii](?:['’]m| am|m)|[Tt]his is|[Ii]t['’]s|[Nn]ame is)((?:\s+[A-Z][a-z'’-]{1,24}){1,3})\b(?!['’])"
)
WHOLE = {"[email]": EMAIL, "[card]": CARD, "[ssn]": SSN, "[number]": PHONE, "[address]": ADDRESS}
NOT_NAMES = frozenset(
    """
    a about addicted afraid after all alone already also always am an and anxious are as asap asking at awake
    awful back bad because bleeding bullshit but calling can christmas clean confidential could crazy day
    depressed desperate do does done driving drunk due dumb dying embarrassing emergency fine for free friday
    from fucked getting going gonna good great hard have he help her here high him his hopeless how hurting i
    if im important in insane is it its just killing later like lost me monday my myself need never no none
    not now of off ok okay on one or our out over overdosing pain please pregnant private probably ready real
    really ridiculous right safe saturday scared serious she shit sick so sober someone something sorry still
    struggling stuck stupid suboxone suicidal sunday sure taking terrible that the their they thinking this
    thursday tired to today tomorrow tonight too trying tuesday under urgent us using very want was we
    wednesday what when where who why will with withdrawing worried wrong xanax y ya you your
    """.split()
)


def redact(text: str, ours: str = "") -> str:
    """The text with phones, e-mails, addresses, card and social security numbers and told names replaced by a word.

    911 and 988, doses such as 10/325, times such as 24/7 and our own number stay. Beyond 20,000 characters it is cut.
    """
    text = text[:LONGEST]
    if ours and ours in text:
        return ours.join(map(redact, text.split(ours)))
    for word, pattern in WHOLE.items():
        text = pattern.sub(word, text)
    text = ZIP.sub(lambda found: f"{found[1] or found[2]} [zip]", text)
    text = BIRTH.sub(lambda found: f"{found[1]} [date]", text)
    text = TITLED.sub(lambda found: f"{found[1]} [name]", text)
    return SHOWN.sub(_name, TOLD.sub(_name, text))


def without(text: str, answers: Iterable[str]) -> str:
    """The text with every one of these answers, as whole words, replaced by FORM_ANSWER; the longest go first."""
    for answer in sorted(answers, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(answer)}(?!\w)", FORM_ANSWER, text)
    return text


def _name(found: re.Match[str]) -> str:
    """The introduction with `[name]` for the words after it, up to the first that no name begins with."""
    words = found[2].split()
    kept = next((at for at, word in enumerate(words) if word.lower() in NOT_NAMES), len(words))
    return " ".join([found[1], "[name]", *words[kept:]]) if kept else found[0]
