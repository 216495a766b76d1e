"""Which classes stand in the picture, in which order, and what the chat would say of every two of them."""

from __future__ import annotations

from helpline.knowledge.interactions import RESCUE
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.leading import by_classes, by_tags
from helpline.knowledge.pairs import PairFact, key

# Where in the grid, to the kind of cell: a severity, and " pale" behind it when no row is about these two classes.
Cells = dict[tuple[int, int], str]


def severities(knowledge: Knowledge, order: list[str]) -> Cells:
    """The kind of every cell that is not empty."""
    cells: Cells = {}
    for row, one in enumerate(order):
        for column, other in enumerate(order):
            if own := knowledge.interactions.get(key(one, other)):
                cells[row, column] = own.severity
            elif fact := _leading(knowledge, one, other):
                cells[row, column] = f"{fact.severity} pale"
    return cells


def _leading(knowledge: Knowledge, one: str, other: str) -> PairFact | None:
    """What leads for two classes that have no row of their own: a wider class, else their effects."""
    families = knowledge.families[one], knowledge.families[other]
    if RESCUE in (one, other):
        return by_classes(knowledge, *families) or knowledge.rules["rescue"]
    tags = [frozenset(tag for name in family for tag in knowledge.classes[name].tags) for family in families]
    return by_classes(knowledge, *families) or by_tags(knowledge, *tags)


def ordered_classes(knowledge: Knowledge) -> list[str]:
    """The classes with rows, in the order of their table, the narrower ones right behind the wider."""
    used = {name for pair in knowledge.interactions for name in pair}
    ordered: list[str] = []

    def add(name: str) -> None:
        if name in ordered:
            return
        ordered.append(name)
        for each, about in knowledge.classes.items():
            if about.parents[:1] == (name,):
                add(each)

    for name, about in knowledge.classes.items():
        if not about.parents:
            add(name)
    return [name for name in ordered if name in used]
