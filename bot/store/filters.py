"""What staff look for: read from an address, checked, and put into conditions on the summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from helpline.escalation.hours import NEW_YORK
from helpline.knowledge.severity import ORDER
from helpline.safety.concerns import LEVELS

LONGEST = 128
REVIEWS = ("new", "in_review", "reviewed", "follow_up")
YES, NO = "yes", "no"
NOBODY = "-"  # as an assignee
ONE_OF = {"urgency": LEVELS[1:], "severity": ORDER, "review": REVIEWS, "fallback": (YES, NO), "escalated": (YES, NO)}
DAYS, HOURS = ("since", "until"), ("hour_from", "hour_to")
FACETS = ("substance", "intent", "tag", "unknown")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed down to; an empty field narrows nothing.

    Days and hours are those of `zone`. `until` is the last day that counts, `hour_to` the hour before which a talk
    began ("22" to "6" goes over midnight), `urgency` the least one, `confidence` below which one was (a tenth: "0.5").
    `wrong` names the fields that could not be read: nothing is found then, never more than was asked for.
    """

    since: str = ""
    until: str = ""
    hour_from: str = ""
    hour_to: str = ""
    channel: str = ""
    language: str = ""
    concern: str = ""
    urgency: str = ""
    severity: str = ""
    substance: str = ""
    intent: str = ""
    tag: str = ""
    unknown: str = ""
    fallback: str = ""
    escalated: str = ""
    confidence: str = ""
    review: str = ""
    assignee: str = ""
    zone: str = NEW_YORK
    wrong: tuple[str, ...] = ()

    @classmethod
    def read(cls, params: Mapping[str, str], zone: str = NEW_YORK) -> Filters:
        """The filters in an address, whose other fields are left alone; `zone` is the helpline's time zone."""
        given = {name: str(params.get(name) or "").strip() for name in NAMES}
        wrong = tuple(name for name, value in given.items() if value and not _valid(name, value))
        if bool(given["hour_from"]) != bool(given["hour_to"]):
            wrong += ("hour_to" if given["hour_from"] else "hour_from",)
        return cls(**{name: "" if name in wrong else value for name, value in given.items()}, zone=zone, wrong=wrong)

    def as_query(self) -> str:
        """The same, as the query of an address."""
        return urlencode({name: getattr(self, name) for name in NAMES if getattr(self, name)})

    def each(self) -> list[Filters]:
        """What each field asks for by itself; days, and hours, are one thing."""
        units = [DAYS, HOURS, *((name,) for name in NAMES if name not in (*DAYS, *HOURS))]
        asked = [{name: getattr(self, name) for name in unit} for unit in units]
        return [Filters(**one, zone=self.zone) for one in asked if any(one.values())]

    def facets(self) -> list[tuple[str, str]]:
        """The facets that a conversation must have."""
        return [(kind, getattr(self, kind)) for kind in FACETS if getattr(self, kind)]

    def hours(self) -> list[int]:
        """The hours of the day at which a conversation may have begun; none where all do."""
        if not self.hour_from:
            return []
        first, last = int(self.hour_from), int(self.hour_to)
        return [(first + n) % 24 for n in range((last - first) % 24 or 24)]

    def levels(self) -> list[int]:
        """The urgencies that are enough; none where all are."""
        return list(range(LEVELS.index(self.urgency), len(LEVELS))) if self.urgency else []

    def tenths(self) -> list[int]:
        """The tenths that a confidence may lie in; none where all do."""
        return list(range(round(float(self.confidence) * 10))) if self.confidence else []

    def times(self) -> tuple[int | None, int | None]:
        """From when and before when somebody wrote last, in milliseconds."""
        until = date.fromisoformat(self.until) + timedelta(days=1) if self.until else None
        return self._midnight(date.fromisoformat(self.since) if self.since else None), self._midnight(until)

    def _midnight(self, day: date | None) -> int | None:
        return int(datetime.combine(day, time(), ZoneInfo(self.zone)).timestamp() * 1000) if day else None


NAMES = tuple(field.name for field in fields(Filters) if field.name not in ("zone", "wrong"))


def _valid(name: str, value: str) -> bool:
    if name in ONE_OF:
        return value in ONE_OF[name]
    try:
        if name in DAYS:
            return 1970 < date.fromisoformat(value).year < 9999 and len(value) == len("2026-01-31")
        if name in HOURS:
            return value.isascii() and value.isdigit() and 0 <= int(value) <= 24
        if name == "confidence":
            return value in _tenths()
    except ValueError:
        return False
    return len(value) <= LONGEST and "\0" not in value and value.isprintable()


def _tenths() -> list[str]:
    return [f"{tenth / 10:.1f}" for tenth in range(1, 11)]
