"""The only durable memory: an encrypted journal of every conversation, in SQLite or Postgres."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings
from bot.store import alerts
from bot.store.alerts import Alert, Alerts
from bot.store.callbacks import read_callbacks
from bot.store.cipher import Cipher
from bot.store.database import migrate, open_engine
from bot.store.handoffs import Handoffs
from bot.store.journal import Journal
from bot.store.outbox import Outbox, reclaim
from bot.store.phones import Phones
from bot.store.reading import Reader
from bot.store.records import (
    Accepted,
    Answer,
    CallbackRequest,
    Event,
    Message,
    QueuedText,
    StoreBusy,
    Text,
    Texter,
    Texts,
    Turn,
    UnsentText,
    Words,
)
from bot.store.retention import purge, sweep, tidy
from bot.store.summaries import Summaries
from bot.store.writer import Writer
from helpline.transcripts.redaction import redact

T = TypeVar("T")
CLAIM_SECONDS = 5.0
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
        self._phones = Phones(cipher, settings.number_key)
        self._outbox = Outbox(cipher, self._phones)
        self._handoffs = Handoffs(cipher, self._phones)
        redacted = partial(redact, ours=settings.helpline_phone)
        self._summaries = Summaries(cipher, redacted, settings.helpline_timezone)
        self._journal = Journal(
            cipher, redacted, self._phones, self._outbox, self._summaries, Alerts(settings.alert_ways)
        )
        self._reader = Reader(cipher)
        self._writer = Writer(self._engine, migrate)
        self._threads = ThreadPoolExecutor(6, thread_name_prefix="journal-reader")
        self.soiled = threading.Event()  # something was deleted, of which files may hold a copy

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

    def accept(self, message: Message, seconds: float | None) -> Future[Accepted]:
        """Store a message durably, or give up after so many seconds; alarms go before everything else."""
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
        cleared = self._writer.submit(lambda db: self._journal.clear(db, conversation), seconds=seconds)
        cleared.add_done_callback(lambda _: self.soiled.set())
        return cleared

    def purge(self, before: int, most: int) -> Future[int]:
        """Delete at most so many conversations that nothing was said in since `before`; how many those were."""
        return self._writer.submit(lambda db: purge(db, before, most), seconds=CLAIM_SECONDS)

    def tidy(self, whole: bool) -> Future[bool]:
        """Leave nothing of what was deleted in the write-ahead log and, for the `whole`, in the search index.

        False where somebody is in the way, and it must be asked for again.
        """
        return self._threads.submit(lambda: (sweep if whole else tidy)(self._engine))

    def sum_up(self, most: int = 20) -> Future[int]:
        """Sum up conversations of before there were summaries; how many it were, and 0 once all are."""
        return self._writer.submit(lambda db: self._summaries.backfill(db, most), seconds=None)

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

    def texter(self, number: str) -> Future[Texter]:
        """What is known of a number that writes by text."""
        return self._read(lambda db: self._texter(db, number))

    def invite(self, number: str, once: str, said: Texts, pause: float, seconds: float) -> Future[str]:
        """Queue a text to a number that did not write: `queued`; `known` where `once` was asked for before.

        `opted_out`, or `too_soon` where the last one is less than `pause` seconds ago.
        """
        return self._writer.submit(lambda db: self._outbox.invite(db, number, once, said, pause), seconds=seconds)

    def reclaim_texts(self) -> Future[None]:
        """Whoever sends texts starts: what the one before had in hand is due again, and uncertain."""
        return self._writer.submit(reclaim, seconds=None)

    def texts_wait(self) -> Future[bool]:
        """Whether any text is queued: to ask takes no turn from those who write."""
        return self._read(self._outbox.waits)

    def claim_texts(self, most: int, ordinary: int | None = None) -> Future[list[Text]]:
        """At most so many texts that are due, durably marked as being sent; of each number only the first open one.

        No more than `ordinary` of them are no alarms.
        """
        room = most if ordinary is None else ordinary
        return self._writer.submit(lambda db: self._outbox.claim(db, most, room), seconds=CLAIM_SECONDS)

    def text_sent(self, text_id: int, provider_id: str) -> Future[None]:
        """The provider took a text."""
        return self._writer.submit(lambda db: self._outbox.sent(db, text_id, provider_id), seconds=None)

    def text_later(self, text_id: int, seconds: float, reason: str, uncertain: bool) -> Future[None]:
        """A text is due again after so many seconds."""
        return self._writer.submit(lambda db: self._outbox.later(db, text_id, seconds, reason, uncertain), seconds=None)

    def text_failed(self, text_id: int, reason: str, opted_out: bool = False) -> Future[None]:
        """A text will not be sent; staff see why."""
        return self._writer.submit(lambda db: self._outbox.failed(db, text_id, reason, opted_out), seconds=None)

    def text_reported(
        self, text_id: int | None, provider_id: str, status: str, reason: str | None, seconds: float
    ) -> Future[bool]:
        """The provider says how a text fares; whether it is one of ours."""
        return self._writer.submit(
            lambda db: self._outbox.reported(db, text_id, provider_id, status, reason), seconds=seconds
        )

    def claim_alerts(self, most: int) -> Future[list[Alert]]:
        """At most so many alerts for staff that are due, durably marked as being in hand."""
        return self._writer.submit(lambda db: alerts.claim(db, most), seconds=CLAIM_SECONDS)

    def alert_sent(self, alert_id: int) -> Future[None]:
        """An alert is out."""
        return self._writer.submit(lambda db: alerts.sent(db, alert_id), seconds=None)

    def alert_later(self, alert_id: int, seconds: float, reason: str) -> Future[None]:
        """An alert is due again after so many seconds."""
        return self._writer.submit(lambda db: alerts.later(db, alert_id, seconds, reason), seconds=None)

    def alert_failed(self, alert_id: int, reason: str) -> Future[None]:
        """An alert will not go out; staff see why."""
        return self._writer.submit(lambda db: alerts.failed(db, alert_id, reason), seconds=None)

    def text_alert(self, alert_id: int, numbers: Sequence[str], body: str) -> Future[None]:
        """An alert becomes a text to each number, once."""

        def queue(db: Connection) -> None:
            for number in numbers:
                phone = self._phones.known(db, number)
                self._outbox.queue(db, phone.id, None, f"alert:{alert_id}:{phone.id[:16]}", Texts([body], "alert"))
            alerts.sent(db, alert_id)

        return self._writer.submit(queue, seconds=None)

    def known_sids(self, number: str, since: int, apart_from: int = 0) -> Future[set[str]]:
        """The provider's ids of the texts to a number from a time on (milliseconds), apart from one text's.

        A report on that one may have come in already: its id must not hide it from the look-up.
        """
        return self._read(lambda db: self._outbox.known_ids(db, number, since, apart_from))

    def unsent_texts(self, most: int = 200) -> Future[list[UnsentText]]:
        """The texts that did not arrive, the newest first."""
        return self._read(lambda db: self._outbox.unsent(db, most))

    def texts_to(self, number: str, most: int = 200) -> Future[list[QueuedText]]:
        """The newest texts to a number, in order."""
        return self._read(lambda db: self._outbox.to(db, number, most))

    def reveal_number(self, conversation: str, who: str, reason: str) -> Future[str | None]:
        """The number of a conversation by text; who looked and why is written down before it is given."""
        return self._writer.submit(lambda db: self._phones.reveal(db, conversation, who, reason), seconds=CLAIM_SECONDS)

    def use_link(
        self, code_hash: str, conversation: str, say: Callable[[str], Words], seconds: float
    ) -> Future[str | None]:
        """Spend a link from a text for a new conversation on the web: its language, or None where it does not work.

        What `say` says in that language is the first thing in the conversation.
        """

        def use(db: Connection) -> str | None:
            language = self._handoffs.use(db, code_hash, conversation)
            if language is not None:
                self._journal.begin(db, conversation, say(language))
            return language

        return self._writer.submit(use, seconds=seconds)

    def continued(self, conversation: str, digits: str, seconds: float) -> Future[tuple[str | None, int]]:
        """The conversation by text that one on the web continues, for the right last digits; and the tries left."""
        return self._writer.submit(lambda db: self._handoffs.continued(db, conversation, digits), seconds=seconds)

    def understood(self, token: str, message_id: str) -> dict[str, Any] | None:
        """What was understood of a message in the token's conversation, and replied to it; waits for the database."""
        conversation = conversation_key(token)
        return self._read(lambda db: self._reader.understood(db, conversation, message_id)).result()

    def _texter(self, db: Connection, number: str) -> Texter:
        row = self._phones.row(db, self._phones.id_of(number))
        if row is None:
            return Texter()
        conversation = self._phones.conversation(db, row)
        if conversation is None:
            return Texter(opted_out=row.opted_out_at is not None)
        language = str(self._reader.attention(db, conversation).get("language") or "")
        offers = self._reader.last_offers(db, conversation)
        return Texter(conversation, row.opted_out_at is not None, language, offers)

    def _read(self, work: Callable[[Connection], T]) -> Future[T]:
        def run() -> T:
            try:
                with self._reads.begin() as connection:
                    return work(connection)
            except DBAPIError:
                raise StoreBusy("the database could not be read") from None

        return self._threads.submit(run)


__all__ = ["Store", "conversation_key"]
