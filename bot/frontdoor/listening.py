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


@dataclass(frozen=True)
class Left:
    """What a conversation left behind, and what was heard in its last message, which may come once more."""

    attention: Attention
    message: tuple[str, str] = ("", "")
    heard: Heard | None = None


class Listener:
    """Hears messages and buttons. `None` as the conversation is one that is not known: nothing is remembered of it."""

    def __init__(self, voice: Voice, opinion: SecondOpinion, store: Store) -> None:
        self._voice = voice
        self._opinion = opinion
        self._store = store
        self._left: OrderedDict[str, Left] = OrderedDict()

    async def text(self, conversation: str | None, text: str, message_id: str = "") -> Heard:
        """Typed words: an emergency of their own, an answer to the guide, or an ordinary message."""
        left = await self._recall(conversation)
        if left.heard is not None and message_id and left.message == (message_id, text):
            return left.heard
        heard = await self._read(conversation, text, left.attention)
        return self._remember(conversation, heard, (message_id, text))

    async def choice(self, conversation: str | None, choice: str) -> Heard:
        """A button of ours: a step of the guide, a concern that it raises, or one that says nothing by itself."""
        before = (await self._recall(conversation)).attention
        place = self._voice.guide.place(choice)
        if place:
            heard = self._noticed(self._at(place, before, NOTHING), before, NOTHING, again=False)
        else:
            pressed = self._voice.pressed(choice)
            # A forged one may hold anything, a cry for help too.
            ruled = pressed if pressed.level in ALARMS else await self._voice.hear(choice)
            heard = self._noticed(self._heard(*self._voice.judge(ruled, {}, before)), before, ruled)
        return self._remember(conversation, heard)

    def forget(self, conversation: str) -> None:
        """A conversation that was cleared leaves nothing behind."""
        self._left.pop(conversation, None)

    async def _read(self, conversation: str | None, text: str, before: Attention) -> Heard:
        ruled = await self._voice.hear(text)
        place = self._answers_guide(before, text, ruled)
        if place:
            return self._noticed(self._at(place, before, ruled), before, ruled, again=False)
        likely = await self._opinion.read(text, ruled)
        # An emergency may have been heard in this conversation while the classifier thought.
        now = self._left.get(conversation or "", Left(before)).attention
        return self._noticed(self._heard(*self._voice.judge(ruled, likely, now)), now, ruled)

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

    async def _recall(self, conversation: str | None) -> Left:
        """What the conversation left behind: in this process, or else in the store if that answers at once."""
        if conversation is None:
            return Left(Attention())
        if conversation not in self._left:
            try:
                stored = asyncio.wrap_future(self._store.attention(conversation))
                attention = Attention.restored(await asyncio.wait_for(stored, RECALL_SECONDS))
            except (StoreError, asyncio.TimeoutError):
                return Left(Attention())
            self._left[conversation] = Left(attention)
        self._left.move_to_end(conversation)
        return self._left[conversation]

    def _remember(self, conversation: str | None, heard: Heard, message: tuple[str, str] = ("", "")) -> Heard:
        if conversation is not None:
            self._left[conversation] = Left(heard.attention, message, heard)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return heard
