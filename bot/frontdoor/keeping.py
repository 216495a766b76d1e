"""Keeps the promise of how long conversations are kept, while nobody notices: a task beside everything else."""

from __future__ import annotations

import asyncio
import logging
import time

from bot.settings import Settings
from bot.store import Store
from bot.store.clock import now
from bot.store.records import StoreBusy
from bot.store.retention import kept_since

BATCH = 25  # conversations in one transaction: a message that comes meanwhile waits some milliseconds
PAUSE_SECONDS = 0.5
LOOK_SECONDS = 60.0
PURGE_SECONDS = 3600.0
SWEEP_SECONDS = 600.0
log = logging.getLogger(__name__)


class Keeper:
    """What had its time goes within an hour; what was deleted leaves the write-ahead log within a minute.

    And the search index within ten: to take it out, all of the index is written anew, a little at a time.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._purge_at = self._sweep_at = 0.0
        # A crash may have come between a deletion and the tidying after it.
        self._log_soiled = self._index_soiled = True

    async def run(self) -> None:
        """Look once a minute; what goes wrong is tried again at the next look."""
        while True:
            try:
                await self.look()
            except StoreBusy:
                pass
            except Exception as error:
                log.error("old conversations could not be deleted", exc_info=error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Delete and tidy what is due."""
        if time.monotonic() >= self._purge_at:
            await self._purge()
            self._purge_at = time.monotonic() + PURGE_SECONDS
        if self._store.soiled.is_set():
            self._store.soiled.clear()
            self._log_soiled = self._index_soiled = True
        if self._index_soiled and time.monotonic() >= self._sweep_at:
            self._index_soiled = self._log_soiled = not await asyncio.wrap_future(self._store.tidy(True))
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
        elif self._log_soiled:
            self._log_soiled = not await asyncio.wrap_future(self._store.tidy(False))

    async def _purge(self) -> None:
        deleted = 0
        while some := await asyncio.wrap_future(self._store.purge(kept_since(self._settings, now()), BATCH)):
            deleted += some
            await asyncio.sleep(PAUSE_SECONDS)
        if deleted:
            self._log_soiled = self._index_soiled = True
            log.info("%d conversations had their time and were deleted", deleted)
