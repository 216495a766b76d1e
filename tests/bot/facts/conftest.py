"""The tables as they are, and the page made from them."""

from pathlib import Path

import pytest

from bot.facts import facts_page
from helpline.knowledge import Knowledge, load
from helpline.knowledge.topics import Text, Topics, load_topics

TABLES = Path(__file__).parents[3] / "data" / "knowledge"
PHONE = "(844) 000-0000"


def fill(text: str) -> str:
    return (
        text.replace("[phone]", PHONE)
        .replace("[poison_control]", "1-800-000-0000")
        .replace("[samhsa]", "1-800-000-0001")
        .replace("[hours]", "day or night")
        .replace("[quitline]", "1-800-000-0002")
    )


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(TABLES)


@pytest.fixture(scope="module")
def topics(knowledge: Knowledge) -> Topics:
    return load_topics(TABLES, knowledge)


@pytest.fixture(scope="module")
def texts(topics: Topics) -> list[tuple[str, str, Text]]:
    return [(topic, name, text) for topic, about in topics.texts.items() for name, text in about.items()]


@pytest.fixture(scope="module")
def page(topics: Topics) -> str:
    return facts_page(topics, fill)
