"""The guided emergency: one step at a time, with buttons, from the tables guide_steps.csv, guide_moves.csv
and guide_answers.csv.

A place is where a conversation stands, as guide/step. A step has moves to others; each is a button, and each is also
heard in typed words. The machine holds no state: the place travels in the buttons and in the conversation's attention.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.escalation import ContactError, Contacts
from helpline.safety.answers import Answers
from helpline.safety.concerns import Concern
from helpline.safety.errors import SafetyError
from helpline.safety.phrases import LANGUAGES
from helpline.safety.replies import Reply, card_of
from helpline.tables import Row, read

CHOICE = "guide:"
AGAIN = ("any", "again")
START = "start"
BARE = 3  # words of a message of one word, with the full stops around it
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Move:
    """A way on: the place it leads to, its button's title by language, and the answers that say it in words."""

    to: str
    titles: Mapping[str, str]
    answers: frozenset[str]


@dataclass(frozen=True)
class Step:
    """What is said at a place. `timer` are the seconds to count down, 0 for none."""

    concern: str
    timer: int
    texts: Mapping[str, str]
    moves: tuple[Move, ...]


class Guide:
    """Every guided emergency, ready to be walked through."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        again: Mapping[str, str],
        concerns: Mapping[str, Concern],
        contacts: Contacts,
        answers: Answers,
    ) -> None:
        self._steps = steps
        self._again = again
        self._concerns = concerns
        self._contacts = contacts
        self._answers = answers

    def place(self, choice: str) -> str:
        """The place that one of our buttons leads to; empty for any other choice."""
        place = choice.removeprefix(CHOICE)
        return place if choice.startswith(CHOICE) and place in self._steps else ""

    def concern(self, place: str) -> str:
        """What the conversation is about at a place; KeyError for an unknown one."""
        return self._steps[place].concern

    def buttons(self, place: str, language: str) -> tuple[dict[str, str], ...]:
        """The ways on from a place; none from an unknown one."""
        moves = self._steps[place].moves if place in self._steps else ()
        return tuple({"title": move.titles[language], "choice": CHOICE + move.to} for move in moves)

    def again(self, place: str, language: str) -> dict[str, str]:
        """The button that shows a place once more."""
        return {"title": self._again[language], "choice": CHOICE + place}

    def reply(self, place: str, language: str) -> Reply:
        """What is said at a place, with its card and buttons; KeyError for a place whose words are a concern's card."""
        step = self._steps[place]
        text = step.texts[language]
        card = card_of(self._concerns[step.concern], self._contacts, SENTENCE.split(text))
        if step.timer:
            card["timer"] = step.timer
        return Reply(text, card, self.buttons(place, language))

    def speaks(self, place: str) -> bool:
        """Whether a place has words of its own: where a guide begins, they are the concern's card."""
        return place in self._steps and bool(self._steps[place].texts)

    def hear(self, place: str, text: str, *, just_asked: bool = True) -> str:
        """The place that typed words lead to from a place; empty where they say nothing about it.

        A bare word such as yes answers only what was `just_asked`.
        """
        words = self._answers.words(text)
        moves = self._steps[place].moves if place in self._steps else ()
        if not moves or (not just_asked and len(words) <= BARE):
            return ""
        given = self._answers.given(words)
        return next((move.to for move in moves if not given.isdisjoint(move.answers)), "")


def load_guide(
    folder: Path,
    concerns: Mapping[str, Concern],
    contacts: Contacts,
    answers: Answers,
) -> Guide:
    """The guided emergencies of `folder`; SafetyError names file and row."""
    moves: dict[str, list[Move]] = {}
    again: dict[str, str] = {}
    rows = read(folder, "guide_moves.csv", ("guide", "step", "to", "title_en", "title_es", "answer"), SafetyError)
    for row in rows:
        titles = {language: row.needed(f"title_{language}") for language in LANGUAGES}
        if (row["guide"], row["step"]) == AGAIN:
            again = titles
            continue
        moves.setdefault(_place(row), []).append(Move(_to(row), titles, _given(row, answers)))
    steps: dict[str, Step] = {}
    for row in read(folder, "guide_steps.csv", ("guide", "step", "language", "concern", "timer", "text"), SafetyError):
        _place_text(row, steps, moves, concerns, contacts)
    _check(rows, steps, concerns)
    if not again:
        raise SafetyError("guide_moves.csv: no row 'any,again', the button that shows the steps once more")
    return Guide(steps, again, concerns, contacts, answers)


def _place(row: Row) -> str:
    return f"{row.needed('guide')}/{row.needed('step')}"


def _to(row: Row) -> str:
    return f"{row['guide']}/{row.needed('to')}"


def _given(row: Row, answers: Answers) -> frozenset[str]:
    row.needed("answer")
    unknown = [name for name in row.several("answer") if name not in answers.names]
    if unknown:
        raise row.wrong(f"unknown answer '{unknown[0]}'")
    return frozenset(row.several("answer"))


def _place_text(
    row: Row,
    steps: dict[str, Step],
    moves: Mapping[str, list[Move]],
    concerns: Mapping[str, Concern],
    contacts: Contacts,
) -> None:
    place, language = _place(row), row.one_of("language", LANGUAGES)
    timer = row["timer"] or "0"
    if not timer.isdigit():
        raise row.wrong(f"timer '{timer}' is not a number of seconds")
    before = steps.get(place)
    texts = dict(before.texts) if before else {}
    if language in texts:
        raise row.wrong(f"a second text for '{place}' in '{language}'")
    if row["text"]:
        try:
            texts[language] = contacts.fill(row["text"])
        except ContactError as problem:
            raise row.wrong(str(problem)) from None
    elif row["step"] != START:
        raise row.wrong(f"'{place}' says nothing: only '{START}' does, whose words are the concern's card")
    steps[place] = Step(row.one_of("concern", concerns), int(timer), texts, tuple(moves.get(place, ())))


def _check(rows: Sequence[Row], steps: Mapping[str, Step], concerns: Mapping[str, Concern]) -> None:
    for row in rows:
        if (row["guide"], row["step"]) == AGAIN:
            continue
        if _place(row) not in steps:
            raise row.wrong(f"no step '{_place(row)}' in guide_steps.csv")
        if _to(row) not in steps or not steps[_to(row)].texts:
            raise row.wrong(f"no step '{_to(row)}' in guide_steps.csv, or it says nothing")
    for place, step in steps.items():
        missing = [language for language in LANGUAGES if step.texts and language not in step.texts]
        if missing:
            raise SafetyError(f"guide_steps.csv: '{place}' says nothing in '{missing[0]}'")
    for concern in concerns.values():
        if concern.guide and concern.guide not in steps:
            raise SafetyError(f"concerns.csv: no step '{concern.guide}' in guide_steps.csv, for '{concern.name}'")
