"""The real tables and the real recogniser, made once."""

from pathlib import Path

import pytest

from helpline.knowledge import Knowledge, Recogniser, load

DATA = Path(__file__).parents[3] / "data" / "knowledge"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(DATA)


@pytest.fixture(scope="session")
def recogniser(knowledge: Knowledge) -> Recogniser:
    return Recogniser(knowledge)
