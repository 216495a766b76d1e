"""Call-backs: due first, one of staff has each, every outcome leads where it should, a number needs a reason."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.store.staff_tables import audit
from bot.store.tables import callbacks
from tests.bot.staff.console import Browser, RunningConsole
from tests.bot.staff.talks import NUMBER, night

pytestmark = pytest.mark.stack
HOUR = 3600 * 1000


@pytest.fixture(scope="module")
def counsellor(console: RunningConsole) -> Browser:
    return console.client("counsellor")


@pytest.fixture(scope="module")
def supervisor(console: RunningConsole) -> Browser:
    return console.client("supervisor")


def asked(console: RunningConsole, name: str, worried: bool = False, ago: int = 0) -> str:
    """The address of somebody's request, who asked a while ago."""
    with night(console.settings) as written:
        conversation = written.call_me(f"callback of {name}", name, worried)
    here = callbacks.c.conversation_id == conversation
    query = update(callbacks).where(here).values(created_at=callbacks.c.created_at - ago)
    console.store.change(lambda db: db.execute(query))
    seq = console.store.look(lambda db: db.execute(select(callbacks.c.seq).where(here)).scalar())
    return f"/callbacks/{conversation}/{seq}"


def order(browser: Browser, *names: str, over: str = "") -> list[str]:
    found = re.findall(r"<h2>(\w+)</h2>", browser.get(f"/callbacks{over}").text)
    return [name for name in found if name in names]


def part(browser: Browser, name: str, over: str = "") -> str:
    """What the page says about one request."""
    text = browser.get(f"/callbacks{over}").text
    return next((each for each in text.split("<li class=")[1:] if f"<h2>{name}</h2>" in each), "")


def test_what_is_due_comes_first(console: RunningConsole, counsellor: Browser) -> None:
    asked(console, "Calm")
    asked(console, "Worried", worried=True)
    asked(console, "Late", worried=True, ago=HOUR)
    assert order(counsellor, "Calm", "Worried", "Late") == ["Late", "Worried", "Calm"]
    assert "Overdue" in part(counsellor, "Late") and "Urgent" in part(counsellor, "Worried")
    assert "Overdue" not in part(counsellor, "Worried")
    assert "tonight after nine" in part(counsellor, "Calm")


def test_one_of_staff_has_it_until_another_takes_it_over(
    console: RunningConsole, counsellor: Browser, supervisor: Browser
) -> None:
    address = asked(console, "Taken")
    assert counsellor.send_form(f"{address}/claim").status_code == 303
    supervisor.send_form(f"{address}/claim")
    assert "<dt>Taken by</dt><dd>counsellor</dd>" in part(supervisor, "Taken")
    assert supervisor.send_form(f"{address}/outcome", outcome="reached").status_code == 400
    supervisor.send_form(f"{address}/claim", over="counsellor")
    assert "<dt>Taken by</dt><dd>supervisor</dd>" in part(supervisor, "Taken")


@pytest.mark.parametrize(("outcome", "words"), [("reached", "Reached"), ("wrong_number", "Wrong number")])
def test_an_outcome_closes_it(console: RunningConsole, counsellor: Browser, outcome: str, words: str) -> None:
    address = asked(console, words.replace(" ", ""))
    counsellor.send_form(f"{address}/claim")
    assert counsellor.send_form(f"{address}/outcome", outcome=outcome).status_code == 303
    assert part(counsellor, words.replace(" ", "")) == ""
    assert words in part(counsellor, words.replace(" ", ""), "?show=closed")
    assert counsellor.send_form(f"{address}/outcome", outcome=outcome).status_code == 400
    assert counsellor.send_form(f"{address}/claim").status_code == 404


def test_where_nobody_answered_it_is_due_again_at_the_chosen_time(
    console: RunningConsole, counsellor: Browser, supervisor: Browser
) -> None:
    address = asked(console, "Away")
    counsellor.send_form(f"{address}/claim")
    for never in ("soon", "2999-01-31T21:30", "9999-12-31T23:59", "0001-01-01T00:00"):
        assert counsellor.send_form(f"{address}/outcome", outcome="no_answer", again=never).status_code == 400, never
    next_month = datetime.now() + timedelta(days=31)
    done = counsellor.send_form(f"{address}/outcome", outcome="no_answer", again=f"{next_month:%Y-%m-%d}T21:30")
    assert done.status_code == 303
    text = part(supervisor, "Away")
    assert (
        f"{next_month:%d %b %Y}, 21:30" in text
        and "No answer" in text
        and "Take it" in text
        and "<dt>Tries</dt><dd>1" in text
    )


def test_a_number_is_shown_once_with_a_reason(console: RunningConsole, counsellor: Browser) -> None:
    address = asked(console, "Hidden")
    counsellor.send_form(f"{address}/claim")
    text = part(counsellor, "Hidden")
    assert NUMBER not in text and 'value="call back"' in text
    assert counsellor.send_form(f"{address}/reveal", reason="").status_code == 400
    assert NUMBER in counsellor.send_form(f"{address}/reveal", reason="call back").text
    assert NUMBER not in part(counsellor, "Hidden")
    query = select(audit).where(audit.c.action == "reveal number")
    rows = console.store.look(lambda db: db.execute(query).all())
    subject = address.removeprefix("/callbacks/").replace("/", ":")
    assert [(row.who, row.subject, row.reason) for row in rows] == [("counsellor", subject, "call back")]
