"""Puts a name in the place of one that was heard wrongly: "can i mix xanax and percocet" - "no, klonopin"."""

from __future__ import annotations

from collections.abc import Sequence

from helpline.knowledge.knowledge import Knowledge


def corrected(knowledge: Knowledge, before: Sequence[str], name: str) -> tuple[str, ...]:
    """`before` with `name` instead of one of them: the one most of its kind, and in doubt the one named last.

    Klonopin takes the place of Xanax and not of Percocet, because it is a benzodiazepine too.
    """
    if not before or name in before:
        return (*before,)
    kinds = _kinds(knowledge, name)
    nearest = max(range(len(before)), key=lambda place: (len(kinds & _kinds(knowledge, before[place])), place))
    return (*before[:nearest], name, *before[nearest + 1 :])


def _kinds(knowledge: Knowledge, name: str) -> frozenset[str]:
    parts = (knowledge.substances.get(part) for part in knowledge.ingredients(name))
    return frozenset().union(*(part.classes for part in parts if part))
