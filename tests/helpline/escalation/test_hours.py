"""Opening hours: read, asked at a moment, said to people."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.escalation.hours import Hours, HoursError, parse

OFFICE = "Mon-Fri 09:00-17:00"


def utc(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("24/7", "day or night"),
        (" 24/7 ", "day or night"),
        ("Mon-Sun 00:00-24:00", "day or night"),
        (OFFICE, "Monday to Friday, 9 a.m. to 5 p.m. Eastern time"),
        ("mon - fri 9:00 - 17:00", "Monday to Friday, 9 a.m. to 5 p.m. Eastern time"),
        ("Sat 10:30-12:00", "Saturday, 10:30 a.m. to noon Eastern time"),
        ("Sat-Sun 00:00-24:00", "Saturday and Sunday, midnight to midnight Eastern time"),
        ("Fri-Mon 08:00-09:00", "Friday to Monday, 8 a.m. to 9 a.m. Eastern time"),
        ("Mon-Sun 22:00-02:00", "every day, 10 p.m. to 2 a.m. Eastern time"),
        (
            "Mon-Thu 08:00-20:00, Fri 08:00-17:00,Sat 12:15-13:00",
            "Monday to Thursday, 8 a.m. to 8 p.m., Friday, 8 a.m. to 5 p.m., and Saturday, 12:15 p.m. to 1 p.m. "
            "Eastern time",
        ),
    ],
)
def test_the_words_for_people(text: str, words: str) -> None:
    assert parse(text).words == words


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Los_Angeles", "Pacific"),
        ("Europe/Berlin", "Berlin"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_the_words_for_a_time_zone(zone: str, name: str) -> None:
    assert parse(OFFICE, zone).words.endswith(f"5 p.m. {name} time")


@pytest.mark.parametrize(
    "text",
    [
        *("", ",", "always", "24/8", "Mon-Fry 09:00-17:00", "Mon-Fri 9-17", "Mon-Fri 09:00-25:00", "Mon 09:60-10:00"),
        *("Mon-Fri 09:00-17:00,", "Mon 24:00-24:00", "Mon 10:00-10:00", "Mon,Tue 09:00-17:00", "Mon-Fri 09:00"),
    ],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(HoursError, match="must"):
        parse(text)


@pytest.mark.parametrize("zone", ["", "Eastern", "America/Nowhere", "../etc/passwd", "\0"])
def test_an_unknown_time_zone_is_an_error(zone: str) -> None:
    with pytest.raises(HoursError, match="time zone"):
        parse("24/7", zone)


@pytest.mark.parametrize(
    ("text", "moment", "is_open", "opens"),
    [
        # 2026-11-23 is a Monday; New York is 5 hours behind UTC then.
        (OFFICE, "2026-11-23T13:59", False, "2026-11-23T14:00"),
        (OFFICE, "2026-11-23T14:00", True, "2026-11-23T14:00"),
        (OFFICE, "2026-11-23T21:59", True, "2026-11-23T21:59"),
        (OFFICE, "2026-11-23T22:00", False, "2026-11-24T14:00"),
        (OFFICE, "2026-11-28T02:00", False, "2026-11-30T14:00"),  # Friday night in New York
        ("Sat 10:00-11:00", "2026-11-28T16:00", False, "2026-12-05T15:00"),
        ("Fri 22:00-02:00", "2026-11-28T06:59", True, "2026-11-28T06:59"),
        ("Fri 22:00-02:00", "2026-11-28T07:00", False, "2026-12-05T03:00"),
        ("Sun 22:00-02:00", "2026-11-23T06:00", True, "2026-11-23T06:00"),
        ("Mon 00:00-24:00", "2026-11-24T04:59", True, "2026-11-24T04:59"),
        # the clock goes forward on 2026-03-08: 9 in the morning comes an hour earlier in UTC
        ("Mon-Sun 09:00-17:00", "2026-03-07T23:00", False, "2026-03-08T13:00"),
        ("24/7", "2026-11-28T03:00", True, "2026-11-28T03:00"),
    ],
)
def test_open_or_when_next(text: str, moment: str, is_open: bool, opens: str) -> None:
    hours = parse(text)
    assert hours.open_at(utc(moment)) is is_open
    assert hours.next_opening(utc(moment)) == utc(opens)


spans = st.builds(
    lambda day, opens, closes: f"{day} {opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}",
    st.sampled_from(["Mon", "Tue-Thu", "Fri-Mon", "Sun", "Mon-Sun"]),
    st.integers(0, 719),
    st.integers(720, 1440),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc))


@given(st.lists(spans, min_size=1, max_size=3).map(", ".join), moments)
def test_it_is_open_when_it_opens_next_and_not_before(text: str, moment: datetime) -> None:
    hours = parse(text)
    opens = hours.next_opening(moment)
    assert moment <= opens <= moment + timedelta(days=9)
    if opens > moment:
        assert not hours.open_at(moment)
    assert hours.words


def test_the_default_is_around_the_clock() -> None:
    assert parse("24/7") == Hours()
