"""What is remembered of a talk from turn to turn, and when it is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

# For how many turns a slot is kept after the one that set it last; the others are kept for the visit.
TURNS = {"substances": 8, "unsure": 3, "taken": 8, "person": 8, "open_question": 3, "offered": 1}
SOON = {"did_it_help": 1, "meant": 1}  # open questions that nobody comes back to later
SLOTS = (*TURNS, "concern", "language", "asked_if_it_helped", "said")
# Whoever comes back after so long begins a new visit; a concern and the language stay.
VISIT_SECONDS = 6 * 3600
OF_THE_VISITOR = ("concern", "language")
AGES, AT = "ages", "at"
FORM = "form"  # the open form, what it asks and what was answered
ANSWERS_FORM = "answer_callback"  # what an answer to a form is understood as, whatever its words look like


def remembered(context: Mapping[str, Any], now: float) -> dict[str, Any]:
    """The context of the last turn without what is too old to be meant; `now` in seconds since 1970."""
    if now - context.get(AT, now) > VISIT_SECONDS:
        return {name: context[name] for name in OF_THE_VISITOR if name in context}
    ages = context.get(AGES) or {}
    return {name: value for name, value in context.items() if ages.get(name, 0) <= _lasts(name, value)}


def aged(context: Mapping[str, Any], touched: Collection[str], now: float) -> dict[str, Any]:
    """What goes into the next context beside the slots: how many turns ago each was set, and when this turn was."""
    ages = context.get(AGES) or {}
    return {AGES: {name: 0 if name in touched else ages.get(name, 0) + 1 for name in TURNS}, AT: int(now)}


def _lasts(name: str, value: Any) -> float:
    if name == "open_question" and value in SOON:
        return SOON[value]
    return TURNS.get(name, float("inf"))
