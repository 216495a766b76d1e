"""What typed words answer while a call-back is arranged: a name, a time, a yes, a change, a wish to stop."""

from __future__ import annotations

import re

from helpline.transcripts.redaction import NOT_NAMES

LONGEST_NAME, LONGEST_TIME = 40, 80
LONGEST_REPLY = 80  # that is nothing but a name, a yes, a no or a wish to stop
GREETING = r"(?:(?:hi|hey|hello|ok|okay|yes|yeah|sure|well|um|uh)[ ,.]+)*"
TOLD = re.compile(
    rf"{GREETING}(?:my (?:first )?name(?:['’]?s| is)|(?:the )?name(?:['’]?s| is)|i(?:['’]?m| am)|it(?:['’]?s| is)"
    r"|this is|(?:you |they )?(?:can )?(?:just )?(?:call me|ask for))\s+",
    re.IGNORECASE,
)
POLITE = re.compile(r"[ ,.]*(?:please|thanks|thank you|thx|is (?:fine|ok|okay|good)|works)?[ .,!]*$", re.IGNORECASE)
ONE_NAME = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?"
NAME = re.compile(rf"{ONE_NAME}(?: {ONE_NAME}){{0,3}}")
# Words of NOT_NAMES that are names all the same where a name was asked for.
NAMES_TOO = frozenset("will an".split())
NEVER_NAMES = frozenset(
    """
    and anything are back bot but bye goodbye callback can't cant chat come could did does doesn don't dont else every
    everything for get give go got had has hello hey hi idk if it's its just kidding know later let like lmao
    lol make many maybe me medication meds mix more much nah nobody nope not nothing number oops or people phone
    pills question quit rather say see should skip some staff stay stop stuff take taking talk tell text than
    thank thanks there these thing things this time took under up wait way well were what's whatever with work
    would yeah yep yes yo your
    """.split()
)
# Words on the street for drugs that are given names first, where a name was asked for.
GIVEN_NAMES = frozenset("adam charlie crystal harry henry jane lucy mary mary-jane mollie molly tina whitney".split())
NO_NAME = re.compile(
    r"(?:no(?: (?:name|thanks|thank you))?|none|nope|nah|n/?a|pass|skip(?: (?:it|this|that))?"
    r"|(?:(?:stay|be) )?anonymous"
    r"|(?:i(?:['’]d| would)? )?(?:rather|prefer) not(?: (?:to )?(?:say|tell|give (?:it|one|my name)))?"
    r"|i (?:don['’]?t|do not) want to (?:say|tell|give (?:it|one|my name)))[ .]*",
    re.IGNORECASE,
)
OUT = re.compile(
    r"(?:(?:please|ok|okay|just|actually|no|wait|oh)[ ,.]+)*"
    r"(?:cancel|never ?mind|nvm|forget (?:it|that|about it)|stop(?: it| this| that| asking(?: me)?)?|quit"
    r"|i(?:['’]ve| have)? changed my mind|(?:i )?(?:don['’]?t|do not) "
    r"(?:want (?:a|the|that|this|any) call(?:[ -]?back)?|call(?: me)?)"
    r"|i (?:don['’]?t|do not) want (?:this|that|it)(?: any ?more)?|no call)"
    r"(?:[ ,.]+(?:it|that|this|the call(?:[ -]?back)?|please|thanks|thank you|now))*[ .]*",
    re.IGNORECASE,
)
# These need not be all of it: "actually forget the call, she may pick up".
OUT_FIRST = re.compile(
    r"(?:(?:please|ok|okay|just|actually|no|wait|oh)[ ,.]+)*"
    r"(?:cancel|never ?mind|nvm|forget|stop|don['’]?t|do not)(?: about)? "
    r"(?:the call(?:[ -]?back)?|(?:that|this|my) call|calling(?: me)?|call(?:ing)? me)\b"
    r"(?! (?:at|on|before|after|until|in|too)\b)",
    re.IGNORECASE,
)
AGREES = re.compile(
    r"(?:yes|yeah|yep|yup|ya|y|s[ií]|sure|ok|okay|correct|right|of course|go ahead|fine|absolutely|please do"
    r"|(?:looks|sounds) (?:good|right|fine|great|correct)|perfect|exactly|yea"
    r"|i agree|(?:it|that|this|all of it|everything)(?:['’]?s| is)? (?:right|correct|fine|ok|okay|good)"
    r"|you (?:can|may)|they (?:can|may)|it is|that works)"
)
YES = re.compile(rf"{AGREES.pattern}(?:[ ,.]+(?:{AGREES.pattern}|please|thanks|thank you))*[ ,.]*", re.IGNORECASE)
NO = re.compile(
    r"(?:(?:no|nope|nah|n|not really|no thanks|no thank you|i do not|i don['’]?t|it(?:['’]s| is)? not"
    r"|that(?:['’]s| is)? not right|(?:it|that)(?:['’]?s| is)? wrong|wrong)[ ,.]*)+",
    re.IGNORECASE,
)
NO_MATTER = re.compile(r"(?:no|not a) (?:problem|worries|objection|issue)", re.IGNORECASE)
CHANGES = {
    "name": re.compile(r"\bname\b", re.IGNORECASE),
    "number": re.compile(r"\b(?:phone|number|digits)\b", re.IGNORECASE),
    "time": re.compile(r"\btimes?\b", re.IGNORECASE),
}
WRONG = re.compile(
    r"\b(?:change|wrong|fix|edit|correct|different|another|new|not (?:my|the|right)|mistake|typo|update|isn['’]?t)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\?|^(?:what|who|why|how|when will|where|which|is|are|am|do|does|did|can|could|should|would|will)\b", re.IGNORECASE
)
TIMES = frozenset(
    """
    tmrw morning mornings afternoon afternoons evening evenings night nights noon midday midnight lunch
    lunchtime dinner today tomorrow tonight now soon asap whenever anytime weekday weekdays weekend weekends
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    mondays tuesdays wednesdays thursdays fridays saturdays sundays am pm a.m p.m oclock o'clock early late
    earlier later day days daytime week time times possible
    """.split()
)
AROUND_TIMES = frozenset(
    """
    a about after an and any anything around as at are before best between but by call can could every fine
    for from good great half i if in is it it's its just like maybe me mid my ok okay on only or past please
    preferably quarter really right sometime soonest that that's the then this till to until weekly next work
    works would you ready free first hour hours minutes all am be better next off they thanks
    """.split()
)


def name_in(text: str) -> str:
    """The first name that a message gives, or an empty string: one to four words that are no sentence."""
    text = text.strip()
    if len(text) > LONGEST_REPLY:
        return ""
    found = POLITE.sub("", TOLD.sub("", text, count=1))
    words = found.lower().replace("’", "'").split()
    if len(found) > LONGEST_NAME or not NAME.fullmatch(found):
        return ""
    alone = len(words) == 1
    if any(w in NEVER_NAMES or (w in NOT_NAMES and not (alone and w in NAMES_TOO)) for w in words):
        return ""
    return found.title() if found.islower() else found


def given_name(name: str) -> bool:
    """Whether every word of it is a given name that is also a street name of a drug."""
    return all(word.lower() in GIVEN_NAMES for word in name.split())


def introduced(text: str) -> bool:
    """Whether a message says of itself that it tells a name."""
    told = TOLD.match(text.strip())
    return told is not None and re.search(r"name|call me|ask for", told[0], re.IGNORECASE) is not None


def no_name(text: str) -> bool:
    """Whether somebody would rather give none."""
    return _whole(NO_NAME, text)


def time_in(text: str) -> str:
    """A time in the writer's own words, or an empty string: at most 80 characters, no question."""
    words = " ".join(re.sub(r"[\[\]{}<>]", " ", text).split())
    asks = "?" in words or (ASKS.search(words) and not only_a_time(words))
    return "" if len(words) > LONGEST_TIME or asks or not re.search(r"\w", words) else words


def only_a_time(text: str) -> bool:
    """Whether every word of it speaks of a time, so that it can mean nothing else."""
    words = _words(text)
    known = [word in TIMES or re.fullmatch(r"\d{1,2}(?::\d{2})?(?:am|pm|a\.m|p\.m|ish)?", word) for word in words]
    around = all(sure or word in AROUND_TIMES for word, sure in zip(words, known, strict=True))
    return around and any(known)


def hints_at_a_time(text: str) -> bool:
    """Whether some word of it speaks of a time: "after my shift"."""
    return any(word in TIMES or word in ("after", "before", "when", "until") for word in _words(text))


def wants_out(text: str) -> bool:
    """Whether somebody wants to be asked no more."""
    return _whole(OUT, text) or OUT_FIRST.match(text.strip()) is not None


def plain_yes_or_no(text: str) -> str:
    """`yes` or `no` where a message says nothing else; an empty string for every "yes, but"."""
    if _whole(NO, text):
        return "no"
    return "yes" if _whole(YES, text) else ""


def begins_with_an_answer(text: str) -> bool:
    """Whether a message that is no question begins with a yes or a no: "yes but don't text me"."""
    return "?" not in text and bool(_first_answer(text))


def begins_with_a_no(text: str) -> bool:
    """Whether a message that is no question begins with a no, whatever reason follows; "no problem" is none."""
    return "?" not in text and _first_answer(text) == "no" and not NO_MATTER.match(text.strip())


def _first_answer(text: str) -> str:
    first = re.match(r"[^\W\d_]+", text.strip())
    return plain_yes_or_no(first[0]) if first else ""


def change_in(text: str) -> str:
    """What somebody says is to be changed: name, number or time; an empty string where nothing is named."""
    named = [what for what, pattern in CHANGES.items() if pattern.search(text)]
    alone = len(text.split()) <= 2
    return named[0] if named and (alone or WRONG.search(text)) else ""


def _whole(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a short text is this and nothing else."""
    text = text.strip().rstrip("!")
    return len(text) <= LONGEST_REPLY and pattern.fullmatch(text) is not None


def _words(text: str) -> list[str]:
    words = re.sub(r"[-–/&]", " ", text.lower()).replace("’", "'").split()
    return [word for word in (each.strip(",.;!()") for each in words) if word]
