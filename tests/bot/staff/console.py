"""The staff console as a real process on a free port, with an account for each role."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pyotp
from sqlalchemy import Table, select, update

from bot.settings import Settings, missing_secrets
from bot.staff.passwords import HASHER
from bot.staff.roles import ROLES
from bot.store import accounts
from bot.store.staff import StaffStore
from bot.store.staff_tables import accounts as table
from bot.store.staff_tables import audit
from tests.databases import sqlite
from tests.stack import free_port, started

START_SECONDS = 60  # on a machine with much else to do
PASSWORD = "a long night with much tea"
KEPT = HASHER.hash(PASSWORD)
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Browser(httpx.Client):
    """Somebody's browser on the console; `csrf` is filled in by `sign_in`."""

    csrf = ""

    def send_form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as our own pages do."""
        return self.post(path, data={"csrf": self.csrf, **fields})


class RunningConsole:
    """The console with a database, secrets and a port of its own. Its accounts are called like their roles."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.log, self.port = folder, folder / "console.log", free_port()
        self.database = folder / "journal.db"
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HELPLINE_", "STAFF_"))},
            **missing_secrets({}),
            "DATABASE_URL": sqlite(folder),
            "STAFF_PORT": str(self.port),
            "STAFF_BASE_URL": self.url,
            **environment,
        }
        self.settings = Settings.from_environment(self.environment)
        self.store = StaffStore(self.settings)
        self.store.prepare()
        self.factors: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None
        for role in ROLES:
            self.add(role, role)

    def add(self, name: str, role: str) -> None:
        """An account with PASSWORD whose second factor is set up."""
        self.factors[name] = pyotp.random_base32()

        def work(db: Any) -> None:
            accounts.add(db, name, role, KEPT)
            accounts.set_secret(db, self.store.cipher, name, self.factors[name])

        self.store.change(work)

    def code(self, name: str) -> str:
        """A code that works now, even where one was used within these 30 seconds."""
        self.store.change(lambda db: db.execute(update(table).where(table.c.name == name).values(totp_used=0)))
        return pyotp.TOTP(self.factors[name]).now()

    def audited(self, action: str) -> list[tuple[str, str, str]]:
        """Who did this, to what and why, in order."""
        c = audit.c
        wanted = select(c.who, c.subject, c.reason).where(c.action == action).order_by(c.id)
        return [tuple(row) for row in self.store.look(lambda db: db.execute(wanted).all())]

    def change(self, table: Table, **values: object) -> None:
        """Set these values in every row of a table."""
        self.store.change(lambda db: db.execute(update(table).values(**values)))

    def start(self) -> RunningConsole:
        """Start, and wait until it answers."""
        self.process = started("bot.staff", self.environment, self.log, self.url, START_SECONDS)
        return self

    def stop(self) -> None:
        """Ask it to stop, and let go of the database."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
        self.store.close()

    def browser(self) -> Browser:
        """A browser in which nobody is signed in: it sends its Origin, and comes from an address of its own."""
        address = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        headers = {"Origin": self.url, "X-Forwarded-For": address}
        return Browser(base_url=self.url, timeout=20, trust_env=False, headers=headers)

    def client(self, role: str, name: str = "") -> Browser:
        """A browser in which the account of this role, or of this name, is signed in."""
        browser = self.browser()
        self.sign_in(browser, name or role)
        return browser

    def sign_in(self, browser: Browser, name: str, password: str = PASSWORD) -> None:
        """Sign in as a person does."""
        first = browser.post("/sign-in", data={"name": name, "password": password, "next": "/me"})
        assert first.headers.get("location") == "/sign-in/code", first.text
        second = browser.post("/sign-in/code", data={"code": self.code(name)})
        assert second.headers.get("location") == "/me", second.text
        found = TOKEN.search(browser.get("/me").text)
        assert found, "the page of one's own account shows no token"
        browser.csrf = found[1]
