"""Lists of conversations: every filter on real talks, page after page, and cursors that nobody can misuse."""

from datetime import datetime, timezone

import pytest
from sqlalchemy import event, insert, update

from bot.store import Store, conversation_key
from bot.store.filters import NAMES, Filters
from bot.store.listing import FEW, cursor, listed
from bot.store.staff import StaffStore
from bot.store.staff_tables import facets, summaries
from tests.bot.store.talks import ALARM, talk, understood

HOUR = 3600 * 1000
START = int(datetime(2026, 3, 1, 5, tzinfo=timezone.utc).timestamp() * 1000)  # midnight in New York
WANTED = conversation_key("wanted")


@pytest.fixture
def console(talking: Store, reading: StaffStore, monkeypatch: pytest.MonkeyPatch) -> StaffStore:
    """Three talks, an hour apart and a day before the one that every filter finds."""
    at = START - 24 * HOUR
    monkeypatch.setattr("bot.store.journal._now", lambda: at)
    for name in ("x", "y", "z"):
        at += HOUR
        talk(talking, name, f"words of {name}", understood())
    at = START + 23 * HOUR
    heard = understood("ask_interaction", 0.35, "alcohol", severity="serious", fallback=True, unknown=["zorbex"])
    more = {"understood": heard, "context": {"language": "es"}, "concern": "suicide_passive", "alarm": ALARM}
    talk(talking, "wanted", "call me on 844 557 8575", channel="sms", **more)
    note = {"review": "in_review", "assignee": "ann"}
    mine = {"kind": "tag", "value": "housing", "conversation_id": WANTED, "at": START}
    reading.change(lambda db: db.execute(update(summaries).filter_by(conversation_id=WANTED).values(**note)))
    reading.change(lambda db: db.execute(insert(facets), mine))
    return reading


def ids(staff: StaffStore, **asked: str) -> list[str]:
    return [row.summary.conversation_id for row in staff.look(lambda db: listed(db, Filters.read(asked), "")).rows]


ONE_EACH = {
    "since": {"since": "2026-03-01"},
    "hour_from": {"hour_from": "22", "hour_to": "0"},
    "channel": {"channel": "sms"},
    "language": {"language": "es"},
    "concern": {"concern": "suicide_passive"},
    "urgency": {"urgency": "crisis"},
    "severity": {"severity": "serious"},
    "substance": {"substance": "alcohol"},
    "intent": {"intent": "ask_interaction"},
    "tag": {"tag": "housing"},
    "unknown": {"unknown": "zorbex"},
    "fallback": {"fallback": "yes"},
    "escalated": {"escalated": "yes"},
    "confidence": {"confidence": "0.5"},
    "review": {"review": "in_review"},
    "assignee": {"assignee": "ann"},
}


@pytest.mark.parametrize("few", [0, FEW])
def test_every_filter_finds_what_it_names_alone_and_together(
    console: StaffStore, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("bot.store.listing.FEW", few)
    assert set(ONE_EACH) | {"until", "hour_to"} == set(NAMES)
    for asked in ONE_EACH.values():
        assert ids(console, **asked) == [WANTED], asked
    assert ids(console, **{name: value for asked in ONE_EACH.values() for name, value in asked.items()}) == [WANTED]
    others = [conversation_key(name) for name in ("z", "y", "x")]
    for asked in ({"until": "2026-02-28"}, {"fallback": "no"}, {"escalated": "no"}, {"assignee": "-"}):
        assert ids(console, **asked) == others, asked
    assert ids(console) == [WANTED, *others]
    assert ids(console, tag="housing", review="reviewed") == []
    assert ids(console, hour_from="1", hour_to="3") == others[1:]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "yesterday"),
        ("until", "2026-13-01"),
        ("since", "20260301"),
        ("since", "9999-12-31"),
        ("hour_from", "25"),
        ("hour_from", "²"),
        ("urgency", "none"),
        ("severity", "deadly"),
        ("fallback", "1"),
        ("confidence", "0.55"),
        ("confidence", "nan"),
        ("review", "'; drop table summaries"),
        ("tag", "x" * 129),
        ("assignee", "a\0b"),
    ],
)
def test_what_cannot_be_read_finds_nothing(console: StaffStore, name: str, value: str) -> None:
    filters = Filters.read({name: value})
    assert name in filters.wrong
    assert ids(console, **{name: value}) == []


def test_filters_survive_the_address() -> None:
    asked = {"since": "2026-03-01", "tag": "a & b", "confidence": "0.5", "page": "2"}
    assert Filters.read(asked).as_query() == "since=2026-03-01&tag=a+%26+b&confidence=0.5"
    assert Filters.read({"hour_from": "22"}).wrong == ("hour_to",)


def test_pages_hold_everything_once_also_where_times_are_the_same(
    talking: Store, reading: StaffStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.journal._now", lambda: START)
    made = {talk(talking, f"t{n}", understood=understood("ask_cost", 0.1 * (n % 9), "alcohol")) for n in range(23)}
    for asked in ({}, {"substance": "alcohol"}, {"confidence": "1.0"}, {"review": "new"}):
        seen: list[str] = []
        after = ""
        while True:
            page = reading.look(lambda db, a=asked, at=after: listed(db, Filters.read(a), at, 5))  # type: ignore[misc]
            seen += [row.summary.conversation_id for row in page.rows]
            after = page.next
            if not after:
                break
        assert seen == sorted(made, reverse=True)


def test_a_new_message_does_not_make_a_page_repeat_or_skip(console: StaffStore, talking: Store) -> None:
    first = console.look(lambda db: listed(db, Filters(), "", 2))
    talk(talking, "new")
    second = console.look(lambda db: listed(db, Filters(), first.next, 2))
    assert [row.summary.conversation_id for row in second.rows] == [conversation_key("y"), conversation_key("x")]
    assert second.next == ""


@pytest.mark.parametrize("after", ["%", "aGVsbG8", "é", cursor(2**63, "a" * 64), cursor(1, "' or 1=1"), "1" * 9999])
def test_a_cursor_that_is_none_of_ours_finds_nothing(console: StaffStore, after: str) -> None:
    assert console.look(lambda db: listed(db, Filters(), after)).rows == []


def test_a_row_shows_the_redacted_message_and_the_tags_in_a_few_looks(console: StaffStore) -> None:
    asked: list[str] = []
    event.listen(console.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    rows = console.look(lambda db: listed(db, Filters())).rows
    assert len([each for each in asked if each != "BEGIN"]) <= 4
    assert rows[0].tags == ("housing",)
    assert "8575" not in rows[0].first and rows[0].first.startswith("call me on")
    assert [row.first for row in rows[1:]] == ["words of z", "words of y", "words of x"]
