"""Signing in and out: two factors, a lock, and sign-ins that end."""

import re
import time
from dataclasses import replace
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from bot.staff.app import build
from bot.staff.factor import step_of
from bot.store import accounts
from bot.store.staff_tables import accounts as table
from bot.store.staff_tables import sign_ins
from tests.bot.staff.console import PASSWORD, Browser, RunningConsole

pytestmark = pytest.mark.stack
NEW = "another night with coffee"


def password(browser: Browser, name: str, given: str = PASSWORD) -> httpx.Response:
    return browser.post("/sign-in", data={"name": name, "password": given})


def code(browser: Browser, given: str, **fields: str) -> httpx.Response:
    return browser.post("/sign-in/code", data={"code": given, **fields})


def signed_in(browser: Browser) -> bool:
    return browser.get("/me").status_code == 200


def came_halfway(answer: httpx.Response) -> bool:
    return answer.headers.get("location") == "/sign-in/code"


@pytest.fixture
def name(console: RunningConsole, request: pytest.FixtureRequest) -> str:
    """An account of the test's own."""
    made = re.sub(r"\W", "-", request.node.name)[5:60]
    console.add(made, "reader")
    return made


def test_the_first_sign_in_sets_up_a_code_and_an_own_password(console: RunningConsole) -> None:
    shown = console.client("admin").send_form("/accounts", name="Ana", role="counsellor").text
    once = re.findall(r'class="secret">([^<]+)', shown)[0]
    browser = console.browser()
    assert came_halfway(password(browser, "ana", once))
    page = browser.get("/sign-in/code").text
    assert "<svg" in page and "style=" not in page
    secret = re.findall(r'class="secret">([^<]+)', page)[0]
    now = pyotp.TOTP(secret).now
    for chosen, again in ((once, once), ("short", "short"), (NEW, NEW + "!"), ("ana has coffee", "ana has coffee")):
        assert "Choose a new password" in code(browser, now(), password=chosen, again=again).text
        assert not signed_in(browser)
    assert code(browser, now(), password=NEW, again=NEW).status_code == 303 and signed_in(browser)
    assert not came_halfway(password(console.browser(), "ana", once))
    again = console.browser()
    assert came_halfway(password(again, "ana", NEW)) and "<svg" not in again.get("/sign-in/code").text
    assert ("admin", "ana", "counsellor") in console.audited("account_added")
    assert ("ana", "ana", "") in console.audited("second_factor_set_up")


def test_a_password_alone_signs_nobody_in(console: RunningConsole, name: str) -> None:
    browser = console.browser()
    assert came_halfway(password(browser, name)) and not signed_in(browser)
    code(browser, "000000")
    assert not signed_in(browser)
    assert console.browser().get("/sign-in/code").headers["location"] == "/sign-in"


def test_a_code_works_once(console: RunningConsole, name: str) -> None:
    given = console.code(name)
    first, second = console.browser(), console.browser()
    password(first, name)
    assert code(first, given).status_code == 303
    password(second, name)
    assert code(second, given).status_code == 403 and not signed_in(second)


def test_a_code_may_be_one_step_off() -> None:
    secret, now = pyotp.random_base32(), int(time.time())
    fits = [offset for offset in range(-4, 5) if step_of(secret, pyotp.TOTP(secret).at(now + 30 * offset)) is not None]
    assert fits in ([-1, 0, 1], [0, 1, 2])  # the second where a step began in between
    assert step_of(secret, "") is None and step_of(secret, "\ud800") is None


def test_five_failures_lock_and_nobody_sees_it(console: RunningConsole, name: str) -> None:
    browser = console.browser()
    answers = [password(browser, name, "wrong") for _ in range(5)]
    answers += [password(browser, name), password(browser, "nobody-knows"), password(browser, "' or 1=1")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert console.audited("sign_in_failed").count(("", name, "")) == 6
    assert console.audited("sign_in_failed").count(("", "unknown", "")) == 2
    console.change(table, locked_until=0)
    assert came_halfway(password(browser, name))


def test_every_failure_takes_as_long(console: RunningConsole, name: str) -> None:
    def seconds(who: str, given: str) -> float:
        browser, taken = console.browser(), []
        for _ in range(4):
            started = time.perf_counter()
            password(browser, who, given)
            taken.append(time.perf_counter() - started)
        return min(taken)

    wrong = seconds(name, "wrong")
    unknown = seconds("nobody-knows", "wrong")
    console.change(table, locked_until=int(time.time() * 1000) + 60_000)
    locked = seconds(name, PASSWORD)
    console.change(table, locked_until=0)
    assert max(wrong, unknown, locked) < 3 * min(wrong, unknown, locked), (wrong, unknown, locked)


def test_wrong_codes_lock_and_the_password_does_not_forgive_them(console: RunningConsole, name: str) -> None:
    browser = console.browser()
    for _ in range(2):
        password(browser, name)
        code(browser, "000000")
        code(browser, "000000")
    password(browser, name)
    assert "locked for 15 minutes" in code(browser, "000000").text
    code(browser, console.code(name))
    assert not signed_in(browser) and not came_halfway(password(browser, name))
    console.change(table, locked_until=0)


def test_one_address_may_not_try_on_and_on(console: RunningConsole) -> None:
    browser = console.browser()
    statuses = [password(browser, f"nobody{number}", "x").status_code for number in range(21)]
    assert statuses == [403] * 20 + [429]


@pytest.mark.parametrize("column, minutes", [("seen_at", 15), ("created_at", 8 * 60)])
def test_a_sign_in_ends(console: RunningConsole, name: str, column: str, minutes: int) -> None:
    browser = console.client("reader", name)
    now = int(time.time() * 1000)
    console.change(sign_ins, **{column: now - minutes * 60_000 + 5_000})
    assert signed_in(browser)
    console.change(sign_ins, **{column: now - minutes * 60_000})
    assert not signed_in(browser)


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(console: RunningConsole, name: str) -> None:
    browser, before = console.client("reader", name), int(time.time() * 1000) - 600_000

    def seen() -> set[Any]:
        return {row.seen_at for row in console.store.look(lambda db: db.execute(sign_ins.select()).all())}

    console.change(sign_ins, seen_at=before)
    browser.get("/me", headers={"HX-Request": "true"})
    assert seen() == {before}
    browser.get("/me")
    assert max(seen()) > before


def test_signing_out_ends_it_on_the_server(console: RunningConsole, name: str) -> None:
    browser, other = console.client("reader", name), console.client("reader", name)
    kept = dict(browser.cookies)
    assert browser.send_form("/sign-out").headers["location"] == "/sign-in"
    browser.cookies.update(kept)
    assert not signed_in(browser) and signed_in(other)


def test_signing_out_everywhere(console: RunningConsole, name: str) -> None:
    here, there = console.client("reader", name), console.client("reader", name)
    here.send_form("/me/sign-out-everywhere")
    assert not signed_in(here) and not signed_in(there)


def test_another_password_ends_what_others_have(console: RunningConsole, name: str) -> None:
    here, there = console.client("reader", name), console.client("reader", name)
    wrong = here.send_form("/me/password", old="wrong", password=NEW, again=NEW)
    assert "old password is not right" in wrong.text and signed_in(there)
    assert here.send_form("/me/password", old=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert signed_in(here) and not signed_in(there)
    assert came_halfway(password(console.browser(), name, NEW))
    assert not came_halfway(password(console.browser(), name))


def test_an_old_hash_is_made_anew(console: RunningConsole, name: str) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    console.store.change(lambda db: accounts.set_password(db, name, weak))
    assert came_halfway(password(console.browser(), name))
    found = console.store.look(lambda db: accounts.find(db, console.store.cipher, name))
    assert found is not None and found.password_hash != weak and "m=65536" in found.password_hash
    assert came_halfway(password(console.browser(), name))


def test_the_database_gives_nobody_a_way_in(console: RunningConsole, name: str) -> None:
    browser = console.client("reader", name)
    rows = console.store.look(lambda db: [*db.execute(sign_ins.select()), *db.execute(table.select())])
    written = repr([tuple(row) for row in rows])
    assert browser.cookies["staff"] not in written and console.factors[name] not in written
    assert PASSWORD not in written and "$argon2id$" in written


def test_cookies_over_http_and_https(console: RunningConsole, name: str) -> None:
    plain = password(console.browser(), name).headers["set-cookie"]
    assert plain.startswith("staff-half=") and "HttpOnly" in plain and "SameSite=strict" in plain
    assert "Secure" not in plain
    address = "https://staff.example.org"
    behind = TestClient(build(replace(console.settings, staff_base_url=address)), address, follow_redirects=False)
    answer = behind.post("/sign-in", data={"name": name, "password": PASSWORD}, headers={"Origin": address})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-staff-half=") and "Secure" in cookie and "Path=/;" in cookie
    assert "Domain" not in cookie and answer.headers["strict-transport-security"]
