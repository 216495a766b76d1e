"""What can be said while it is still open which drug or medicine is meant: the worst case, and never nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product

from helpline.knowledge.answer import Answer, card, listed, verdict
from helpline.knowledge.interactions import Check, check
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.severity import RANK

MOST_CASES = 64


def worst_case(knowledge: Knowledge, sure: Sequence[str], unsure: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One candidate of each group in `unsure`: those that are worst together with the `sure` substances.

    Of equally bad ones the nearest to what was typed, which stands first in its group.
    """
    cases = islice(product(*unsure), MOST_CASES)
    return max(cases, key=lambda case: RANK[check(knowledge, (*sure, *case)).severity])


def in_case(knowledge: Knowledge, result: Check, supposed: Sequence[str]) -> Answer:
    """The verdict under the condition that the `supposed` substances were meant; which ones is still to be asked."""
    names = listed(knowledge, [knowledge.display(name) for name in dict.fromkeys(supposed)])
    condition = knowledge.verdicts["in_case"].replace("{names}", names)
    return Answer((f"{condition} {verdict(knowledge, result)}",), card(knowledge, result))


def depends(knowledge: Knowledge, substances: Sequence[str], vague: Sequence[str]) -> Answer:
    """What can be said about these with a medicine that nobody named: that it depends on its name, and no more."""
    names = [knowledge.display(name) for name in dict.fromkeys(substances)]
    text = knowledge.verdicts["depends"].replace("{names}", listed(knowledge, names))
    shown = {**card(knowledge, Check("unknown", tuple(substances), (), 0)), "substances": [*names, *vague]}
    return Answer((text,), shown)
