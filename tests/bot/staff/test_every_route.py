"""Each attack on every page of the console: a page that is added later is attacked by itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
import uuid
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import String, func, select, update
from sqlalchemy.engine import Connection

from bot.staff.files import HEAD, LINE
from bot.store.filters import NAMES, Filters
from bot.store.staff_tables import accounts, audit, summaries
from bot.store.tables import conversations, entries, turns
from tests.bot.staff.console import PASSWORD, Browser, RunningConsole
from tests.bot.staff.planted import Marks, Shown, plant
from tests.bot.staff.routes import (
    ASKED,
    BLANK,
    ENDS,
    GUARDED,
    PAGES,
    SENT,
    asked,
    denied,
    filled,
    form_for,
    let_in,
    rows,
)
from tests.bot.staff.sheets import BAD, formulas
from tests.bot.staff.talks import journal, night, talk

pytestmark = pytest.mark.stack

MARKS = ("\"'><script>mark</script>", "'\"><img src=x onerror=mark>", "javascript:mark")
OTHERS = ("who", "subject", "before", "after", "words", "next", "conversation", "show", "deleted", "told")
READ = (*NAMES, *OTHERS)  # what pages read from an address

ELSEWHERE = {"Origin": "https://evil.example"}
FORGERIES: dict[str, tuple[str, dict[str, str]]] = {
    "a form without a token": ("", {}),
    "a form with another sign-in's token": ("another", {}),
    "another page, by its origin": ("own", ELSEWHERE),
    "another page that hides its origin": ("own", {"Origin": "null"}),
    "another page, as the browser says": ("own", {"Sec-Fetch-Site": "cross-site"}),
    "a page of a neighbour": ("own", {"Sec-Fetch-Site": "same-site"}),
}

AFTER = {
    "a second sign-in": lambda console, victim: console.sign_in(victim, "victim"),
    "signing out": lambda console, victim: victim.send_form("/sign-out"),
    "signing out everywhere": lambda console, victim: victim.send_form("/me/sign-out-everywhere"),
    "another role": lambda console, victim: console.client("admin").send_form("/accounts/victim/role", role="admin"),
    "a new start": lambda console, victim: console.client("admin").send_form("/accounts/victim/reset"),
}
NEVER = {
    "nobody's": lambda console, victim: secrets.token_urlsafe(32),
    "halfway": lambda console, victim: halfway(console),
    "the token of forms": lambda console, victim: victim.csrf,
    "what the database keeps": lambda console, victim: hashlib.sha256(victim.cookies["staff"].encode()).hexdigest(),
}


@pytest.fixture(scope="module")
def admin(console: RunningConsole) -> Browser:
    return console.client("admin")


@pytest.fixture(scope="module")
def here(console: RunningConsole) -> str:
    """A conversation whose visitor wants a call."""
    with night(console.settings) as written:
        return written.call_me("attacked")


@pytest.mark.parametrize("shape", MARKS)
def test_what_is_planted_anywhere_is_shown_as_text_everywhere(console: RunningConsole, shape: str) -> None:
    admin, mark = console.client("admin"), Marks(shape)
    planted = plant(console, admin, mark)
    answers = (*looks(console, admin, planted, mark), *replies(admin, planted, mark))
    assert not [answer.url for answer in answers if answer.status_code >= 500]
    html = (answer for answer in answers if answer.headers.get("content-type", "").startswith("text/html"))
    shown = {answer.url: Shown(text) for text, answer in {answer.text: answer for answer in html}.items()}
    assert not [(url, page.runs) for url, page in shown.items() if page.runs]
    seen = "".join(page.words for page in shown.values())
    assert {place for place in mark.places if mark.at(place) not in seen.lower()} == set()


def looks(console: RunningConsole, admin: Browser, planted: str, mark: Marks) -> Iterator[httpx.Response]:
    """Every page, as it is, about the conversation, and with the mark in what it reads from its address."""
    nobody = console.browser()
    marked = {name: mark.at(f"address: {name}") for name in READ}
    filters = {name: marked[name] for name in NAMES if name not in Filters.read(marked).wrong}
    alone = [{name: marked[name]} for name in OTHERS]
    known = ({}, {"conversation": planted}, {"show": "closed"}, {"who": mark.at("audit: who")})
    for page in ASKED:
        browser = admin if page.permission else nobody
        for query in (*known, marked, filters, *alone):
            yield browser.get(filled(page, id=planted), params=query)


def replies(admin: Browser, planted: str, mark: Marks) -> Iterator[httpx.Response]:
    """What every form answers that asks to see something, or is filled with the mark."""
    form = {name: mark.at("form") for name in form_for(planted)}
    for page in SENT:
        for what in ("1", "number") if page.path not in ENDS else ():
            yield asked(admin, page, "POST", {**form, "what": what}, id=planted)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_no_form_is_forged(console: RunningConsole, admin: Browser, here: str, forgery: str) -> None:
    token, headers = FORGERIES[forgery]
    tokens = {"": "", "own": admin.csrf, "another": console.client("admin").csrf}
    form = {**form_for(here), "csrf": tokens[token]}
    before = rows(console)
    for page in SENT:
        if page.permission or headers:  # who is not signed in yet has no token
            path = filled(page, id=here, name="reader")
            assert denied(admin.post(path, data=form, headers=headers)), page.path
            assert denied(admin.post(path, params=form, headers=headers)), page.path
            assert rows(console) == before, page.path


@pytest.mark.parametrize("event", AFTER)
def test_no_old_cookie_is_signed_in(console: RunningConsole, victim: Browser, here: str, event: str) -> None:
    cookie = victim.cookies["staff"]
    AFTER[event](console, victim)
    assert shut_out(console, cookie, victim.csrf, here)


@pytest.mark.parametrize("kind", NEVER)
def test_nothing_else_is_signed_in(console: RunningConsole, victim: Browser, here: str, kind: str) -> None:
    assert shut_out(console, NEVER[kind](console, victim), victim.csrf, here)


@pytest.fixture
def victim(console: RunningConsole) -> Iterator[Browser]:
    """An admin with an account that may be lost."""
    console.add("victim", "admin")
    yield console.client("admin", "victim")
    console.store.change(lambda db: db.execute(accounts.delete().where(accounts.c.name == "victim")))


def halfway(console: RunningConsole) -> str:
    """The cookie of whoever gave the right password only."""
    thief = console.browser()
    thief.post("/sign-in", data={"name": "victim", "password": PASSWORD})
    return thief.cookies["staff-half"]


def shut_out(console: RunningConsole, cookie: str, csrf: str, here: str) -> bool:
    """Whether a cookie opens no page, and nothing is changed with it."""
    thief, before = console.browser(), rows(console)
    thief.headers["Cookie"], thief.csrf = f"staff={cookie}", csrf
    tries = [(page, method) for page in GUARDED for method in page.methods]
    opened = [page for page, how in tries if let_in(asked(thief, page, how, form_for(here), id=here, name="reader"))]
    assert not opened
    return rows(console) == before


def test_signing_in_takes_no_cookie_that_was_there_before(console: RunningConsole) -> None:
    victim = console.browser()
    for name in ("staff", "staff-half"):
        victim.cookies.set(name, "planted", domain="127.0.0.1")
    console.sign_in(victim, "admin")
    first = victim.cookies["staff"]
    console.sign_in(victim, "admin")
    assert len({"planted", first, victim.cookies["staff"]}) == 3


def test_no_address_is_guessed(console: RunningConsole, admin: Browser, here: str) -> None:
    before = rows(console)
    for page in PAGES:
        for blank in BLANK.findall(page.path):
            for guess in guesses(here):
                for method in page.methods:
                    given = {"id": here, "name": "reader", blank: guess}
                    answer = asked(admin, page, method, form_for(here), **given)
                    assert answer.status_code in (303, 400, 404), (page.path, blank, guess)
                    assert answer.headers.get("location", "/").startswith("/"), (page.path, blank, guess)
            assert rows(console) == before, (page.path, blank)
    longest = console.store.look(lambda db: db.execute(select(func.max(func.length(audit.c.subject)))).scalar())
    assert longest <= audit.c.subject.type.length  # PostgreSQL would refuse the row


@pytest.mark.parametrize("odd", ["9" * 5000, "-1", "٣", "²", "nan", "1:2:3", "\ufffd", "%", "' or 1=1 --"])
def test_no_value_in_an_address_breaks_a_page(console: RunningConsole, admin: Browser, here: str, odd: str) -> None:
    before = rows(console)
    for page in ASKED:
        for some in (READ[at : at + 10] for at in range(0, len(READ), 10)):
            answer = admin.get(filled(page, id=here), params=dict.fromkeys(some, odd))
            assert answer.status_code < 500, (page.path, some)
    assert rows(console) == before


def guesses(here: str) -> tuple[str, ...]:
    """Ids that are none: random ones, almost the right one, and ids of another kind."""
    others = (secrets.token_hex(32), here[:-1], here.upper(), f"{here} ", uuid.uuid4().hex, str(uuid.uuid4()))
    return (*others, "0", "-1", "٣", "9" * 30, "x" * 3000, "*", "../", "../../accounts", "' or 1=1 --", "%")


def test_no_export_holds_a_formula(console: RunningConsole, admin: Browser) -> None:
    talks = dict(zip(written(console, len(BAD)), BAD, strict=True))
    console.store.change(lambda db: [poison(db, name, formula) for name, formula in talks.items()])
    form = {"conversation": " ".join(talks), "reason": "because of this test"}
    sheet = admin.send_form("/export", kind="csv", **form).content.decode("utf-8-sig")
    assert not formulas(sheet)
    cells = [each for row in csv.DictReader(io.StringIO(sheet, newline="")) for each in row.items()]
    poisoned = {column for column, cell in cells if "'" in cell}
    assert poisoned == {*HEAD, *LINE} - {"conversation", "number", "at"}
    lines = admin.send_form("/export", kind="json", **form).text
    assert not formulas(lines)
    said = {message["text"] for line in lines.splitlines() for message in json.loads(line)["messages"]}
    assert said == set(BAD)


def written(console: RunningConsole, count: int) -> list[str]:
    with journal(console.settings) as store:
        return [talk(store, "hello") for _ in range(count)]


def poison(db: Connection, here: str, formula: str) -> None:
    """Put a formula wherever an export reads."""
    for table in (conversations, summaries, entries, turns):
        name = table.c.id if table is conversations else table.c.conversation_id
        columns = {*HEAD, *LINE, "role", "text_redacted"} & {*table.c.keys()}
        values = dict.fromkeys((each for each in columns if isinstance(table.c[each].type, String)), formula)
        db.execute(update(table).where(name == here).values(**values))
