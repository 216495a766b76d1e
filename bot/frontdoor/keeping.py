"""Keeps the promise of how long conversations are kept, while nobody notices: a task beside everything else."""

from __future__ import annotations

import asyncio
import logging

from bot.settings import Settings
from bot.store import Store
from bot.store.clock import now
from bot.store.records import StoreBusy
from bot.store.retention import kept_since

BATCH = 25  # conversations in one transaction: a message that comes meanwhile waits some milliseconds
PAUSE_SECONDS = 0.5
LOOK_SECONDS = 60.0
PURGE_SECONDS = 3600.0
log = logging.getLogger(__name__)


async def keep(store: Store, settings: Settings) -> None:
    """Delete once an hour what has had its time, and within a minute what a deletion left in the write-ahead log."""
    loop = asyncio.get_running_loop()
    purge_at = loop.time()
    while True:
        try:
            if loop.time() >= purge_at:
                await _purge(store, settings)
                purge_at = loop.time() + PURGE_SECONDS
            if store.untidy:
                await asyncio.wrap_future(store.tidy())
        except StoreBusy:
            pass  # at the next look
        except Exception as error:
            log.error("old conversations could not be deleted", exc_info=error)
        await asyncio.sleep(LOOK_SECONDS)


async def _purge(store: Store, settings: Settings) -> None:
    deleted = 0
    while some := await asyncio.wrap_future(store.purge(kept_since(settings, now()), BATCH)):
        deleted += some
        await asyncio.sleep(PAUSE_SECONDS)
    if deleted:
        log.info("%d conversations had their time and were deleted", deleted)
