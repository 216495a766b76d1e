"""No everyday English word is taken for a drug."""

from pathlib import Path

import pytest

from helpline.knowledge import Knowledge, Recogniser

HERE = Path(__file__).parent
CARRIERS = ("{}", "where can i find a nice {}", "we talked about the {} yesterday", "my {} was at home all day")


def listed(file: str) -> list[str]:
    return [line for line in (HERE / file).read_text("utf-8").splitlines() if line and not line.startswith("#")]


WORDS, EXCEPTIONS = listed("common_10000.txt"), frozenset(listed("common_10000_exceptions.txt"))


def test_the_list_holds_10000_words() -> None:
    assert len(set(WORDS)) == len(WORDS) == 10_000
    assert set(WORDS) >= EXCEPTIONS


def test_every_exception_is_the_name_of_a_substance(knowledge: Knowledge) -> None:
    assert set(knowledge.names.spoken) >= EXCEPTIONS


@pytest.mark.parametrize("carrier", CARRIERS)
def test_common_words_are_no_drugs(recogniser: Recogniser, carrier: str) -> None:
    loud = []
    for word in WORDS:
        heard = recogniser.hear(carrier.format(word))
        if heard.mentions or heard.unknown or heard.negated:
            loud.append(word)
    assert not set(loud) - EXCEPTIONS
