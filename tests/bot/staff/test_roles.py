"""Every page of the console, every role, and nobody: exactly what the table of roles says."""

import pytest

from bot.staff.app import pages
from bot.staff.roles import MAY, ROLES, allowed
from tests.bot.staff.console import RunningConsole
from tests.bot.staff.routes import ENDS, GUARDED, asked, denied

OPEN = {"/sign-in", "/sign-in/code", "/static/{name}", "/health/live"}


def test_only_signing_in_and_files_are_open() -> None:
    assert {page.path for page in pages() if not page.permission} == OPEN
    assert {page.permission for page in GUARDED} <= set(MAY)


def test_what_stands_nowhere_is_denied() -> None:
    assert not any(allowed(role, permission) for role in (*ROLES, "") for permission in ("", "everything"))
    assert not any(allowed("stranger", permission) for permission in MAY)


@pytest.mark.stack
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_exactly_what_the_table_says(console: RunningConsole, role: str) -> None:
    browser = console.client(role)
    for page in GUARDED:
        for method in page.methods:
            answer = asked(browser, page, method)
            assert denied(answer) is not allowed(role, page.permission), (page.path, method)
            assert answer.status_code != 401 and "/sign-in?" not in answer.headers.get("location", ""), page.path
            assert answer.status_code < 500, (page.path, method)
            if page.path in ENDS:
                console.sign_in(browser, role)


@pytest.mark.stack
def test_nobody_may_nothing(console: RunningConsole) -> None:
    browser = console.browser()
    for page in GUARDED:
        for method in page.methods:
            answer = asked(browser, page, method)
            sent = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
            assert sent if method == "GET" else answer.status_code == 401, (page.path, method)


@pytest.mark.stack
def test_a_denied_look_is_written_down(console: RunningConsole) -> None:
    console.client("reader").get("/accounts")
    assert console.audited("denied")[-1][:2] == ("reader", "/accounts")


@pytest.mark.stack
def test_the_menu_shows_what_the_role_may(console: RunningConsole) -> None:
    shown = {role: console.client(role).get("/me").text for role in ("reader", "supervisor", "admin")}
    assert [role for role, text in shown.items() if 'href="/audit"' in text] == ["supervisor", "admin"]
    assert [role for role, text in shown.items() if 'href="/accounts"' in text] == ["admin"]
