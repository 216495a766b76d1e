"""Whoever touches the record of who looked at what is found out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.audit import anchor, broken, holds_anchor, record
from bot.store.staff import StaffStore
from tests.bot.store.test_store import settings

ROWS = 12
ACTIONS = ("sign in", "open", "reveal", "export")


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[StaffStore]:
    opened = StaffStore(settings(tmp_path))
    opened.prepare()
    for n in range(ROWS):
        opened.change(lambda db, n=n: record(db, f"ana{n}", ACTIONS[n % 4], f"talk {n}", f"because {n}"))
    yield opened
    opened.close()


def sql(staff: StaffStore, statement: str) -> None:
    """What somebody with the database's password could do."""
    staff.change(lambda db: db.exec_driver_sql(statement))


def after(staff: StaffStore, *statements: str) -> int | None:
    """The row that is found broken when somebody has done this, which is undone."""
    with staff.engine.connect() as db:
        for statement in statements:
            db.exec_driver_sql(statement)
        found = broken(db)
        db.rollback()
    return found


def test_an_untouched_record_is_whole(staff: StaffStore) -> None:
    assert staff.look(broken) is None


@pytest.mark.parametrize("column", ["at", "who", "action", "subject", "reason", "hash"])
def test_a_changed_row_is_named(staff: StaffStore, column: str) -> None:
    changed = "at + 1" if column == "at" else f"{column} || 'x'"
    for row in range(1, ROWS + 1):
        assert after(staff, f"UPDATE audit SET {column} = {changed} WHERE id = {row}") == row


def test_a_missing_row_is_found_at_the_next(staff: StaffStore) -> None:
    for row in range(1, ROWS):
        assert after(staff, f"DELETE FROM audit WHERE id = {row}") == row + 1


def test_two_rows_that_changed_places_are_found(staff: StaffStore) -> None:
    for row in range(1, ROWS):
        moves = ((row, 1000), (row + 1, row), (1000, row + 1))
        assert after(staff, *(f"UPDATE audit SET id = {new} WHERE id = {old}" for old, new in moves)) == row


def test_a_row_put_in_is_found(staff: StaffStore) -> None:
    copied = "at, who, action, subject, reason, hash FROM audit WHERE id = 5"
    for row in (0, 13):
        assert after(staff, f"INSERT INTO audit SELECT {row}, {copied}") == row


def test_rows_cut_off_at_the_end_are_seen_by_an_anchor_kept_elsewhere(staff: StaffStore) -> None:
    kept = staff.look(anchor)
    assert staff.look(lambda db: holds_anchor(db, kept))
    staff.change(lambda db: record(db, "ana", "open", "another"))
    assert staff.look(lambda db: holds_anchor(db, kept))
    sql(staff, f"DELETE FROM audit WHERE id >= {ROWS}")
    assert staff.look(broken) is None
    assert not staff.look(lambda db: holds_anchor(db, kept))


def test_a_record_written_anew_does_not_hold_the_old_anchor(staff: StaffStore) -> None:
    kept = staff.look(anchor)
    sql(staff, "DELETE FROM audit")
    for n in range(ROWS):
        sql(staff, f"UPDATE sqlite_sequence SET seq = {n} WHERE name = 'audit'")
        staff.change(lambda db: record(db, "mallory", "open", "nothing"))
    assert staff.look(broken) is None
    assert not staff.look(lambda db: holds_anchor(db, kept))


def test_what_is_no_anchor_is_not_held(staff: StaffStore) -> None:
    for kept in ("", "x", "12", "12:", ":", "99999999999999999999:a", "٣:a"):
        assert not staff.look(lambda db, kept=kept: holds_anchor(db, kept)), kept


def test_looks_of_many_at_once_make_one_chain(staff: StaffStore) -> None:
    def look(name: str) -> None:
        for n in range(20):
            staff.change(lambda db, n=n: record(db, name, "open", f"talk {n}"))

    threads = [threading.Thread(target=look, args=(f"ana{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert staff.look(broken) is None
    assert staff.look(anchor).startswith(f"{ROWS + 80}:")


def test_the_command_prints_the_anchor_and_names_the_row(staff: StaffStore, tmp_path: Path) -> None:
    kept = staff.look(anchor)
    env = {**os.environ, **dict.fromkeys(("SESSION_SECRET", "RASA_KEY", "EVALUATE_KEY", "SMS_KEY"), "x" * 20)}
    env |= {"NUMBER_KEY": "x" * 20, "STORE_KEYS": "1:" + "A" * 43 + "=", "DATABASE_URL": str(staff.engine.url)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.audit", *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)

    told = run("--anchor", kept)
    assert (told.returncode, told.stdout.strip().endswith(kept)) == (0, True)
    assert run("--anchor", "3:" + "0" * 64).returncode == 1
    sql(staff, "UPDATE audit SET who = 'nobody' WHERE id = 7")
    told = run()
    assert (told.returncode, "row 7 " in told.stderr) == (1, True)
