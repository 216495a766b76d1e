"""People who mean harm: from outside, from another page, and with an account."""

import uuid

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from bot.store import accounts, audit
from bot.store.staff_tables import accounts as table
from bot.store.staff_tables import audit as log
from tests.bot.staff.console import PASSWORD, Browser, RunningConsole

pytestmark = pytest.mark.stack
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def admin(console: RunningConsole) -> Browser:
    return console.client("admin")


def roles(console: RunningConsole) -> dict[str, str]:
    return {row.name: row.role for row in console.store.look(accounts.everyone) if not row.disabled_at}


def test_a_cookie_that_somebody_planted_is_not_signed_in(console: RunningConsole) -> None:
    planted = console.browser()
    planted.cookies.set("staff", "planted", domain="127.0.0.1")
    planted.cookies.set("staff-half", "planted", domain="127.0.0.1")
    assert planted.get("/me").status_code == 303
    victim = console.client("reader")
    before = victim.cookies["staff"]
    console.sign_in(victim, "reader")
    assert before != victim.cookies["staff"]
    thief = console.browser()
    thief.cookies.set("staff", before)
    assert thief.get("/me").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "%00", "' or 1=1 --", "x" * 4000])
def test_a_cookie_is_not_guessed(console: RunningConsole, cookie: str) -> None:
    assert console.browser().get("/me", headers={"Cookie": f"staff={cookie}"}).status_code == 303


def test_another_page_cannot_use_ones_sign_in(console: RunningConsole, admin: Browser) -> None:
    fields = {"name": "mallory", "role": "admin"}
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert admin.post("/accounts", data={**fields, "csrf": admin.csrf}, headers=elsewhere).status_code == 403
    assert admin.post("/accounts", data=fields).status_code == 403
    assert admin.get("/accounts", params={**fields, "csrf": admin.csrf}).status_code == 200
    assert "mallory" not in roles(console)


def test_nobody_raises_their_own_role(console: RunningConsole) -> None:
    supervisor = console.client("supervisor")
    for path in ("/accounts", "/accounts/supervisor/role", "/accounts/supervisor/reset"):
        assert supervisor.send_form(path, name="mallory", role="admin").status_code == 403
    assert roles(console)["supervisor"] == "supervisor" and "mallory" not in roles(console)


def test_the_last_admin_stays(console: RunningConsole, admin: Browser) -> None:
    for path in ("/accounts/admin/disable", "/accounts/admin/role"):
        assert "This is the last admin" in admin.send_form(path, role="reader").text
    console.add("second", "admin")
    assert admin.send_form("/accounts/second/role", role="reader").status_code == 303
    assert "This is the last admin" in admin.send_form("/accounts/admin/disable").text
    assert roles(console)["admin"] == "admin"


def test_a_disabled_account_is_out_at_once(console: RunningConsole, admin: Browser) -> None:
    console.add("leaver", "counsellor")
    leaver = console.client("counsellor", "leaver")
    halfway = console.browser()
    halfway.post("/sign-in", data={"name": "leaver", "password": PASSWORD})
    assert admin.send_form("/accounts/leaver/disable").status_code == 303
    assert leaver.get("/me").status_code == 303
    assert halfway.post("/sign-in/code", data={"code": console.code("leaver")}).headers["location"] == "/sign-in"
    again = console.browser().post("/sign-in", data={"name": "leaver", "password": PASSWORD})
    assert again.status_code == 403
    assert admin.send_form("/accounts/leaver/enable").status_code == 303
    console.client("counsellor", "leaver")


def test_a_new_start_takes_away_what_was_known(console: RunningConsole, admin: Browser) -> None:
    console.add("lost", "reader")
    thief = console.client("reader", "lost")
    assert admin.send_form("/accounts/lost/reset").status_code == 200
    assert thief.get("/me").status_code == 303
    assert thief.post("/sign-in", data={"name": "lost", "password": PASSWORD}).status_code == 403


def test_names_and_roles_are_checked(console: RunningConsole, admin: Browser) -> None:
    before = roles(console)
    for name in (SCRIPT, "", "a b", "-", "x" * 65, "a\0", "é", "reader"):
        assert admin.send_form("/accounts", name=name, role="reader").status_code in (400, 409)
    for role in ("", "root", SCRIPT):
        assert admin.send_form("/accounts", name="fresh", role=role).status_code == 400
    assert admin.send_form("/accounts/nobody-here/role", role="admin").status_code == 404
    assert roles(console) == before


def test_markup_is_shown_as_text(console: RunningConsole, admin: Browser) -> None:
    def plant(db: Connection) -> None:
        accounts.add(db, SCRIPT, "reader", "x")
        audit.record(db, SCRIPT, SCRIPT, SCRIPT, SCRIPT)

    console.store.change(plant)
    console.client("reader").get(f"/accounts/{SCRIPT}/role")
    pages = [admin.get("/accounts"), admin.get("/audit"), admin.get("/audit", params={"who": SCRIPT})]
    pages.append(console.browser().get("/sign-in", params={"next": f"/{SCRIPT}"}))
    pages.append(console.browser().post("/sign-in", data={"name": SCRIPT, "next": f"/{SCRIPT}"}))
    for page in pages:
        assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text, page.url
    console.store.change(lambda db: db.execute(table.delete().where(table.c.name == SCRIPT)))


def test_conversations_are_not_guessed(console: RunningConsole, admin: Browser) -> None:
    for guess in ("1", uuid.uuid4().hex, "..%2f..", "x" * 3000, "' or 1=1"):
        assert admin.get(f"/conversations/{guess}").status_code == 404


def test_a_changed_audit_is_seen(console: RunningConsole, admin: Browser) -> None:
    assert "nothing was changed" in admin.get("/audit/chain").text
    newest = console.store.look(lambda db: db.execute(select(func.max(log.c.id))).scalar())
    console.store.change(lambda db: db.execute(update(log).where(log.c.id == newest).values(who="somebody")))
    assert f"Row {newest} does not follow" in admin.get("/audit/chain").text
