"""Every page of the console as somebody goes through them, and what must be the same afterwards."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.staff.app import pages
from bot.staff.page import Page
from bot.store.tables import metadata
from tests.bot.staff.console import PASSWORD, Browser, RunningConsole

BLANK = re.compile(r"\{(\w+)[^}]*\}")
ENDS = ("/sign-out", "/me/sign-out-everywhere")
PAGES = sorted(pages(), key=lambda page: page.path in ENDS)  # those that sign out come last
GUARDED = [page for page in PAGES if page.permission]
ASKED = [page for page in PAGES if "GET" in page.methods]
SENT = [page for page in PAGES if "POST" in page.methods]
CHOSEN = "another long night with coffee"


def filled(page: Page, **blanks: str) -> str:
    """The address of a page, with 1 in each blank that is not given."""
    return BLANK.sub(lambda found: quote(blanks.get(found[1], "1"), safe=""), page.path)


def asked(
    browser: Browser, page: Page, method: str, form: dict[str, str] | None = None, **blanks: str
) -> httpx.Response:
    """Ask for a page, or send it a form as our own pages do."""
    path = filled(page, **blanks)
    return browser.send_form(path, **form or {}) if method == "POST" else browser.request(method, path)


def form_for(here: str) -> dict[str, str]:
    """A form of which every page can make something, about a conversation."""
    work = {"text": "a note", "tag": "a tag", "assignee": "reader", "state": "reviewed", "outcome": "reached"}
    about = {"conversation": here, "ids": here, "subject": here, "kind": "alarm", "what": "1", "query": "channel=web"}
    account = {"name": "fresh", "role": "admin", "old": PASSWORD, "password": CHOSEN, "again": CHOSEN}
    return {**work, **about, **account, "reason": "because of this test"}


def denied(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "You may not do this" in answer.text


def let_in(answer: httpx.Response) -> bool:
    """Whether somebody got further than to the sign-in page."""
    return answer.status_code != 401 and not answer.headers.get("location", "").startswith("/sign-in?next=")


def rows(console: RunningConsole) -> dict[str, list[str]]:
    """Everything in the database but the audit, and but when a sign-in was last in use."""

    def look(db: Connection) -> dict[str, list[str]]:
        tables = {table.name: [each for each in table.c if each.name != "seen_at"] for table in metadata.sorted_tables}
        del tables["audit"]
        return {name: sorted(str(tuple(row)) for row in db.execute(select(*each))) for name, each in tables.items()}

    return console.store.look(look)
