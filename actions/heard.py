"""What the visitor named in this message, and what is still in the air from the turns before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from rasa_sdk import Tracker

from actions.knowledge import knowledge
from helpline.knowledge import corrected
from helpline.knowledge.asking import Asked

T = TypeVar("T")
# The same question about somebody else.
OF_OTHERS = {"already_taken": "have_they_taken", "how_is_it": "how_are_they", "not_taken": "they_have_not"}
# Questions of ours that one name answers: it joins the substances named before.
ASKED_FOR_A_NAME = ("with_what", "which", "which_medicine", "spelling")


@dataclass(frozen=True)
class Named:
    """Substances by canonical name: sure ones, groups of which one was meant, and ones said not to be taken.

    `unknown` are words in a drug's place that we do not know, `vague` ones such as "my meds" that name none.
    """

    sure: tuple[str, ...]
    unsure: tuple[tuple[str, ...], ...]
    negated: tuple[str, ...]
    unknown: tuple[str, ...]
    vague: tuple[str, ...]


def named(tracker: Tracker) -> Named:
    """What this message names, each once, in the order of its words."""
    entities = tracker.latest_message.get("entities") or []
    substances = [e for e in entities if e["entity"] == "substance"]
    return Named(
        # Two words for one drug are two things somebody may take: only the same word again counts once.
        sure=tuple(name for name, _ in each_once((e["value"], word(e)) for e in substances if e.get("certain", True))),
        unsure=each_once(tuple(e["candidates"]) for e in substances if not e.get("certain", True)),
        negated=each_once(e["value"] for e in entities if e["entity"] == "negated_substance"),
        unknown=each_once(e["value"] for e in entities if e["entity"] == "unknown_substance"),
        vague=each_once(e["value"] for e in entities if e["entity"] == "vague_substance"),
    )


def word(entity: dict[str, Any]) -> str:
    """The visitor's own word for it, in small letters."""
    return str(entity.get("text") or entity["value"]).lower()


def asked(tracker: Tracker) -> Asked:
    """Of whom this message speaks, and whether something was taken."""
    return knowledge().asking.read(tracker.latest_message.get("text") or "")


def of_person(question: str, person: str | None) -> str:
    """The question as it is asked about this person."""
    return OF_OTHERS.get(question, question) if person == "other" else question


def each_once(found: Iterable[T]) -> tuple[T, ...]:
    """The same, without repetitions."""
    return tuple(dict.fromkeys(found))


def together(tracker: Tracker, heard: Named) -> tuple[str, ...]:
    """The substances to check: those of this message, with those of the talk before where this one names one only.

    "no, klonopin" puts it in the place of what was heard before.
    """
    before = [n for n in tracker.get_slot("substances") or () if n not in (*heard.negated, *heard.sure)]
    alone = len(heard.sure) + len(heard.unsure) + len(heard.unknown) + len(heard.vague) <= 1
    if corrects(tracker, heard) and not taken_back(tracker, heard):
        return corrected(knowledge(), before, heard.sure[0]) or heard.sure
    return (*before, *heard.sure) if alone else heard.sure


def corrects(tracker: Tracker, heard: Named) -> bool:
    """Whether this message puts one name right: "no, klonopin", or "not benadryl, melatonin"."""
    if len(heard.sure) != 1 or not tracker.get_slot("substances"):
        return False
    if taken_back(tracker, heard):
        return True
    answers = tracker.get_slot("open_question") in ASKED_FOR_A_NAME
    return not answers and not heard.negated and asked(tracker).corrects


def joins_what_was_named(tracker: Tracker, heard: Named) -> bool:
    """Whether this message adds its one name to what was named before: "wellbutrin too", "and vodka?"."""
    said = asked(tracker)
    return len(heard.sure) == 1 and bool(tracker.get_slot("substances")) and (said.adds or said.refers)


def taken_back(tracker: Tracker, heard: Named) -> bool:
    """Whether it says that something named before is not taken."""
    return bool({*heard.negated} & {*(tracker.get_slot("substances") or ())})


def kept(tracker: Tracker, substances: tuple[str, ...]) -> tuple[str, ...]:
    """What to remember after these were spoken of: the mix named before, where they are a part of it."""
    before = tuple(tracker.get_slot("substances") or ())
    return before if {*substances} <= {*before} else substances


def still_to_ask(tracker: Tracker, heard: Named) -> tuple[tuple[str, ...], ...]:
    """The names that may mean several substances: of this message, and those we did not get to ask about before."""
    waiting = tracker.get_slot("unsure") or () if tracker.get_slot("open_question") == "which" else ()
    return (*heard.unsure, *(tuple(names) for names in waiting))
