"""Whose number a text comes from, and whether one may go to a number that somebody types."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from helpline.escalation import callback

SHORT_CODE, UNKNOWN = "short_code", "unknown"
KINDS = ("mobile", "landline", SHORT_CODE, "international", UNKNOWN)
ABROAD = "abroad"
PROBLEMS = (*callback.PROBLEMS, ABROAD)
LONGEST_SHORT_CODE = 6
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER)
# Caribbean countries and others share the code +1; a text from the United States reaches these alone.
AT_HOME = frozenset("US CA PR VI GU AS MP".split())
EXCHANGE, FICTIONAL = "555", range(100, 200)


@dataclass(frozen=True)
class Sender:
    """A number as a machine writes it, or the short code or name as it came, and its kind, one of KINDS.

    A name in place of a number is of the kind of a short code: both are programs.
    """

    number: str
    kind: str


def sender(number: str) -> Sender:
    """Who sent a text, by the number it came from."""
    given = number.strip()
    if any(map(str.isalpha, given)) or (given.isdigit() and len(given) <= LONGEST_SHORT_CODE):
        return Sender(given, SHORT_CODE)
    found = _parsed(given)
    return Sender(_e164(found), _kind(found)) if found else Sender(given, UNKNOWN)


def answered(kind: str) -> bool:
    """Whether texts of this kind of sender get an answer: programs do not, or two of them would talk for ever."""
    return kind != SHORT_CODE


def textable(text: str) -> tuple[str, str]:
    """The number that somebody typed, as a machine writes it, and why it gets no text (one of PROBLEMS)."""
    heard = callback.hear(text)
    if not heard.number:
        return "", heard.problem or "too_short"
    number = phonenumbers.parse(heard.number, callback.HOME)
    if phonenumbers.region_code_for_number(number) not in AT_HOME:
        return "", ABROAD
    return (_e164(number), "") if phonenumbers.number_type(number) in MOBILE else ("", "not_callable")


def shown(number: str) -> str:
    """A number by its last four digits alone."""
    return f"•••{number[-4:]}"


def fictional(number: str) -> bool:
    """Whether a number is one of those that films use: +1, an area, 555-0100 to 555-0199."""
    found = _parsed(number)
    if found is None or found.country_code != callback.HOME_CODE:
        return False
    national = phonenumbers.national_significant_number(found)
    return len(national) == 10 and national[3:6] == EXCHANGE and int(national[6:]) in FICTIONAL


def _parsed(number: str) -> PhoneNumber | None:
    try:
        found = phonenumbers.parse(number, callback.HOME)
    except NumberParseException:
        return None
    return found if phonenumbers.is_possible_number(found) else None


def _kind(number: PhoneNumber) -> str:
    if number.country_code != callback.HOME_CODE:
        return "international"
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        return UNKNOWN
    return "mobile" if kind in MOBILE else "landline"


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
