"""Takes in text messages: what each one is, stored together with what is said to it at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from bot.frontdoor.listening import Heard, Listener
from bot.frontdoor.measures import Measures
from bot.frontdoor.turns import Turns
from bot.frontdoor.voice import Voice
from bot.sms.loops import MOST_ALARMS, Loops
from bot.sms.scribe import Scribe
from bot.sms.sender import Sender
from bot.store import Store
from bot.store.records import Accepted, Message, StoreError, Texter, Texts, Words
from helpline.choosing import chosen
from helpline.safety.place import ABROAD
from helpline.sms import MOST_OPTIONS, Keyword, Keywords, answered, reacts, sender

RECALL_SECONDS = 0.2
STORE_SECONDS = 0.6  # with what comes before it, a text is acknowledged within a second
LONGEST = 2000
# What a keyword says, by what it means.
SAID = {"stop": "stopped", "start": "started", "help": "help", "link": "link"}
OPTS = {"stop": "out", "start": "in"}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inbound:
    """A text that came in. `opt_out` is STOP, START or HELP where the provider answered that keyword itself."""

    number: str = field(repr=False)
    message_id: str
    text: str = field(repr=False)
    media: int = 0
    opt_out: str = ""


class Desk:
    """Takes texts one by one."""

    def __init__(
        self,
        store: Store,
        voice: Voice,
        listener: Listener,
        turns: Turns,
        measures: Measures,
        scribe: Scribe,
        keywords: Keywords,
        sender: Sender,
    ) -> None:
        self._store = store
        self._voice = voice
        self._listener = listener
        self._turns = turns
        self._measures = measures
        self._scribe = scribe
        self._keywords = keywords
        self._sender = sender
        self._replies, self._alarms = Loops(), Loops(MOST_ALARMS)

    async def take(self, inbound: Inbound) -> Sequence[str]:
        """Store a text and what is said to it at once; a text that comes twice is taken once.

        Where it cannot be stored in time, what must be said to it is returned, to be sent with the acknowledgement.
        """
        texter = await self._texter(inbound.number)
        message = await self._message(replace(inbound, text=inbound.text[:LONGEST]), texter or Texter())
        if message.alarm is not None:
            self._measures.alarms.labels(message.level).inc()
        try:
            # Another message of a conversation that is not known yet may have raised an alarm meanwhile.
            await self._accept(replace(message, certain=message.certain and bool(message.conversation)))
        except Exception as error:
            if not isinstance(error, (StoreError, asyncio.TimeoutError)):
                log.error("a text could not be taken", exc_info=error)
            self._measures.texts.labels("not_stored").inc()
            return self._unstored(message, texter or Texter())
        self._measures.texts.labels(message.closed or "accepted").inc()
        return ()

    async def _texter(self, number: str) -> Texter | None:
        """What is known of the number; None where the store does not say so in time."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._store.texter(number)), RECALL_SECONDS)
        except Exception as error:
            if not isinstance(error, (StoreError, asyncio.TimeoutError)):
                log.error("what is known of a number could not be read", exc_info=error)
            return None

    async def _message(self, inbound: Inbound, texter: Texter) -> Message:
        message = Message(
            conversation=texter.conversation or "",
            message_id=inbound.message_id,
            text=inbound.text,
            channel="sms",
            phone=inbound.number,
            certain=False,
        )
        by_provider = inbound.opt_out.lower()
        if by_provider in ("stop", "start", "help"):
            return replace(message, closed="keyword", opts=OPTS.get(by_provider, ""))
        if not answered(sender(inbound.number).kind):
            return replace(message, closed="program")
        keyword = self._keywords.keyword(inbound.text, texter.opted_out)
        if keyword is not None:
            return self._keyword(message, keyword, texter)
        if reacts(inbound.text):
            return replace(message, closed="reaction")
        if not inbound.text.strip():
            return self._no_words(message, texter)
        return await self._heard(message, texter)

    def _keyword(self, message: Message, keyword: Keyword, texter: Texter) -> Message:
        """A keyword is answered at once; after STOP, where nothing else goes out, START and HELP still are."""
        language, opts = keyword.language or texter.language or "en", OPTS.get(keyword.means, "")
        message = replace(message, closed="keyword", opts=opts)
        if texter.opted_out and keyword.means not in ("start", "help"):
            return message
        if not opts and self._replies.count(message.phone, message.message_id) < 0:
            return message
        kind = "confirmation" if keyword.means in ("stop", "help") else "reply"
        answer, texts = self._scribe.notice(SAID[keyword.means], language, kind)
        return replace(message, answer=answer, texts=texts)

    def _no_words(self, message: Message, texter: Texter) -> Message:
        if texter.opted_out:
            return replace(message, closed="opted_out")
        left = self._replies.count(message.phone, message.message_id)
        return self._closed(message, "no_words", "not_read", texter) if left > 0 else self._cut(message, left, texter)

    def _closed(self, message: Message, outcome: str, key: str, texter: Texter) -> Message:
        answer, texts = self._scribe.notice(key, texter.language or "en")
        return replace(message, closed=outcome, answer=answer, texts=texts)

    async def _heard(self, message: Message, texter: Texter) -> Message:
        """Words, or the number of a quick reply: triage hears them, as it does in the web chat."""
        choice = _picked(message.text, texter)
        heard = await self._hear(message, choice, texter)
        message = replace(
            message,
            choice=choice,
            concern=heard.triage.concern,
            level=heard.triage.level,
            evidence=heard.triage.evidence,
            alarm=heard.at_once,
            attention=heard.attention.stored(),
            certain=heard.certain,
            texts=self._at_once(heard.at_once, texter),
        )
        if heard.at_once is None and texter.opted_out:
            return replace(message, closed="opted_out")
        left = (self._alarms if heard.at_once else self._replies).count(message.phone, message.message_id)
        return message if left > 0 else self._cut(message, left, texter)

    async def _hear(self, message: Message, choice: str | None, texter: Texter) -> Heard:
        if choice is not None:
            return await self._listener.choice(texter.conversation, message.message_id, choice)
        abroad = (ABROAD,) if sender(message.phone).kind == "international" else ()
        return await self._listener.text(texter.conversation, message.message_id, message.text, notices=abroad)

    def _at_once(self, words: Words | None, texter: Texter) -> Texts | None:
        """Of the kind that goes first and goes out after STOP too: a step of a guided emergency as much as its card."""
        return replace(self._scribe.reply([words], first=texter.conversation is None), kind="alarm") if words else None

    def _cut(self, message: Message, left: int, texter: Texter) -> Message:
        """The last answer for some minutes says so; after it nothing goes out."""
        if message.alarm is None:
            return self._closed(message, "cut", "cut", texter) if left == 0 else replace(message, closed="cut")
        return replace(message, texts=self._and_pause(message.texts, message.alarm.language) if left == 0 else None)

    def _and_pause(self, texts: Texts | None, language: str) -> Texts | None:
        return texts and replace(texts, bodies=[*texts.bodies, *self._scribe.notice("cut", language)[1].bodies])

    def _unstored(self, message: Message, texter: Texter) -> Sequence[str]:
        """What is said to a text that could not be stored: no link, which the store would have to know.

        What STOP or START are told is true: the store keeps it however long that takes.
        """
        if message.opts:
            self._store.accept(replace(message, texts=None), None)
        if message.closed and message.texts is None:
            return ()
        if message.closed and message.texts is not None and message.texts.link is None:
            return message.texts.bodies
        calm = self._voice.calm("no_answer", texter.language or "en")
        return self._scribe.reply([message.alarm or calm], first=False).bodies

    async def _accept(self, message: Message) -> None:
        """Store it, and begin what it sets off even when the time is over by then."""
        stored: Future[Accepted] = self._store.accept(message, STORE_SECONDS)
        future = asyncio.wrap_future(stored)
        future.add_done_callback(lambda done: self._begin(message, done))
        await asyncio.wait({future}, timeout=STORE_SECONDS)
        if not future.done():
            raise asyncio.TimeoutError
        future.result()

    def _begin(self, message: Message, stored: asyncio.Future[Accepted]) -> None:
        if stored.cancelled() or stored.exception():
            return
        accepted = stored.result()
        if message.texts is not None:
            self._sender.wake()
        if accepted.turn is None:
            self._listener.forget(message.conversation)  # what it left behind is in the store
        else:
            self._turns.begin(accepted.turn)


def _picked(text: str, texter: Texter) -> str | None:
    """The quick reply that a text picks: "2", "two", "the second"."""
    place = chosen(text, min(len(texter.offers), MOST_OPTIONS))
    return None if place is None else str(texter.offers[place]["choice"])
