"""The only durable memory: an encrypted journal of every conversation, in SQLite or Postgres."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings
from bot.store.callbacks import read_callbacks
from bot.store.cipher import Cipher
from bot.store.database import migrate, open_engine
from bot.store.journal import Journal
from bot.store.reading import Reader
from bot.store.records import Accepted, Answer, CallbackRequest, Event, Message, StoreBusy, Turn
from bot.store.writer import Writer
from helpline.transcripts.redaction import redact

T = TypeVar("T")
SAME = text("UPDATE alembic_version SET version_num = version_num")


def conversation_key(token: str) -> str:
    """The name of a token's conversation in the database: a hash of the id in it, from which no token can be made."""
    return hashlib.sha256(token.partition(".")[0].encode()).hexdigest()


class Store:
    """The journal as the rest of the bot uses it: every call returns a future at once and blocks nobody."""

    def __init__(self, settings: Settings) -> None:
        cipher = Cipher(settings.store_keys)
        self._engine = open_engine(settings.database_url)
        self._reads = self._engine.execution_options(reads=True)
        self._cipher = cipher
        self._journal = Journal(cipher, redact)
        self._reader = Reader(cipher)
        self._writer = Writer(self._engine, migrate)
        self._threads = ThreadPoolExecutor(6, thread_name_prefix="journal-reader")

    def start(self) -> Future[list[Turn]]:
        """Open the database, however long that takes; the future gives the turns that a crash left open."""
        opened = self._writer.submit(self._reader.open_turns, seconds=None)
        self._writer.start()
        return opened

    def close(self) -> None:
        """Write what is queued and let go of the database."""
        self._writer.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._engine.dispose()

    @property
    def trouble(self) -> str | None:
        """Why the last write failed, or None."""
        return self._writer.trouble

    def accept(self, message: Message, seconds: float) -> Future[Accepted]:
        """Store a message durably; alarms go before everything else."""
        urgent = message.alarm is not None
        return self._writer.submit(lambda db: self._journal.accept(db, message), seconds=seconds, urgent=urgent)

    def finish(self, turn: Turn, answer: Answer) -> Future[Sequence[Event] | None]:
        """Store an answer, however long the database stays away."""
        return self._writer.submit(lambda db: self._journal.finish(db, turn, answer), seconds=None)

    def append_late(self, turn: Turn, answer: Answer, *, always: bool = False) -> Future[Sequence[Event]]:
        """Store an answer that came after the helpline card."""
        return self._writer.submit(lambda db: self._journal.append_late(db, turn, answer, always=always), seconds=None)

    def clear(self, conversation: str, seconds: float) -> Future[None]:
        """Delete what was said and refuse the conversation from now on."""
        return self._writer.submit(lambda db: self._journal.clear(db, conversation), seconds=seconds)

    def end(self, conversation: str, seconds: float) -> Future[None]:
        """Note that the visitor left."""
        return self._writer.submit(lambda db: self._journal.end(db, conversation), seconds=seconds)

    def writable(self, seconds: float) -> Future[bool]:
        """Whether something could be written and committed: a full disk refuses no transaction that writes nothing."""
        return self._writer.submit(lambda db: bool(db.execute(SAME)), seconds=seconds)

    def events(self, conversation: str, after: int, most: int = 200) -> Future[list[Event]]:
        """The entries after a number, at most so many."""
        return self._read(lambda db: self._reader.events(db, conversation, after, most))

    def offered(self, conversation: str, choice: str) -> Future[str | None]:
        """The title of a button that we sent, or None."""
        return self._read(lambda db: self._reader.offered(db, conversation, choice))

    def attention(self, conversation: str) -> Future[dict[str, Any]]:
        """What triage keeps of a conversation."""
        return self._read(lambda db: self._reader.attention(db, conversation))

    def callbacks(self, most: int = 200) -> Future[list[CallbackRequest]]:
        """The requests to be called back, the newest first."""
        return self._read(lambda db: read_callbacks(db, self._cipher, most))

    def understood(self, token: str, message_id: str) -> dict[str, Any] | None:
        """What was understood of a message in the token's conversation, and replied to it; waits for the database."""
        conversation = conversation_key(token)
        return self._read(lambda db: self._reader.understood(db, conversation, message_id)).result()

    def _read(self, work: Callable[[Connection], T]) -> Future[T]:
        def run() -> T:
            try:
                with self._reads.begin() as connection:
                    return work(connection)
            except DBAPIError:
                raise StoreBusy("the database could not be read") from None

        return self._threads.submit(run)


__all__ = ["Store", "conversation_key"]
