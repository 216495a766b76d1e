"""What a message means for the person who sent it: rules, classifier, the conversation so far and its guide."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.frontdoor.opinion import SecondOpinion
from bot.frontdoor.voice import ALARMS, NOTHING, Voice
from bot.store import Store
from bot.store.records import StoreError, Words
from helpline.safety import Attention, Triage
from helpline.safety.attention import WATCHFUL
from helpline.safety.place import NOTICES

REMEMBERED = 20_000  # conversations; what an older one left behind is read from the store
RECALL_SECONDS = 0.05


@dataclass(frozen=True)
class Heard:
    """What to act on, what the conversation keeps of it, and what is said at once, before anything that can fail."""

    triage: Triage
    attention: Attention
    at_once: Words | None = None

    @property
    def alarm(self) -> bool:
        """Whether it is a crisis or an emergency."""
        return self.triage.level in ALARMS


class Listener:
    """Hears messages and buttons. `None` as the conversation is one that is not known: nothing is remembered of it."""

    def __init__(self, voice: Voice, opinion: SecondOpinion, store: Store) -> None:
        self._voice = voice
        self._opinion = opinion
        self._store = store
        self._attentions: OrderedDict[str, Attention] = OrderedDict()

    async def text(self, conversation: str | None, text: str) -> Heard:
        """Typed words: an emergency of their own, an answer to the guide, or an ordinary message."""
        before = await self._recall(conversation)
        ruled = await self._voice.hear(text)
        place = self._answers_guide(before, text, ruled)
        if place:
            return self._remember(
                conversation, self._noticed(self._at(place, before, ruled), before, ruled, again=False)
            )
        likely = {} if ruled.level in ALARMS else await self._opinion.read(text, ruled)
        triage, after = self._voice.judge(ruled, likely, before)
        return self._remember(conversation, self._noticed(self._heard(triage, after), before, ruled))

    async def choice(self, conversation: str | None, choice: str) -> Heard:
        """A button of ours: a step of the guide, a concern that it raises, or one that says nothing by itself."""
        before = await self._recall(conversation)
        place = self._voice.guide.place(choice)
        if place:
            return self._remember(
                conversation, self._noticed(self._at(place, before, NOTHING), before, NOTHING, again=False)
            )
        pressed = self._voice.pressed(choice)
        # A forged one may hold anything, a cry for help too.
        ruled = pressed if pressed.level in ALARMS else await self._voice.hear(choice)
        triage, after = self._voice.judge(ruled, {}, before)
        return self._remember(conversation, self._noticed(self._heard(triage, after), before, ruled))

    def forget(self, conversation: str) -> None:
        """A conversation that was cleared leaves nothing behind."""
        self._attentions.pop(conversation, None)

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
        language = ruled.language if ruled.language != "en" else before.language
        triage = Triage(concern, self._voice.level(concern), (f"guide: {place}",), language)
        after = replace(before, concern=concern, watch=WATCHFUL, place=place, language=language)
        return Heard(triage, after, self._voice.step(place, language))

    def _answers_guide(self, before: Attention, text: str, ruled: Triage) -> str:
        """The step that typed words lead to. An emergency of another kind is not an answer."""
        if not before.watch or not before.place:
            return ""
        place = self._voice.guide.hear(before.place, text, just_asked=before.watch == WATCHFUL)
        elsewhere = ruled.level in ALARMS and not self._voice.same_guide(ruled.concern, before.place)
        return "" if elsewhere else place

    async def _recall(self, conversation: str | None) -> Attention:
        """What the conversation left behind: in this process, or else in the store if that answers at once."""
        if conversation is None:
            return Attention()
        if conversation not in self._attentions:
            try:
                stored = asyncio.wrap_future(self._store.attention(conversation))
                self._attentions[conversation] = Attention.restored(await asyncio.wait_for(stored, RECALL_SECONDS))
            except (StoreError, asyncio.TimeoutError):
                return Attention()
        self._attentions.move_to_end(conversation)
        return self._attentions[conversation]

    def _remember(self, conversation: str | None, heard: Heard) -> Heard:
        if conversation is not None:
            self._attentions[conversation] = heard.attention
            while len(self._attentions) > REMEMBERED:
                self._attentions.popitem(last=False)
        return heard
