"""What the front door says by itself: emergency cards, the helpline card, and placeholders filled in."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.store.records import Words
from helpline import escalation, safety
from helpline.escalation.hours import Hours
from helpline.safety import Attention, Guide, Reply, SafetyError, Triage
from helpline.safety.place import NOTICES

ALARMS = ("crisis", "emergency")
CALM = (
    *("no_answer", "bad_request", "not_json", "empty", "too_long", "unauthorized", "too_many", "not_stored"),
    *("spanish", "worried", *NOTICES, "link_used", "wrong_digits", "not_textable", "opted_out", "too_soon", "no_texts"),
)
NOTHING = Triage("none", "none", ())
PIECE = 2000
RAISES = re.compile(r'/crisis_noted\{"concern": "(?P<concern>[a-z_]+)"\}')
log = logging.getLogger(__name__)


class Voice:
    """Triage and the reviewed sentences, with this helpline's phone number in them."""

    def __init__(
        self, folder: Path, phone: str, hours: Hours | None = None, callback_hours: Hours | None = None
    ) -> None:
        self.phone = phone
        self.trouble: str | None = None
        self._safety = safety.load(folder)
        self._contacts = escalation.load(folder, hours or Hours(), callback_hours or Hours())
        for key in CALM:
            self.calm(key)

    async def hear(self, text: str) -> Triage:
        """Triage a text of any length: it never raises, and a long one does not stop the others."""
        if len(text) <= PIECE:
            return self._triage(text)
        heard, notices = NOTHING, set[str]()
        # Halves overlap, so that no sentence is cut in all of them.
        for start in range(0, len(text), PIECE // 2):
            piece = self._triage(text[start : start + PIECE])
            heard, notices = max(heard, piece, key=_urgency), notices.union(piece.notices)
            if heard.level == "emergency":
                break
            await asyncio.sleep(0)
        return replace(heard, notices=tuple(each for each in NOTICES if each in notices))

    @property
    def guide(self) -> Guide:
        """The guided emergencies."""
        return self._safety.guide

    def judge(self, heard: Triage, likely: Mapping[str, float], before: Attention) -> tuple[Triage, Attention]:
        """What to act on by rules, classifier and conversation; the rules alone where that fails."""
        try:
            return self._safety.judge(heard, likely, before)
        except Exception as error:
            log.error("a message could not be judged", exc_info=error)
            self.trouble = "a message could not be judged"
            return heard, before

    def step(self, place: str, language: str) -> Words:
        """What a guided emergency says at a place."""
        return self._words(self._safety.step(place, language), language)

    def place(self, concern: str) -> str:
        """Where the guide of a concern begins; empty where it has none."""
        return self._safety.concerns[concern].guide

    def level(self, concern: str) -> str:
        """How urgent a concern is."""
        return self._safety.concerns[concern].level

    def answers(self, concern: str, place: str) -> bool:
        """Whether the guide's step at a place is an answer to a concern too."""
        return self._safety.answers(concern, place)

    def alarm(self, triage: Triage) -> Words | None:
        """The emergency or crisis reply, when triage calls for one."""
        return self.concern(triage.concern, triage.language or "en") if triage.level in ALARMS else None

    def pressed(self, choice: str) -> Triage:
        """What one of our buttons raises by itself: a yes to "is anyone very sleepy?" must not wait for Rasa."""
        found = RAISES.fullmatch(choice)
        words = self.concern(found["concern"], "en") if found else None
        if found is None or words is None or words.card is None:
            return NOTHING
        return Triage(found["concern"], str(words.card["kind"]), ("a button was pressed",))

    def concern(self, concern: str, language: str) -> Words | None:
        """The reviewed reply to a concern; None when there is none."""
        try:
            reply = self._safety.reply(concern, language)
        except Exception as error:
            log.error("there is no reply to the concern %r", concern[:40], exc_info=error)
            self.trouble = "a concern has no reply"
            return None
        return self._words(reply, language)

    def calm(self, key: str, language: str = "en") -> Words:
        """The calm sentence and the helpline card for one of CALM, in English where the language is missing."""
        try:
            return self._words(self._safety.helpline_reply(key, language), language)
        except KeyError:
            raise SafetyError(f"replies.csv: no reply '{key}', which the front door needs.") from None

    def notice(self, key: str, language: str) -> Words:
        """One of NOTICES, to be said beside an answer: it has no card of its own."""
        return replace(self.calm(key, language), card=None)

    def beside(self, words: Words, notices: Iterable[str], language: str) -> Words:
        """An emergency's words with notices as the last of its text and of its card's steps."""
        for key in notices:
            said = str(self.notice(key, language).text)
            # The line with our own number is no step.
            steps = [line for line in said.splitlines() if self.phone not in line]
            card = {**words.card, "steps": [*words.card.get("steps", ()), *steps]} if words.card else None
            words = replace(words, text=f"{words.text}\n{said}", card=card)
        return words

    def fill(self, words: Words) -> Words:
        """The same words with every placeholder written out, in texts, buttons and cards alike."""
        buttons = [{"title": self._fill(b["title"]), "choice": b["choice"]} for b in words.buttons]
        text, short, card = self._fill(words.text), self._fill(words.short), self._fill(words.card)
        return replace(words, text=text, buttons=buttons, card=card, short=short)

    def fill_text(self, text: str) -> str:
        """One text with every placeholder written out."""
        return str(self._fill(text))

    def working(self) -> bool:
        """Whether triage hears the plainest of emergencies and has something to say to it."""
        words = self.alarm(self._triage("i want to kill myself"))
        return words is not None and words.card is not None

    def _triage(self, text: str) -> Triage:
        try:
            return self._safety.triage(text)
        except Exception as error:
            log.error("triage failed", exc_info=error)
            self.trouble = "triage failed on a message"
            return NOTHING

    def _words(self, reply: Reply, language: str) -> Words:
        return self.fill(Words(reply.text, reply.buttons, reply.card, language=language, short=reply.short or None))

    def _fill(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return self._contacts.fill(value, self.phone)
            except escalation.ContactError as error:
                log.error("a sentence has a placeholder that nobody fills: %s", error)
                return value.replace("[phone]", self.phone)
        if isinstance(value, Mapping):
            return {key: self._fill(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._fill(part) for part in value]
        return value


def _urgency(triage: Triage) -> int:
    return ("none", "urgent", *ALARMS).index(triage.level)
