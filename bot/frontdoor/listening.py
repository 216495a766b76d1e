"""What a message means for the person who sent it: rules, classifier, the conversation so far and its guide."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.frontdoor.opinion import SecondOpinion
from bot.frontdoor.voice import ALARMS, NOTHING, Voice
from bot.store import Store
from bot.store.records import StoreError, Words
from helpline.safety import Attention, Triage
from helpline.safety.attention import WATCHFUL
from helpline.safety.place import NOTICES

REMEMBERED = 20_000  # conversations; what an older one left behind is read from the store
RECALL_SECONDS = 0.05
PLAIN_SECONDS = 0.05
AGAIN_SECONDS = 2.5  # of the 3 s that a turn has
Hear = Callable[["str | None", str, Attention], Awaitable["Heard"]]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Heard:
    """What to act on, what the conversation keeps of it, and what is said at once, before anything that can fail.

    It is `certain` when all that the conversation left behind was known.
    """

    triage: Triage
    attention: Attention
    at_once: Words | None = None
    certain: bool = True

    @property
    def alarm(self) -> bool:
        """Whether it is a crisis or an emergency."""
        return self.triage.level in ALARMS


@dataclass(frozen=True)
class Past:
    """What is known of a conversation: its attention, certain once the store told what it keeps; the last message."""

    attention: Attention = field(default_factory=Attention)
    certain: bool = True
    message: tuple[str, str] = ("", "")  # its id and its words
    heard: Heard | None = None


class Listener:
    """Hears messages and buttons. `None` as the conversation is one that is not known: nothing is remembered of it."""

    def __init__(self, voice: Voice, opinion: SecondOpinion, store: Store) -> None:
        self._voice = voice
        self._opinion = opinion
        self._store = store
        self._pasts: OrderedDict[str, Past] = OrderedDict()

    async def text(
        self, conversation: str | None, message_id: str, text: str, language: str = "", notices: Sequence[str] = ()
    ) -> Heard:
        """Typed words: an emergency of their own, an answer to the guide, or an ordinary message.

        `language` is the one that the visitor chose, if any: what is said is in it where the words do not tell theirs.
        `notices` are due whatever the words say: what the number that they come from tells.
        """
        hear = partial(self._hear_text, notices=notices)
        return await self._once(conversation, message_id, text, hear, language)

    async def choice(self, conversation: str | None, message_id: str, choice: str, language: str = "") -> Heard:
        """A button of ours: a step of the guide, a concern that it raises, or one that says nothing by itself."""
        return await self._once(conversation, message_id, choice, self._hear_choice, language)

    def forget(self, conversation: str) -> None:
        """A conversation that was cleared leaves nothing behind; one that goes on is in the store."""
        self._pasts.pop(conversation, None)

    async def _once(self, conversation: str | None, message_id: str, said: str, hear: Hear, language: str) -> Heard:
        """Hear a message; one that is sent again means what it meant before, and moves no guide a second time."""
        try:
            past = await self._recall(conversation)
            if past.heard is not None and past.message == (message_id, said):
                return past.heard
            before = replace(past.attention, language=language) if language else past.attention
            heard = await hear(conversation, said, before)
        except Exception as error:
            log.error("a message was heard by the rules alone", exc_info=error)
            self._voice.trouble = "a message was heard by the rules alone"
            ruled = await self._voice.hear(said)
            return Heard(ruled, Attention(), self._voice.alarm(ruled), certain=False)
        return self._remember(conversation, (message_id, said), heard)

    async def _hear_text(
        self, conversation: str | None, text: str, before: Attention, notices: Sequence[str] = ()
    ) -> Heard:
        ruled = await self._voice.hear(text)
        ruled = replace(ruled, notices=tuple(each for each in NOTICES if each in (*ruled.notices, *notices)))
        place = self._answers_guide(before, text, ruled)
        if place:
            return self._noticed(self._at(place, before, ruled), before, ruled, again=False)
        # A plain alarm waits for no more than a word on which concern it is: the store needs the time.
        plain = ruled.level in ALARMS and not ruled.soft
        likely = await self._opinion.read(text, ruled, PLAIN_SECONDS if plain else None)
        # Another message of the conversation may have raised an alarm meanwhile.
        before = replace(self._known(conversation, before), language=before.language)
        triage, after = self._voice.judge(ruled, likely or {}, before)
        after = replace(after, unheard=likely is None)
        return self._noticed(self._heard(triage, after), before, ruled)

    async def again(self, conversation: str, text: str) -> Words | None:
        """The alarm of a message that was answered before the classifier had read it; None where there is none."""
        ruled = await self._voice.hear(text)
        likely = await self._opinion.read(text, ruled, AGAIN_SECONDS)
        before = self._known(conversation, Attention())
        heard = self._heard(*self._voice.judge(ruled, likely or {}, before))
        if heard.at_once is not None and conversation in self._pasts:
            self._pasts[conversation] = replace(self._pasts[conversation], attention=heard.attention)
        return heard.at_once

    async def _hear_choice(self, conversation: str | None, choice: str, before: Attention) -> Heard:
        place = self._voice.guide.place(choice)
        if place:
            return self._noticed(self._at(place, before, NOTHING), before, NOTHING, again=False)
        pressed = self._voice.pressed(choice)
        # A forged one may hold anything, a cry for help too.
        ruled = pressed if pressed.level in ALARMS else await self._voice.hear(choice)
        now = replace(self._known(conversation, before), language=before.language)
        return self._noticed(self._heard(*self._voice.judge(ruled, {}, now)), now, ruled)

    def _heard(self, triage: Triage, after: Attention) -> Heard:
        words = self._voice.alarm(triage)
        if words is not None:
            after = replace(after, place=self._voice.place(triage.concern))
        return Heard(triage, after, words)

    def _noticed(self, heard: Heard, before: Attention, ruled: Triage, *, again: bool = True) -> Heard:
        """With what there is to say about how and from where the person writes.

        It is said once in a conversation, and `again` on every emergency card that is no step of a guide: it puts the
        numbers of the card right.
        """
        told = [key for key in before.known.split() if key in NOTICES]
        new = [key for key in ruled.notices if key not in told]
        known, words = [*told, *new], heard.at_once
        if words is not None:
            words = self._voice.beside(words, known if again else new, heard.attention.language)
        later = "" if words is not None else " ".join(new)
        return replace(heard, attention=replace(heard.attention, notices=later, known=" ".join(known)), at_once=words)

    def _at(self, place: str, before: Attention, ruled: Triage) -> Heard:
        """A step of the guide, and a conversation that stays attentive."""
        concern = self._voice.guide.concern(place)
        language = ruled.language or before.language
        triage = Triage(concern, self._voice.level(concern), (f"guide: {place}",), language)
        after = replace(before, concern=concern, watch=WATCHFUL, place=place, language=language)
        return Heard(triage, after, self._voice.step(place, language))

    def _answers_guide(self, before: Attention, text: str, ruled: Triage) -> str:
        """The step that typed words lead to. An emergency of another kind is not an answer."""
        if not before.watch or not before.place:
            return ""
        place = self._voice.guide.hear(before.place, text, just_asked=before.watch == WATCHFUL)
        elsewhere = place and ruled.level in ALARMS and not self._voice.answers(ruled.concern, place)
        return "" if elsewhere else place

    def _known(self, conversation: str | None, otherwise: Attention) -> Attention:
        past = self._pasts.get(conversation) if conversation else None
        return past.attention if past else otherwise

    async def _recall(self, conversation: str | None) -> Past:
        """What the conversation left behind: in this process, or else in the store if that answers at once."""
        if conversation is None:
            return Past()
        known = self._pasts.get(conversation)
        if known is None or not known.certain:
            known = await self._restored(conversation)
        if conversation in self._pasts:
            self._pasts.move_to_end(conversation)
        return known

    async def _restored(self, conversation: str) -> Past:
        """With what the store keeps; what was heard while it could not answer counts where that is the more urgent."""
        try:
            reading = asyncio.wrap_future(self._store.attention(conversation))
            stored = Attention.restored(await asyncio.wait_for(reading, RECALL_SECONDS))
        except (StoreError, asyncio.TimeoutError):
            return self._pasts.get(conversation) or Past(certain=False)
        known = self._pasts.get(conversation) or Past(stored)
        if not known.certain:
            attention = max(known.attention, stored, key=lambda each: (each.watch, each.strain))
            known = replace(known, attention=attention, certain=True)
        self._pasts[conversation] = known
        return known

    def _remember(self, conversation: str | None, message: tuple[str, str], heard: Heard) -> Heard:
        if conversation is None:
            return heard
        certain = conversation in self._pasts and self._pasts[conversation].certain
        heard = replace(heard, certain=certain)
        self._pasts[conversation] = Past(heard.attention, certain, message, heard)
        while len(self._pasts) > REMEMBERED:
            self._pasts.popitem(last=False)
        return heard
