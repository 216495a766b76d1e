"""Fixtures for the tests that need the running stack."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack

LONGEST = ("tests/faults/", "tests/conversations/")


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
    """The longest first: they would otherwise run alone at the end, while the other core is idle."""
    items.sort(key=lambda item: next((at for at, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST)))
