"""The database as the staff console uses it: another process beside the front door, on the same tables."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import migrate, open_engine
from bot.store.phones import Phones

T = TypeVar("T")
BUSY_SECONDS = 2.0
AGAIN_SECONDS = 0.05


class StaffStore:
    """Runs work on the database, off the event loop: `read` in a snapshot, `write` in one transaction."""

    def __init__(self, settings: Settings) -> None:
        self.cipher = Cipher(settings.store_keys)
        self.phones = Phones(self.cipher, settings.number_key)
        self.engine = open_engine(settings.database_url)
        self._reads = self.engine.execution_options(reads=True)
        self._threads = ThreadPoolExecutor(6, thread_name_prefix="staff-store")

    def prepare(self) -> None:
        """Bring the tables up to date: whoever starts first, the front door or the console, makes them."""
        migrate(self.engine)

    def close(self) -> None:
        """Let go of the database."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What work reads."""
        return await self._run(lambda: self.look(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What work returns, once it is committed; it may be run again where the database was busy."""
        return await self._run(lambda: self.change(work))

    def look(self, work: Callable[[Connection], T]) -> T:
        """The same as `read`, at once and in this thread."""
        with self._reads.begin() as db:
            return work(db)

    def change(self, work: Callable[[Connection], T]) -> T:
        """The same as `write`, at once and in this thread."""
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self.engine.begin() as db:
                    return work(db)
            except OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(AGAIN_SECONDS)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
