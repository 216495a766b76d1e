"""Accounts, sign-ins and the record of looks, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.settings import Settings
from bot.store import accounts, audit, sign_ins
from bot.store.looks import looks
from bot.store.staff import StaffStore


@pytest.fixture
def store(either: Settings) -> Iterator[StaffStore]:
    opened = StaffStore(either)
    opened.prepare()
    for name in ("ana", "bea"):
        opened.change(lambda db, name=name: accounts.add(db, name, "admin", accounts.ONCE + "kept"))  # type: ignore[misc]
    yield opened
    opened.close()


def found(store: StaffStore, name: str) -> accounts.Account:
    account = store.look(lambda db: accounts.find(db, store.cipher, name))
    assert account is not None
    return account


def both(store: StaffStore, *works: Callable[[Connection], Any]) -> list[Any]:
    """What works return, or raise, that run at the same time."""

    def run(work: Callable[[Connection], Any]) -> Any:
        try:
            return store.change(work)
        except Exception as error:
            return type(error)

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_an_account(store: StaffStore) -> None:
    assert found(store, "ana") == accounts.Account("ana", "admin", "kept", True, None, False)
    assert store.look(lambda db: accounts.find(db, store.cipher, "nobody")) is None
    with pytest.raises(accounts.NameTaken):
        store.change(lambda db: accounts.add(db, "ana", "reader", "x"))
    assert store.change(lambda db: accounts.set_secret(db, store.cipher, "ana", "secret"))
    assert not store.change(lambda db: accounts.set_secret(db, store.cipher, "ana", "another"))
    store.change(lambda db: accounts.set_password(db, "ana", "own"))
    assert found(store, "ana") == accounts.Account("ana", "admin", "own", False, "secret", False)
    store.change(lambda db: accounts.reset(db, "ana", accounts.ONCE + "new"))
    assert found(store, "ana") == accounts.Account("ana", "admin", "new", True, None, False)
    with pytest.raises(LookupError):
        store.change(lambda db: accounts.enable(db, "nobody"))


def test_five_failures_lock_and_success_forgives(store: StaffStore) -> None:
    def failures(times: int) -> bool:
        for _ in range(times):
            store.change(lambda db: accounts.fail(db, "ana"))
        return found(store, "ana").closed

    assert not failures(4)
    store.change(lambda db: accounts.succeed(db, "ana"))
    assert not failures(4)
    assert failures(1) and not found(store, "bea").closed
    store.change(lambda db: accounts.enable(db, "ana"))
    assert not failures(4)


def test_a_step_is_used_once_even_at_the_same_time(store: StaffStore) -> None:
    for step in range(1, 21):
        used = both(store, *[lambda db, step=step: accounts.use_step(db, "ana", step)] * 2)  # type: ignore[misc]
        assert sorted(used) == [False, True]
    assert not store.change(lambda db: accounts.use_step(db, "ana", 19))


def test_two_admins_cannot_take_each_other_away(store: StaffStore) -> None:
    done = both(store, lambda db: accounts.disable(db, "ana"), lambda db: accounts.set_role(db, "bea", "reader"))
    assert sorted(map(str, done)) == sorted(map(str, (None, accounts.LastAdmin)))
    admins = [row.name for row in store.look(accounts.everyone) if row.role == "admin" and not row.disabled_at]
    assert len(admins) == 1


def test_a_sign_in(store: StaffStore) -> None:
    cookie, other = (store.change(lambda db: sign_ins.begin(db, "ana")) for _ in range(2))
    signed_in = store.look(lambda db: sign_ins.find(db, cookie))
    assert signed_in is not None and (signed_in.name, signed_in.role, signed_in.stale) == ("ana", "admin", False)
    store.change(lambda db: sign_ins.end_all(db, "ana", but=other))
    assert store.look(lambda db: sign_ins.find(db, cookie)) is None
    assert store.look(lambda db: sign_ins.find(db, other)) is not None
    store.change(lambda db: accounts.disable(db, "ana"))
    assert store.look(lambda db: sign_ins.find(db, other)) is None
    store.change(lambda db: accounts.enable(db, "ana"))
    assert store.look(lambda db: sign_ins.find(db, other)) is not None
    store.change(lambda db: sign_ins.end(db, other))
    assert store.look(lambda db: sign_ins.find(db, other)) is None


def test_looks_come_in_pages_the_newest_first(store: StaffStore) -> None:
    def write(db: Connection) -> None:
        for number in range(5):
            audit.record(db, "ana" if number % 2 else "bea", "open", str(number))

    store.change(write)
    subjects, before = [], None
    while True:
        page = store.look(lambda db, before=before: looks(db, before, 2))  # type: ignore[misc]
        subjects += [row.subject for row in page.rows]
        before = page.next
        if before is None:
            break
    assert subjects == ["4", "3", "2", "1", "0"]
    assert [row.subject for row in store.look(lambda db: looks(db, who="ana")).rows] == ["3", "1"]
    assert [row.who for row in store.look(lambda db: looks(db, subject="4")).rows] == ["bea"]
