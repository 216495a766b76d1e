"""Fixtures for the tests that need the running stack."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One whole stack for the session: real Rasa, real front door, real SQLite."""
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def stack_url(stack: Stack) -> str:
    """Its address."""
    return stack.url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The faults first: they take longest, and would otherwise run alone at the end while the other core is idle."""
    items.sort(key=lambda item: "tests/faults/" not in item.nodeid)
