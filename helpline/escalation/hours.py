"""When somebody is there: opening hours as operators write them, asked at a moment, and said to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ALWAYS = "24/7"
NEW_YORK = "America/New_York"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK, DAY = len(DAYS), 24 * 60
SHORT = "|".join(day[:3] for day in DAYS)
PART = re.compile(
    rf"(?P<first>{SHORT})(?:\s*-\s*(?P<last>{SHORT}))?\s+"
    r"(?P<opens>\d{1,2}:\d{2})\s*-\s*(?P<closes>\d{1,2}:\d{2})",
    re.IGNORECASE,
)
# What people call their own time; every other zone goes by its city.
ZONES = {
    NEW_YORK: "Eastern",
    "America/Detroit": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
}


class HoursError(ValueError):
    """The hours or their time zone cannot be read; the message is the end of a sentence that names the setting."""


@dataclass(frozen=True)
class Span:
    """The same hours on some days (Monday is 0), in minutes from midnight; a night's end lies beyond 24 hours."""

    days: tuple[int, ...]
    opens: int
    closes: int

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing on the wall clock for the span that begins on this day, or None."""
        if day.weekday() not in self.days:
            return None
        midnight = datetime.combine(day, time())
        return midnight + timedelta(minutes=self.opens), midnight + timedelta(minutes=self.closes)

    @property
    def words(self) -> str:
        """The span for people: "Monday to Friday, 9 a.m. to 5 p.m."."""
        return f"{_days(self.days)}, {_clock(self.opens)} to {_clock(self.closes)}"


@dataclass(frozen=True)
class Hours:
    """Opening hours in one time zone; no spans mean around the clock."""

    spans: tuple[Span, ...] = ()
    zone: str = NEW_YORK

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment, which knows its time zone."""
        wall = self._wall(moment)
        return not self.spans or any(opens <= wall < closes for opens, closes in self._around(wall.date(), 0))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while it is open, else when it opens next, in the hours' own zone."""
        zone = ZoneInfo(self.zone)
        if self.open_at(moment):
            return moment.astimezone(zone)
        wall = self._wall(moment)
        return min(opens for opens, _ in self._around(wall.date(), WEEK) if opens > wall).replace(tzinfo=zone)

    @property
    def words(self) -> str:
        """The hours for people, to stand after "call us" and a number."""
        if not self.spans:
            return "day or night"
        *before, last = (span.words for span in self.spans)
        said = f"{', '.join(before)}, and {last}" if before else last
        return f"{said} {ZONES.get(self.zone) or self.zone.rpartition('/')[2].replace('_', ' ')} time"

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def _around(self, day: date, ahead: int) -> Iterator[tuple[datetime, datetime]]:
        """What begins from the evening before (nights reach into the day) until so many days ahead."""
        for away in range(-1, ahead + 1):
            for span in self.spans:
                found = span.on(day + timedelta(days=away))
                if found:
                    yield found


def parse(text: str, zone: str = NEW_YORK) -> Hours:
    """`24/7`, or parts such as `Mon-Fri 09:00-17:00` with commas between; HoursError says which part is wrong."""
    check_zone(zone)
    if text.strip() == ALWAYS:
        return Hours((), zone)
    spans = tuple(_span(part.strip()) for part in text.split(","))
    around_the_clock = any(len(span.days) == WEEK and span.closes - span.opens == DAY for span in spans)
    return Hours(() if around_the_clock else spans, zone)


def check_zone(zone: str) -> None:
    """HoursError when there is no such time zone."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise HoursError(f"must be a time zone such as {NEW_YORK}, not {zone!r}.") from None


def _span(part: str) -> Span:
    found = PART.fullmatch(part)
    if not found:
        raise HoursError(f"must be {ALWAYS} or hours such as Mon-Fri 09:00-17:00, not {part!r}.")
    first, opens, closes = _day(found["first"]), _minutes(found["opens"], part), _minutes(found["closes"], part)
    if opens in (DAY, closes):
        raise HoursError(f"must open before it closes, not {part!r}.")
    many = (_day(found["last"]) - first) % WEEK + 1 if found["last"] else 1
    days = tuple((first + ahead) % WEEK for ahead in range(many))
    return Span(days, opens, closes if closes > opens else closes + DAY)


def _day(short: str) -> int:
    return next(number for number, day in enumerate(DAYS) if day[:3].lower() == short.lower())


def _minutes(clock: str, part: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if minute > 59 or hour * 60 + minute > DAY:
        raise HoursError(f"must have times from 00:00 to 24:00, not {part!r}.")
    return hour * 60 + minute


def _days(days: tuple[int, ...]) -> str:
    if len(days) == WEEK:
        return "every day"
    first, last = DAYS[days[0]], DAYS[days[-1]]
    return first if len(days) == 1 else f"{first} {'and' if len(days) == 2 else 'to'} {last}"


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % DAY, 60)
    if not minute and hour in (0, 12):
        return "noon" if hour else "midnight"
    past = f":{minute:02}" if minute else ""
    return f"{(hour + 11) % 12 + 1}{past} {'p.m.' if hour >= 12 else 'a.m.'}"
