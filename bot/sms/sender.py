"""Empties the outbox: claims the texts that are due, tries each, and notes what became of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from bot.sms.attempt import Attempts, Outcome
from bot.sms.outlook import Outlook
from bot.sms.provider import Provider
from bot.store import Store
from bot.store.outbox import ALARM
from bot.store.records import StoreBusy, Text

AT_ONCE = 8
FOR_ALARMS = 2  # more that may be on their way: no emergency waits for ordinary texts that hang
OPEN_LOOK, IDLE_LOOK = 1.0, 2.0  # seconds between looks while texts wait, and while none does
CLOSE_SECONDS = 5.0
Hook = Callable[[str, str], None]
log = logging.getLogger(__name__)


class Sender:
    """A task that looks for texts, and one for each that is on its way.

    `measures_hook` hears of every outcome: the kind of the text, and sent, later or failed.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        measures_hook: Hook | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._hook = measures_hook
        self._outlook = Outlook(clock)
        self._threads = ThreadPoolExecutor(AT_ONCE + FOR_ALARMS, thread_name_prefix="texts")
        self._attempts = Attempts(store, provider, self._outlook, self._threads, clock)
        self._woken = asyncio.Event()
        self._closing = False
        self._stuck: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._sends: dict[asyncio.Task[None], str] = {}  # each with the kind of its text

    @property
    def trouble(self) -> str | None:
        """Why texts do not go out, or None."""
        return self._stuck or self._outlook.trouble

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Look at once: something was queued."""
        self._woken.set()

    async def close(self) -> None:
        """Stop; what is on its way has 5 s to arrive, and is looked for after the next start where it did not."""
        self._closing = True
        self.wake()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=CLOSE_SECONDS)
            tasks = {self._task, *self._sends}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        while not self._closing:
            self._woken.clear()
            await self._look()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), OPEN_LOOK if self._outlook.open else IDLE_LOOK)
        if self._sends:
            await asyncio.wait(self._sends)

    async def _look(self) -> None:
        """Claim as many texts as there is room for; a store that is away is asked again at the next look."""
        ordinary = sum(kind != ALARM for kind in self._sends.values())
        room = AT_ONCE + FOR_ALARMS - len(self._sends)
        if not room:
            return
        try:
            texts = await self._claim(room, max(0, AT_ONCE - ordinary))
        except Exception as error:
            if not isinstance(error, StoreBusy):
                log.error("the outbox could not be read", exc_info=error)
            self._stuck = f"the outbox cannot be read ({type(error).__name__})"
            return
        self._stuck = None
        for text in texts:
            self._begin(text)

    async def _claim(self, room: int, ordinary: int) -> list[Text]:
        if not await asyncio.wrap_future(self._store.texts_wait()):
            return []
        return await asyncio.wrap_future(self._store.claim_texts(room, ordinary))

    def _begin(self, text: Text) -> None:
        self._outlook.claimed(text)
        task = asyncio.create_task(self._send(text))
        self._sends[task] = text.kind
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._sends.pop(task, None)
        self.wake()

    async def _send(self, text: Text) -> None:
        """Try a text and note what became of it; one that was claimed while we stop is given back."""
        stopping = Outcome(reason="stopping", seconds=0.0, uncertain=text.uncertain)
        outcome = stopping if self._closing else await self._attempts.make(text)
        try:
            await asyncio.wrap_future(self._noted(text, outcome))
        except Exception as error:
            log.error("what became of a text could not be stored", exc_info=error)
        if self._hook is not None:
            self._hook(text.kind, outcome.name)

    def _noted(self, text: Text, outcome: Outcome) -> Future[None]:
        """Have the store keep an outcome, however long it stays away."""
        if outcome.sid:
            self._outlook.closed(text)
            return self._store.text_sent(text.id, outcome.sid)
        if outcome.seconds is not None:
            self._outlook.later(text, outcome.seconds)
            return self._store.text_later(text.id, outcome.seconds, outcome.reason, outcome.uncertain)
        self._outlook.closed(text)
        log.warning("a text was not sent (%s)", outcome.reason)
        return self._store.text_failed(text.id, outcome.reason, outcome.opted_out)
