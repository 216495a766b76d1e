"""Answer every accepted message: one at a time in each conversation, in time or with the helpline card."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.bubbles import few
from bot.frontdoor.bell import Bell
from bot.frontdoor.listening import Listener
from bot.frontdoor.measures import Measures
from bot.frontdoor.rasa import Rasa, RasaError, RasaUnreachable, Reply
from bot.frontdoor.voice import Voice
from bot.sms.scribe import Scribe
from bot.sms.sender import Sender
from bot.store import Store
from bot.store.records import Answer, Turn, Words

LATE_SECONDS = 30.0
# A text takes seconds on its way, and a second one for the late answer costs: it may wait this much longer.
TEXT_PATIENCE = 3
AGAIN_SECONDS = 0.25
# The intents whose answer says what a notice says.
ANSWERED_BY = {"abroad": "outside_us", "cannot_speak": "deaf"}
SMS = "sms"
log = logging.getLogger(__name__)


class Talk:
    """A conversation while any of its turns is running."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()  # fair: turns get Rasa in the order in which they were accepted
        self.running: set[int] = set()
        self.newest = 0
        self.newer = asyncio.Event()  # set when a newer message came, and then replaced
        self.context: Mapping[str, Any] | None = None


class Turns:
    """Runs turns as tasks of its own, so that no client's departure can stop one."""

    def __init__(
        self,
        store: Store,
        rasa: Rasa,
        voice: Voice,
        listener: Listener,
        bell: Bell,
        measures: Measures,
        scribe: Scribe,
        sender: Sender,
        seconds: float,
    ) -> None:
        self._sender = sender
        self._scribe = scribe
        self._listener = listener
        self._store = store
        self._rasa = rasa
        self._voice = voice
        self._bell = bell
        self._measures = measures
        self._seconds = seconds
        self._talks: dict[str, Talk] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, turn: Turn) -> None:
        """Start to answer an accepted message; one that is being answered already is left alone."""
        talk = self._talks.setdefault(turn.conversation, Talk())
        if turn.seq in talk.running:
            return
        talk.running.add(turn.seq)
        talk.newest = max(talk.newest, turn.seq)
        talk.newer.set()
        talk.newer = asyncio.Event()
        task = asyncio.create_task(self._run(turn, talk))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; what is not done is done after the next start."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, turn: Turn, talk: Talk) -> None:
        asking = Asking(self._rasa, turn, talk)
        try:
            await (self._note(turn, asking) if turn.alarm else self._answer(turn, asking))
        except Exception as error:
            log.error("a turn failed", exc_info=error)
            await self._finish(turn, self._helpline("error", asking))
        finally:
            asking.task.cancel()
            talk.running.discard(turn.seq)
            if not talk.running:
                self._talks.pop(turn.conversation, None)

    async def _answer(self, turn: Turn, asking: Asking) -> None:
        """Say what Rasa says, or the helpline card in its place and later what Rasa says after all.

        A message that the classifier had no time for is read by it now: an alarm of its own goes before everything.
        """
        unheard = turn.text is not None and bool(turn.attention.get("unheard"))
        again = asyncio.create_task(self._listener.again(turn.conversation, turn.text or "")) if unheard else None
        trouble = await asking.first(self._seconds * (TEXT_PATIENCE if turn.channel == SMS else 1))
        alarm = await again if again else None
        if alarm is not None:
            await self._finish(turn, Answer([alarm], "alarm_late", asking.seconds(), context=asking.leave_form()))
            return
        if trouble is None:
            await self._finish(turn, self._said(asking.reply(), asking))
            return
        await self._finish(turn, self._helpline(trouble, asking))
        if trouble != "error" and await asking.rest():
            await self._add(turn, asking.reply(), asking)

    async def _note(self, turn: Turn, asking: Asking) -> None:
        """Let Rasa know of an emergency that was answered already; what it says to that is not shown."""
        if await asking.rest():
            reply = asking.reply()
            answer = Answer((), "noted", asking.seconds(), reply.understood, None, reply.context)
        else:
            # The next turn must know of it all the same.
            context = {**(asking.leave_form() or asking.context()), "concern": turn.concern}
            answer = Answer((), "not_noted", asking.seconds(), {}, None, context)
        await self._finish(turn, answer)

    def _said(self, reply: Reply, asking: Asking) -> Answer:
        """The answer that a reply makes: a concern replaces it, nothing said and failure bring the helpline card."""
        turn, language = asking.turn, asking.language()
        concern = reply.concern or (turn.concern if turn.concern != "none" else None)
        spoken = self._voice.concern(concern, language) if concern else None
        said = [*map(self._voice.fill, reply.words)]
        facts = said if reply.understood.get("severity") else []
        if spoken is not None:
            # What Rasa understood beside an urgent concern of triage is an answer too: that no plan can be given.
            acted_on = not (reply.concern or reply.failed or reply.understood.get("fallback"))
            words, outcome = [spoken, *(said if acted_on else facts)], "concern"
        elif reply.failed or not reply.words:
            words, outcome = [*said, self._voice.calm("no_answer", language)], "failed" if reply.failed else "empty"
        elif turn.attention.get("language") == "es":
            # Nobody may be left with a question of a form that is open and not shown.
            words, outcome = [self._voice.calm("spanish", "es"), *(said if reply.of_form else facts)], "answered"
        else:
            words, outcome = said, "answered"
        understood = {**reply.understood, "fallback": False} if spoken is not None else reply.understood
        intent = None if spoken is not None else reply.understood.get("intent")
        words = few(self._attentive(words, turn, intent))
        return Answer(words, outcome, asking.seconds(), understood, concern, reply.context, reply.callback)

    def _attentive(self, words: Sequence[Words], turn: Turn, intent: object = None) -> list[Words]:
        """The words with 988 beside what worries, what is due to somebody abroad or without a voice on the phone,
        and after an emergency with the way back to its card."""
        language = str(turn.attention.get("language") or "en")
        said = [*words, self._voice.calm("worried", language)] if turn.attention.get("worried") else [*words]
        due = str(turn.attention.get("notices") or "").split()
        said += [self._voice.notice(key, language) for key in due if ANSWERED_BY.get(key, intent) != intent]
        place = self._voice.guide.place(f"guide:{turn.attention.get('place')}")
        if place and said:
            last = said[-1]
            said[-1] = replace(last, buttons=[*last.buttons, self._voice.guide.again(place, language)])
        return said

    def _helpline(self, outcome: str, asking: Asking) -> Answer:
        words = self._attentive([self._voice.calm("no_answer", asking.language())], asking.turn)
        return Answer(words, outcome, asking.seconds())

    async def _add(self, turn: Turn, reply: Reply, asking: Asking) -> None:
        """Show what came after the helpline card; a crisis always, the rest if nothing newer was said."""
        answer = self._said(reply, asking)
        always = answer.outcome == "concern"
        words = answer.words if always else few([*map(self._voice.fill, reply.words)])
        late = self._written(turn, replace(answer, words=words, outcome=f"{answer.outcome}_late"))
        shown = await asyncio.wrap_future(self._store.append_late(turn, late, always=always))
        if shown:
            self._bell.ring(turn.conversation, shown)
            self._sender.wake()
            self._measures.turns.labels(late.outcome).inc()

    async def _finish(self, turn: Turn, answer: Answer) -> None:
        """Store the answer; one that cannot be stored is replaced, so that no turn ends in silence."""
        try:
            done = await asyncio.wrap_future(self._store.finish(turn, self._written(turn, answer)))
        except Exception as error:
            log.error("an answer could not be stored", exc_info=error)
            plain = self._written(turn, Answer([self._voice.calm("no_answer")], "error", answer.seconds))
            done = await asyncio.wrap_future(self._store.finish(turn, plain))
        if done is not None:
            self._bell.ring(turn.conversation, done)
            self._sender.wake()
            self._measures.turns.labels(answer.outcome).inc()
            self._measures.turn_seconds.observe(answer.seconds)

    def _written(self, turn: Turn, answer: Answer) -> Answer:
        """The answer, with what goes out to somebody who writes by text."""
        if turn.channel != SMS or not answer.words:
            return answer
        return replace(answer, texts=self._scribe.reply(answer.words, first=turn.seq == 1))


class Asking:
    """One question to Rasa, which goes on in the background after the visitor stopped waiting for it."""

    def __init__(self, rasa: Rasa, turn: Turn, talk: Talk) -> None:
        self.turn = turn
        self._rasa = rasa
        self._talk = talk
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()
        self._unreachable = asyncio.Event()
        self.task = asyncio.create_task(self._ask())

    def seconds(self) -> float:
        """How long it has taken so far."""
        return round(self._loop.time() - self._started, 4)

    def reply(self) -> Reply:
        """Rasa's reply, once there is one."""
        return self.task.result()

    async def first(self, seconds: float) -> str | None:
        """Wait for the reply; None when it came, else late, unreachable or error."""
        unreachable = asyncio.create_task(self._unreachable.wait())
        await asyncio.wait({self.task, unreachable}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        unreachable.cancel()
        if not self.task.done():
            return "unreachable" if self._unreachable.is_set() else "late"
        return None if await self.rest() else "error"

    async def rest(self) -> bool:
        """Wait until the reply is there or given up; whether it is there."""
        try:
            await self.task
        except (RasaError, asyncio.TimeoutError) as error:
            log.warning("no answer to a turn: %s", error if isinstance(error, RasaError) else "too late")
            return False
        return True

    def context(self) -> Mapping[str, Any]:
        """What Rasa asked us to remember of this conversation, in the last turn that it answered."""
        return self.turn.context if self._talk.context is None else self._talk.context

    def leave_form(self) -> Mapping[str, Any] | None:
        """The context without the form that may be open in it, for this turn and the next; None where there is none."""
        context = self.context()
        if "form" not in context:
            return None
        self._talk.context = {**context, "form": None}
        return self._talk.context

    def language(self) -> str:
        """The language of the conversation, as far as it is known."""
        return str(self.turn.attention.get("language") or "en")

    async def _ask(self) -> Reply:
        return await asyncio.wait_for(self._in_order(), LATE_SECONDS)

    async def _in_order(self) -> Reply:
        async with self._talk.lock:
            if self.turn.alarm:
                # Whether Rasa hears of it or not: the next message, which may come now, is no answer to a form.
                self.leave_form()
            reply = await self._insist(self.context())
            if reply.context is not None:
                self._talk.context = reply.context
            return reply

    async def _insist(self, context: Mapping[str, Any]) -> Reply:
        """Ask again while Rasa is away, at once the first time, until the visitor writes something newer."""
        failures = 0
        while True:
            try:
                return await self._rasa.ask(self.turn, context, LATE_SECONDS)
            except RasaUnreachable:
                failures += 1
                if failures == 1:
                    continue
                self._unreachable.set()
                if self._talk.newest > self.turn.seq:
                    raise
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._talk.newer.wait(), AGAIN_SECONDS)
