"""The night page: what matters first, one line why, claimed once, done once; a quiet night says so."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.store.staff_tables import audit, claims
from tests.bot.staff.console import Browser, RunningConsole
from tests.bot.staff.talks import Night, night

pytestmark = pytest.mark.stack
HOUR = 3600 * 1000


@pytest.fixture(scope="module")
def counsellor(console: RunningConsole) -> Browser:
    browser = console.client("counsellor")
    assert "The night was quiet" in browser.get("/").text
    return browser


@pytest.fixture(scope="module")
def talks(console: RunningConsole, counsellor: Browser) -> dict[str, str]:
    with night(console.settings) as written:
        kinds = (Night.mix, Night.overdose, Night.forged)
        made = {kind.__name__: kind(written, kind.__name__) for kind in kinds}
        return {**made, "texted": written.texted(), "urgent": written.call_me("worried", worried=True)}


def item(browser: Browser, words: str, path: str = "/") -> str:
    """The item of the page that holds these words."""
    parts = re.split(r'(?=<li class="item)', browser.get(path).text)
    return next((part for part in parts[1:] if words in part), "")


def test_what_matters_comes_first_and_says_why(counsellor: Browser, talks: dict[str, str]) -> None:
    text = counsellor.get("/").text
    assert re.findall(r'<h2 id="(\w+)"', text) == ["alarm", "callback", "unsure", "unknown", "text"]
    assert talks["overdose"] in item(counsellor, "Somebody took too much")
    assert talks["urgent"] in item(counsellor, "Wants a call")
    assert talks["forged"] in item(counsellor, "A message had no answer of its own: “")
    assert "“grapefrute”, asked once." in text
    assert talks["texted"] in item(
        counsellor, "Answer by text did not arrive: the phone is off or out of reach (30003)."
    )
    assert talks["mix"] not in text


def test_one_of_two_who_take_it_at_once_has_it(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    supervisor = console.client("supervisor")
    with ThreadPoolExecutor(2) as both:
        for who in (counsellor, supervisor):
            both.submit(who.send_form, "/night/claim", kind="alarm", subject=talks["overdose"])
    mine, theirs = (item(who, "Somebody took too much") for who in (counsellor, supervisor))
    assert sorted(("You have it" in mine, "You have it" in theirs)) == [False, True]
    assert sorted((">Done<" in mine, ">Done<" in theirs)) == [False, True]
    loser, winner = (counsellor, supervisor) if "You have it" in theirs else (supervisor, counsellor)
    loser.send_form("/night/done", kind="alarm", subject=talks["overdose"])
    assert "✓ Done by" not in item(loser, "Somebody took too much")
    loser.send_form("/night/claim", kind="alarm", subject=talks["overdose"], over="nobody")
    assert "You have it" in item(winner, "Somebody took too much") and "Take it over" in item(
        loser, "Somebody took too much"
    )
    winner.send_form("/night/done", kind="alarm", subject=talks["overdose"])
    assert "✓ Done by" in item(loser, "Somebody took too much")
    text = counsellor.get("/").text
    assert text.index("Emergencies, crises and urgent worries (1)") < text.index(">Done</h3>")


def test_who_has_gone_home_with_something_is_relieved(console: RunningConsole, talks: dict[str, str]) -> None:
    counsellor, supervisor = console.client("counsellor"), console.client("supervisor")
    what = {"kind": "unsure", "subject": talks["forged"]}
    counsellor.send_form("/night/claim", **what)
    supervisor.send_form("/night/claim", **what, over="counsellor")
    assert "You have it" in item(supervisor, "A message had no answer")
    assert console.audited("claim")[-2:] == [(who, talks["forged"], "unsure") for who in ("counsellor", "supervisor")]


def test_a_form_leads_back_to_the_same_hours(counsellor: Browser, talks: dict[str, str]) -> None:
    sent = counsellor.send_form("/night/claim?since=24", kind="unknown", subject="grapefrute")
    assert sent.status_code == 303 and sent.headers["location"] == "/?since=24#unknown"
    assert "You have it" in item(counsellor, "“grapefrute”, asked")
    for kind, subject in (("burnt", "x"), ("alarm", ""), ("alarm", "x" * 129)):
        assert counsellor.send_form("/night/claim", kind=kind, subject=subject).status_code == 400


def test_a_reader_may_look_only(console: RunningConsole, talks: dict[str, str]) -> None:
    reader = console.client("reader")
    assert "Take it" not in reader.get("/").text and "Somebody took too much" in reader.get("/").text
    assert reader.send_form("/night/claim", kind="alarm", subject="x").status_code == 403
    assert not console.store.look(lambda db: db.execute(select(claims).where(claims.c.subject == "x")).first())


def test_the_part_that_renews_itself_is_the_same_and_no_new_look(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    def looks() -> int:
        query = select(audit).where(audit.c.action == "see night")
        return len(console.store.look(lambda db: db.execute(query).all()))

    assert 'hx-get="/night/items?since=12" hx-trigger="every 15s"' in counsellor.get("/").text
    before = looks()
    part = counsellor.get("/night/items?since=12").text
    assert "Somebody took too much" in part and "<html" not in part and looks() == before
    counsellor.get("/")
    assert looks() == before + 1


def test_since_i_was_here_begins_at_the_visit_before(console: RunningConsole, talks: dict[str, str]) -> None:
    console.add("dora", "counsellor")
    dora = console.client("counsellor", "dora")
    dora.get("/")
    mine = (audit.c.who == "dora") & (audit.c.action == "see night")
    console.store.change(lambda db: db.execute(update(audit).where(mine).values(at=audit.c.at - 3 * HOUR)))
    at = console.store.look(lambda db: db.execute(select(audit.c.at).where(mine)).scalar())
    dora.get("/")
    text = dora.get("/?since=here").text
    zone = ZoneInfo(console.settings.helpline_timezone)
    assert f"From <time>{datetime.fromtimestamp(at / 1000, zone):%a %d %b %Y, %H:%M}</time>" in text
