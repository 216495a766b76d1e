"""What the visitor named in this message, and what is still in the air from the turns before."""

from dataclasses import dataclass

from rasa_sdk import Tracker


@dataclass(frozen=True)
class Named:
    """Substances by canonical name: sure ones, groups of which one was meant, and words we do not know."""

    sure: tuple[str, ...]
    unsure: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]


def named(tracker: Tracker) -> Named:
    """What this message names, each once, in the order of its words."""
    entities = tracker.latest_message.get("entities") or []
    substances = [e for e in entities if e["entity"] == "substance"]
    sure = [e["value"] for e in substances if e.get("certain", True)]
    unsure = [tuple(e["candidates"]) for e in substances if not e.get("certain", True)]
    unknown = [e["value"] for e in entities if e["entity"] == "unknown_substance"]
    return Named(tuple(dict.fromkeys(sure)), tuple(dict.fromkeys(unsure)), tuple(dict.fromkeys(unknown)))


def together(tracker: Tracker, heard: Named) -> tuple[str, ...]:
    """The substances to check: those of this message, with those of the talk before where this one names one only."""
    before = tuple(tracker.get_slot("substances") or ())
    alone = len(heard.sure) + len(heard.unsure) + len(heard.unknown) <= 1
    return tuple(dict.fromkeys((*before, *heard.sure))) if alone else heard.sure


def still_to_ask(tracker: Tracker, heard: Named) -> tuple[tuple[str, ...], ...]:
    """The names that may mean several substances: of this message, and those we did not get to ask about before."""
    waiting = tracker.get_slot("unsure") or () if tracker.get_slot("open_question") == "which" else ()
    return (*heard.unsure, *(tuple(names) for names in waiting))
