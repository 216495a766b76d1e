"""The phone number of somebody who wants to be called: found in a message, checked, and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers import ValidationResult as Result
from phonenumbers import shortnumberinfo as short

HOME = "US"
HOME_CODE = 1
# Digits in groups, as people type a number that is none: too short, too long, or 911.
RUN = re.compile(r"\+?\(?\d[\d\s().+/-]*\d|\d")
ABROAD = re.compile(r"(?<![\d+])00(?=[1-9][\d ()-]{7})")  # what people dial before a country's code outside the US
LONGEST = 300  # characters from the end in which a number is looked for
FEW = 7  # digits that some of the numbers within one area have
EMERGENCY = ("988",)  # beside those that Google's data call so
# Staff cannot reach a person on these, or it costs them a fortune.
NOT_CALLED = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL)
PROBLEMS = ("emergency", "short_code", "too_short", "too_long", "not_callable")


@dataclass(frozen=True)
class Heard:
    """The last number of a message as it is read back, or why it cannot be called (one of PROBLEMS).

    `rest` is the message without its numbers. Where it holds no digits at all, all of it is rest.
    """

    number: str = ""
    problem: str = ""
    rest: str = ""


def hear(text: str) -> Heard:
    """What a message says of a number. The last one counts: "it is 844 ..., wait, 845 ..."."""
    text = ABROAD.sub("+", text[-LONGEST:])
    found = list(phonenumbers.PhoneNumberMatcher(text, HOME, leniency=Leniency.POSSIBLE))
    after = found[-1].end if found else 0
    later = [run for run in RUN.findall(text[after:]) if _digits(run) >= 3 or not found]
    rest = " ".join(RUN.sub(" ", text).split())
    if later:
        return _read(later[-1], rest)
    return _judge(found[-1].number, rest) if found else Heard(rest=rest)


def dialled(shown: str) -> str:
    """A number that was read back, as a machine dials it: +18445578575, with its extension if it has one."""
    number = phonenumbers.parse(shown, HOME)
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain


def _read(run: str, rest: str) -> Heard:
    digits = "".join(filter(str.isdigit, run))
    if short.is_emergency_number(digits, HOME) or digits in EMERGENCY:
        return Heard(problem="emergency", rest=rest)
    try:
        number = phonenumbers.parse(run, HOME)
    except NumberParseException:
        return Heard(problem="too_short" if len(digits) < FEW else "too_long", rest=rest)
    if "+" not in run and short.is_valid_short_number_for_region(number, HOME):
        return Heard(problem="short_code", rest=rest)
    return _judge(number, rest)


def _judge(number: PhoneNumber, rest: str) -> Heard:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible in (Result.TOO_SHORT, Result.IS_POSSIBLE_LOCAL_ONLY):
        return Heard(problem="too_short", rest=rest)
    if possible == Result.TOO_LONG:
        return Heard(problem="too_long", rest=rest)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in NOT_CALLED:
        return Heard(problem="not_callable", rest=rest)
    at_home = number.country_code == HOME_CODE
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return Heard(number=phonenumbers.format_number(number, form), rest=rest)


def _digits(run: str) -> int:
    return sum(map(str.isdigit, run))
