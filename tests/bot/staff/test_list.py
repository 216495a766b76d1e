"""The list: filters in plain addresses, chips, saved views, search with its hits, and the way through a list."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from bot.store.staff_tables import audit
from tests.bot.staff.console import Browser, RunningConsole
from tests.bot.staff.talks import night

pytestmark = pytest.mark.stack
ROW = re.compile(r'<th scope="row"><a href="/conversations/(\w{64})')


@pytest.fixture(scope="module")
def counsellor(console: RunningConsole) -> Browser:
    return console.client("counsellor")


@pytest.fixture(scope="module")
def talks(console: RunningConsole) -> dict[str, str]:
    with night(console.settings) as written:
        return written.four()


def rows(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(f"/conversations?{query}")
    assert answer.status_code == 200
    return ROW.findall(answer.text)


def test_the_newest_comes_first(counsellor: Browser, talks: dict[str, str]) -> None:
    assert rows(counsellor) == [talks[name] for name in ("forged", "overdose", "named", "mix")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("urgency=emergency", ["overdose"]),
        ("severity=dangerous", ["mix"]),
        ("substance=alprazolam", ["named", "mix"]),
        ("substance=alprazolam&severity=dangerous", ["mix"]),
        ("fallback=yes", ["forged"]),
        ("unknown=grapefrute", ["forged"]),
        ("confidence=0.5", ["forged"]),
        ("channel=sms", []),
        ("until=2001-01-01", []),
    ],
)
def test_a_filter_leaves_what_is_like_it(
    counsellor: Browser, talks: dict[str, str], query: str, left: list[str]
) -> None:
    assert rows(counsellor, query) == [talks[name] for name in left]


def test_each_filter_is_a_chip_that_takes_it_away(counsellor: Browser, talks: dict[str, str]) -> None:
    text = html.unescape(counsellor.get("/conversations?urgency=crisis&severity=dangerous&words=xanax").text)
    assert '<a href="/conversations?severity=dangerous&words=xanax" aria-label="Remove At least: Crisis">' in text
    assert '<a href="/conversations?urgency=crisis&severity=dangerous" aria-label="Remove Words: xanax">' in text


def test_what_cannot_be_read_shows_nothing_and_says_so(counsellor: Browser, talks: dict[str, str]) -> None:
    text = counsellor.get("/conversations?since=yesterday").text
    assert "This cannot be read: From day" in text and not ROW.findall(text)


def test_words_are_found_and_marked_in_what_is_redacted(counsellor: Browser, talks: dict[str, str]) -> None:
    text = counsellor.get("/conversations?words=took+xanax").text
    assert ROW.findall(text) == [talks["named"]]
    assert "i <mark>took</mark> <mark>xanax</mark>" in text and f"{talks['named']}?words=took+xanax#m1" in text
    assert rows(counsellor, "words=Lopez") == []


@pytest.mark.parametrize(
    "words", ['"', "a OR", "NEAR(", "*", "'; drop table notes", "\\", "<script>", "%00", "é" * 300]
)
def test_no_words_break_the_search(counsellor: Browser, talks: dict[str, str], words: str) -> None:
    answer = counsellor.get("/conversations", params={"words": words})
    assert answer.status_code == 200 and "<script>alert" not in answer.text


def test_every_list_and_search_is_written_down(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    rows(counsellor, "severity=dangerous&words=xanax")
    rows(counsellor, "severity=dangerous")
    query = select(audit).order_by(audit.c.id.desc()).limit(2)
    found = console.store.look(lambda db: db.execute(query).all())
    assert [(row.who, row.action, row.reason) for row in reversed(found)] == [
        ("counsellor", "search", f"severity=dangerous&words={console.store.phones.id_of('xanax')[:16]}"),
        ("counsellor", "list", "severity=dangerous"),
    ]


def test_a_view_is_saved_opened_and_deleted_and_is_nobody_elses(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    query = "severity=dangerous&evil=%22%3E%3Cscript%3E&urgency=never&words=maria"
    assert (
        counsellor.send_form("/views", name=" Bad  <b>mixes ", query=query)
        .headers["location"]
        .endswith("?severity=dangerous")
    )
    text = counsellor.get("/conversations").text
    assert '<a href="/conversations?severity=dangerous">Bad &lt;b&gt;mixes</a>' in text
    assert "Bad &lt;b&gt;mixes" not in console.client("reader").get("/conversations").text
    counsellor.send_form("/views/delete", name="Bad <b>mixes")
    assert "Bad &lt;b&gt;mixes" not in counsellor.get("/conversations").text


def test_the_list_goes_on_from_page_to_page(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    with night(console.settings) as written:
        for number in range(51):
            written.forged(f"many {number}")
    first = counsellor.get("/conversations?fallback=yes").text
    older = re.findall(r'<a rel="next" href="([^"]+)"', first)[0]
    second = counsellor.get(html.unescape(older)).text
    assert len(ROW.findall(first)) == 50 and ROW.findall(second)[-1] == talks["forged"]
    assert not set(ROW.findall(first)) & set(ROW.findall(second)) and 'rel="next"' not in second


def test_the_filters_travel_from_one_conversation_to_the_next(counsellor: Browser, talks: dict[str, str]) -> None:
    text = counsellor.get(f"/conversations/{talks['named']}?substance=alprazolam").text
    assert f'href="/conversations/{talks["mix"]}?substance=alprazolam" data-key="j"' in text
    assert 'data-key="k"' not in text and 'href="/conversations?substance=alprazolam"' in text
    text = counsellor.get(f"/conversations/{talks['mix']}?substance=alprazolam").text
    assert f'href="/conversations/{talks["named"]}?substance=alprazolam" data-key="k"' in text
    assert 'data-key="j"' not in text
