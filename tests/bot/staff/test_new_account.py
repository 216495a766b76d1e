"""The first account comes from the command line."""

import re
import subprocess
import sys

import pytest

from bot.store import accounts
from tests.bot.staff.console import RunningConsole
from tests.stack import ROOT

pytestmark = pytest.mark.stack


def run(console: RunningConsole, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.staff.new_account", *arguments]
    return subprocess.run(command, cwd=ROOT, env=console.environment, capture_output=True, text=True, timeout=60)


def test_a_first_account_and_a_new_start(console: RunningConsole) -> None:
    made = run(console, "Bea", "--generate")
    once = re.findall(r"One-time password: (\S+)", made.stdout)[0]
    browser = console.browser()
    first = browser.post("/sign-in", data={"name": "bea", "password": once})
    assert first.headers["location"] == "/sign-in/code"
    assert "password that somebody gave to you" in browser.get("/sign-in/code").text
    assert ("command line", "bea", "admin") in console.audited("account_added")

    assert run(console, "bea", "--generate").returncode == 1
    again = run(console, "bea", "--generate", "--reset")
    other = re.findall(r"One-time password: (\S+)", again.stdout)[0]
    old = console.browser().post("/sign-in", data={"name": "bea", "password": once})
    new = console.browser().post("/sign-in", data={"name": "bea", "password": other})
    assert old.status_code == 403 and new.status_code == 303
    assert run(console, "a b", "--generate").returncode == 1
    names = [row.name for row in console.store.look(accounts.everyone)]
    assert names == ["admin", "bea", "counsellor", "reader", "supervisor"]
