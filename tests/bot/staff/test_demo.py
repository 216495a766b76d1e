"""Made-up conversations look like real ones, are kept apart from them, and leave no trace."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.settings import Settings, missing_secrets
from bot.staff import demo
from bot.store.filters import Filters
from bot.store.listing import listed
from bot.store.night import night
from bot.store.search import found
from bot.store.staff import StaffStore
from bot.store.staff_tables import alerts, facets, searchable, summaries
from bot.store.tables import conversations, entries, phones, texts
from tests.databases import sqlite


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    env = {**missing_secrets({}), "DATABASE_URL": sqlite(tmp_path)}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment(env)


def count(store: StaffStore, table: object) -> int:
    return int(store.look(lambda db: db.execute(select(func.count()).select_from(table)).scalar_one()))


def test_there_are_many_dialogues_and_all_can_be_written() -> None:
    talks = demo.talks()
    assert len(talks) >= 40
    for rows in talks:
        for row in rows:
            row["visitor"].format_map({name: each[0] for name, each in demo.BLANKS.items()})
            assert row["reply"] and demo.understood(row) is not None


def test_they_are_found_and_removed_and_never_mixed_in_unasked(environment: Settings, capsys: object) -> None:
    assert demo.main(["--count", "80"]) == 0
    store = StaffStore(environment)
    assert count(store, summaries) == 80
    last = 2**50
    told = store.look(lambda db: night(db, 0, last))
    assert all(group.count for group in told.groups[:5])
    for asked in ({"substance": "alcohol"}, {"fallback": "yes"}, {"escalated": "yes"}, {"language": "es"}):
        assert store.look(lambda db, asked=asked: listed(db, Filters.read(asked))).rows, asked  # type: ignore[misc]
    assert store.look(lambda db: found(db, "call", Filters())).rows
    assert count(store, alerts) == 0
    fresh = {"id": "a" * 64, "channel": "web", "created_at": 1, "last_seq": 0}
    store.change(lambda db: db.execute(conversations.insert(), fresh))
    assert demo.main(["--count", "1"]) == 1
    assert demo.main(["--count", "1", "--add"]) == 0
    assert demo.main(["--remove"]) == 0
    assert [count(store, table) for table in (summaries, facets, entries, searchable, texts, phones)] == [0] * 6
    assert count(store, conversations) == 1
    store.close()
