"""What was said in a conversation as staff read it: the redacted words, what the visitor saw, what was understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpline.transcripts.redaction import redact

MOST_GUESSES = 3
Piece = tuple[str, str]  # a part of a text, and the substance that it names


@dataclass(frozen=True)
class Button:
    """A button as it was shown; `pressed` where the visitor chose it."""

    title: str
    choice: str
    pressed: bool = False


@dataclass(frozen=True)
class Heard:
    """What was understood of a message, and how its turn ended."""

    concern: str
    level: str
    evidence: tuple[str, ...]
    guesses: tuple[tuple[str, float], ...]
    confidence: float | None
    fallback: bool
    substances: tuple[str, ...]  # those that the text does not show
    unknown: tuple[str, ...]
    severity: str | None
    outcome: str | None
    seconds: float | None
    readable: bool = True


@dataclass(frozen=True)
class Sent:
    """A text that went out: alarm, reply, confirmation or invite; how it fared, and why."""

    kind: str
    state: str
    reason: str | None


@dataclass(frozen=True)
class Line:
    """One thing said; of the visitor's also what was heard and which texts answered it. `original`: it can be shown."""

    seq: int
    role: str
    at: int
    pieces: tuple[Piece, ...]
    chosen: str | None = None
    card: Mapping[str, Any] | None = None
    buttons: tuple[Button, ...] = ()
    heard: Heard | None = None
    texts: tuple[Sent, ...] = ()
    language: str | None = None  # where it is not English
    original: bool = False


def pieces(shown: str | None, original: str | None, entities: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """The redacted text, cut where a substance stands; in one piece where redaction moved the places."""
    if not shown:
        return ()
    cut: list[Piece] = []
    at = 0
    for entity in _placed(entities) if shown == original else ():
        if at <= entity["start"] < entity["end"] <= len(shown):
            cut += [(shown[at : entity["start"]], ""), (shown[entity["start"] : entity["end"]], str(entity["value"]))]
            at = entity["end"]
    return tuple(piece for piece in (*cut, (shown[at:], "")) if piece[0])


def heard(understood: Mapping[str, Any] | None, turn: Mapping[str, Any], shown: Iterable[Piece]) -> Heard:
    """What was heard in a message; `understood` is None where its key is gone."""
    known = understood or {}
    entities = _named(known.get("entities") or (), "substance")
    in_text = {name for _, name in shown if name}
    guesses = [(str(each.get("name")), float(each.get("confidence") or 0)) for each in known.get("ranking") or ()]
    if not guesses and turn["intent"]:
        guesses = [(turn["intent"], float(known.get("confidence") or 0))]
    return Heard(
        concern=turn["concern"] or "none",
        level=str(known.get("level") or "none"),
        evidence=tuple(redact(str(each)) for each in known.get("evidence") or ()),
        guesses=tuple(guesses[:MOST_GUESSES]),
        confidence=known.get("confidence"),
        fallback=bool(known.get("fallback")),
        substances=tuple(name for name in entities if name not in in_text),
        unknown=tuple(redact(name) for name in _named(known.get("entities") or (), "unknown_substance")),
        severity=turn["severity"],
        outcome=turn["outcome"],
        seconds=turn["seconds"],
        readable=understood is not None,
    )


def with_pressed(lines: Sequence[Line]) -> list[Line]:
    """The lines with each pressed button marked in the newest answer before that offered it."""
    marked = list(lines)
    for place, line in enumerate(lines):
        before = (at for at in range(place - 1, -1, -1) if any(b.choice == line.chosen for b in marked[at].buttons))
        if line.chosen and (found := next(before, None)) is not None:
            buttons = (replace(b, pressed=b.pressed or b.choice == line.chosen) for b in marked[found].buttons)
            marked[found] = replace(marked[found], buttons=tuple(buttons))
    return marked


def _placed(entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The substances that stand at a place in the text, in order."""
    found = [e for e in entities if e.get("entity") == "substance" and isinstance(e.get("start"), int)]
    return sorted((e for e in found if isinstance(e.get("end"), int)), key=lambda e: int(e["start"]))


def _named(entities: Iterable[Mapping[str, Any]], kind: str) -> list[str]:
    return list(dict.fromkeys(str(e["value"]) for e in entities if e.get("entity") == kind and e.get("value")))
