"""One thread that writes: alarms first, many jobs in one durable commit, and nobody else ever waits for the disk."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from bot.store.records import StoreBusy, StoreError

T = TypeVar("T")
Work = Callable[[Connection], Any]
BATCH = 32
PAUSE = 0.02
log = logging.getLogger(__name__)


class Job:
    """Work for one transaction, its future, and the moment after which nobody waits for it (None: always)."""

    def __init__(self, work: Work, deadline: float | None) -> None:
        self.work = work
        self.deadline = deadline
        self.future: Future[Any] = Future()
        self.repeats = 0

    def expired(self) -> bool:
        """Whether its time is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline


class Writer:
    """Runs jobs on a thread of its own. `prepare` (the migrations) is tried until it works, and jobs wait for it."""

    def __init__(self, engine: Engine, prepare: Callable[[Engine], None]) -> None:
        self._engine = engine
        self._prepare = prepare
        self._urgent: deque[Job] = deque()
        self._ordinary: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self.trouble: str | None = "the database is being opened"

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(self, work: Callable[[Connection], T], *, seconds: float | None, urgent: bool = False) -> Future[T]:
        """Queue work; the future fails with StoreBusy when it cannot be committed within seconds."""
        job = Job(work, None if seconds is None else time.monotonic() + seconds)
        with self._changed:
            (self._urgent if urgent else self._ordinary).append(job)
            self._changed.notify()
        return job.future

    def close(self, seconds: float = 2) -> None:
        """Finish what is queued if that can be done in time, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._ready():
            if self._closing:
                return
            time.sleep(0.25)
        while True:
            batch = self._take()
            if not batch:
                return
            if not self._commit(batch):
                time.sleep(PAUSE)

    def _ready(self) -> bool:
        try:
            self._prepare(self._engine)
        except Exception as error:  # whatever it is, emergencies are answered without the store
            self._engine.dispose()  # an open connection would stay with a file that has been replaced
            self._report(error)
            self._drop_expired()
            return False
        self.trouble = None
        return True

    def _take(self) -> list[Job]:
        with self._changed:
            while not (self._urgent or self._ordinary):
                if self._closing:
                    return []
                self._changed.wait()
            batch: list[Job] = []
            for queue in (self._urgent, self._ordinary):
                while queue and len(batch) < BATCH:
                    batch.append(queue.popleft())
            return batch

    def _commit(self, batch: list[Job]) -> bool:
        """Run a batch in one transaction; False when the database refused and what is left was queued again."""
        live = [job for job in batch if not _gave_up(job)]
        if not live:
            return True
        try:
            with self._engine.connect() as connection:
                results = _together(live, connection) if len(live) > 1 else _alone(live[0], connection)
        except Exception as error:
            self._report(error)
            self._again(live, error)
            return False
        self.trouble = None
        for job, result in zip(live, results, strict=True):
            _settle(job, result)
        return True

    def _again(self, jobs: list[Job], error: Exception) -> None:
        lasting = not isinstance(error, DBAPIError)
        for job in reversed(jobs):
            job.repeats += 1
            if lasting or (self._closing and job.deadline is None and job.repeats > 5):
                _settle(job, error)
            elif not _gave_up(job):
                with self._changed:
                    self._ordinary.appendleft(job)

    def _drop_expired(self) -> None:
        with self._changed:
            for queue in (self._urgent, self._ordinary):
                jobs = list(queue)
                queue.clear()
                queue.extend(job for job in jobs if not _gave_up(job))

    def _report(self, error: Exception) -> None:
        kind = type(getattr(error, "orig", None) or error).__name__
        if self.trouble is None or kind not in self.trouble:
            log.warning("the store cannot be written (%s)", kind)
        self.trouble = f"the last write failed ({kind})"


def _together(jobs: list[Job], connection: Connection) -> list[Any]:
    """Run jobs in one transaction; what fails alone is undone alone."""
    results = []
    with connection.begin():
        for job in jobs:
            savepoint = connection.begin_nested()
            result, failed = _outcome(job, connection)
            (savepoint.rollback if failed else savepoint.commit)()
            results.append(result)
    return results


def _alone(job: Job, connection: Connection) -> list[Any]:
    transaction = connection.begin()
    result, failed = _outcome(job, connection)
    (transaction.rollback if failed else transaction.commit)()
    return [result]


def _outcome(job: Job, connection: Connection) -> tuple[Any, bool]:
    """The job's result, or the error that concerns this job alone; raises what concerns the whole transaction."""
    try:
        return job.work(connection), False
    except Exception as error:
        if _passing(error, job):
            raise
        if not isinstance(error, StoreError):
            log.error("a write failed", exc_info=error)
        return error, True


def _passing(error: Exception, job: Job) -> bool:
    """Whether the whole batch is worth another try: a lock, a full disk, a lost connection, a race for one row."""
    if isinstance(error, IntegrityError):
        # Another process stored the same row first: once more, and the job finds it.
        return not job.repeats
    return isinstance(error, (OperationalError, InterfaceError)) or getattr(error, "connection_invalidated", False)


def _gave_up(job: Job) -> bool:
    if job.future.cancelled():
        return True
    if job.expired():
        _settle(job, StoreBusy("the database could not be written in time"))
        return True
    return False


def _settle(job: Job, result: Any) -> None:
    try:
        if isinstance(result, Exception):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
    except InvalidStateError:
        pass  # whoever asked has gone and cancelled it
