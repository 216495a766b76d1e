"""One attempt to send a text, and what is to be done with the text after it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.sms.outlook import Outlook
from bot.sms.provider import Provider, Refused, Uncertain
from bot.store import Store
from bot.store.records import StoreError, Text

LATEST_SECONDS = 3600.0
LATEST = {"invite": 600.0}  # somebody on the phone waits for it now
TOO_LATE = "too late"
LONGEST_PAUSE = 60.0
LONGEST_AFTER = 600.0  # the longest pause that the provider can ask for
SETTLE_SECONDS = 3.0  # what the provider has just accepted may not be found at once
STORE_SECONDS = 1.0
chance = random.SystemRandom()
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of a text: it is sent where there is a `sid`, due again after `seconds`, or else failed."""

    sid: str = ""
    reason: str = ""
    seconds: float | None = None
    uncertain: bool = False
    opted_out: bool = False

    @property
    def name(self) -> str:
        """One of sent, later and failed."""
        return "sent" if self.sid else "failed" if self.seconds is None else "later"


class Attempts:
    """Makes attempts, each in a thread of `threads`."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        outlook: Outlook,
        threads: ThreadPoolExecutor,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._provider = provider
        self._outlook = outlook
        self._threads = threads
        self._clock = clock

    async def make(self, text: Text) -> Outcome:
        """Try one text; one that may have been sent before is looked for first, and one that is too old is not sent."""
        late = self._clock() - text.created_at / 1000 >= LATEST.get(text.kind, LATEST_SECONDS)
        looking = text.uncertain
        try:
            sid = await self._find(text) if looking else None
            looking = False
            if sid is None and not late:
                sid = await self._ask(self._provider.send, text)
        except StoreError:
            return Outcome(reason="store", seconds=STORE_SECONDS, uncertain=True)
        except (Refused, Uncertain) as error:
            return Outcome(reason=TOO_LATE) if late else _after(text, error, looking)
        return Outcome(sid=sid) if sid else Outcome(reason=TOO_LATE)

    async def _find(self, text: Text) -> str | None:
        # One that was queued before this text may have been sent after it was.
        since = text.created_at - int(2 * LATEST_SECONDS * 1000)
        known = await asyncio.wrap_future(self._store.known_sids(text.number, since, text.id))
        return await self._ask(self._provider.find, text, known)

    async def _ask(self, question: Callable[..., str | None], *about: object) -> str | None:
        """The provider's answer, of which operators hear when it goes wrong."""
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, question, *about)
        except (Refused, Uncertain) as error:
            self._outlook.heard(error)
            raise
        except Exception as error:
            log.error("an attempt to send a text failed", exc_info=error)
            self._outlook.heard(Uncertain("error"))
            raise Uncertain("error") from None
        self._outlook.heard(None)
        return answer


def _after(text: Text, error: Refused | Uncertain, looking: bool) -> Outcome:
    """What follows from a failure; where it was one of looking for the text, nothing is known about the text."""
    uncertain = looking or isinstance(error, Uncertain)
    if isinstance(error, Uncertain):
        return Outcome(reason=error.reason, seconds=max(SETTLE_SECONDS, _pause(text.attempts)), uncertain=True)
    if not (error.again or looking):
        return Outcome(reason=error.code, opted_out=error.opted_out)
    asked = min(error.after or 0.0, LONGEST_AFTER) * chance.uniform(1.0, 1.25)
    return Outcome(reason=error.code, seconds=max(asked, _pause(text.attempts)), uncertain=uncertain)


def _pause(attempts: int) -> float:
    """Longer after every attempt, and never the same for all that failed together."""
    return min(LONGEST_PAUSE, 2.0 ** min(attempts - 1, 10)) * chance.uniform(0.75, 1.25)
