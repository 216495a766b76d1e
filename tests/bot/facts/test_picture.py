"""The picture says of every two classes what the chat says."""

from collections import Counter
from xml.etree import ElementTree

import pytest

from bot.facts import severity_matrix
from bot.facts.grid import ordered_classes, severities
from bot.facts.words import words
from helpline.knowledge import Knowledge, check
from helpline.knowledge.pairs import key
from helpline.knowledge.severity import ORDER
from helpline.knowledge.substances import Substance


@pytest.mark.parametrize("alone", [True, False])
def test_picture_parses_and_draws_every_cell_with_its_letter(knowledge: Knowledge, alone: bool) -> None:
    picture = ElementTree.fromstring(severity_matrix(knowledge, alone))
    name_space = "{http://www.w3.org/2000/svg}" if alone else ""
    drawn: Counter[str] = Counter()
    lettered: Counter[str] = Counter()
    for element in picture.iter():
        kind = element.get("class", "")
        if element.tag == f"{name_space}path" and kind.removesuffix(" pale") in ORDER:
            drawn[kind] += element.get("d", "").count("M")
        if element.tag == f"{name_space}text" and kind.startswith("on-"):
            cell = kind[3:].removesuffix(" key")
            assert set(element.text or "") == {words().find("severity", cell.split()[0]).letter}
            lettered[cell] += len(element.text or "")
    wanted = Counter(severities(knowledge, ordered_classes(knowledge)).values())
    wanted += Counter({severity: 1 for severity in ORDER if severity != "unknown"})  # the legend
    assert drawn == lettered == wanted


def test_picture_shows_every_row_and_what_a_narrower_class_takes_from_a_wider_one(knowledge: Knowledge) -> None:
    order = ordered_classes(knowledge)
    cells = severities(knowledge, order)
    for (one, other), row in knowledge.interactions.items():
        assert (
            cells[order.index(one), order.index(other)] == cells[order.index(other), order.index(one)] == row.severity
        )
    fentanyl, alcohol = order.index("opioid_high_potency"), order.index("alcohol")
    assert cells[fentanyl, alcohol] == cells[alcohol, fentanyl] == "dangerous pale"


def test_picture_says_what_the_chat_says(knowledge: Knowledge) -> None:
    order = ordered_classes(knowledge)
    cells = severities(knowledge, order)
    members = {each.listed[0]: each.name for each in knowledge.substances.values() if _plain(each)}
    compared = 0
    for row, one in enumerate(order):
        for column, other in enumerate(order[:row]):
            pair = members.get(one), members.get(other)
            if None in pair or key(str(pair[0]), str(pair[1])) in knowledge.overrides:
                continue
            said = check(knowledge, [str(name) for name in pair]).findings[0].severity
            assert cells.get((row, column), "unknown").removesuffix(" pale") == said, (one, other)
            compared += 1
    assert compared > 2000


def _plain(substance: Substance) -> bool:
    return substance.kind == "single" and len(substance.listed) == 1


def test_picture_has_title_and_description(knowledge: Knowledge) -> None:
    picture = ElementTree.fromstring(severity_matrix(knowledge))
    assert picture.get("role") == "img"
    described = [element.get("id") for element in picture if element.tag in ("title", "desc") and element.text]
    assert described == (picture.get("aria-labelledby") or "").split()
