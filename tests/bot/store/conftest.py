"""A store on each of the two databases that it runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings, missing_secrets
from bot.store import Store
from bot.store.staff import StaffStore
from tests.databases import MISSING, cluster, fresh, programs, sqlite


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    if programs() is None:
        pytest.skip(MISSING)
    with cluster(durable=False) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of a process on an empty database."""
    address = sqlite(tmp_path) if request.param == "sqlite" else fresh(request.getfixturevalue("postgres"))
    return Settings.from_environment({**missing_secrets({}), "DATABASE_URL": address})


@pytest.fixture
def talking(either: Settings) -> Iterator[Store]:
    """The store of the front door."""
    opened = Store(either)
    assert opened.start().result(30) == []
    yield opened
    opened.close()


@pytest.fixture
def reading(either: Settings, talking: Store) -> Iterator[StaffStore]:
    """The same database, as the console opens it."""
    opened = StaffStore(either)
    yield opened
    opened.close()
