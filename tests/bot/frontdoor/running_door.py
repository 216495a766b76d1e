"""The front door as a real process on a free port, and a visitor who talks to it.

It has no classifier, as on a machine where none is trained yet: what is tested does not depend on the training.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.settings import Settings, missing_secrets
from bot.store import Store, conversation_key
from bot.store.records import UnsentText
from tests.databases import sqlite
from tests.stack import free_port, started

START_SECONDS = 60  # on a machine with much else to do
SUICIDE = "i want to kill myself"
OVERDOSE = "my friend is not waking up he took oxys and bars"
Event = dict[str, Any]


class RunningDoor:
    """The front door with a database, secrets and ports of its own."""

    def __init__(self, folder: Path, rasa_port: int, **environment: str) -> None:
        self.folder = folder
        self.log = folder / "door.log"
        self.database = folder / "journal.db"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HELPLINE_", "PUBLIC_"))},
            **missing_secrets({}),
            "HELPLINE_NAME": "Firstlight",
            "HELPLINE_PHONE": "(844) 557-8575",
            "PUBLIC_BASE_URL": self.url,
            "ALLOWED_ORIGINS": "https://www.example.org",
            "DATABASE_URL": sqlite(folder),
            "FRONT_DOOR_HOST": "127.0.0.1",
            "FRONT_DOOR_PORT": str(self.port),
            "RASA_PORT": str(rasa_port),
            "TURN_SECONDS": "1",
            "MESSAGES_PER_MINUTE": "1000",
            "CONCERNS_MODEL": "models/not_trained.npz",  # a clean clone has none: what is tested are the rules alone
            **environment,
        }
        self.settings = Settings.from_environment(self.environment)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> RunningDoor:
        """Start, and wait until it is alive."""
        self.process = started("bot.frontdoor", self.environment, self.log, self.url, START_SECONDS)
        return self

    def ready(self) -> dict[str, Any]:
        """What /health/ready says."""
        body: dict[str, Any] = httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).json()
        return body

    def wait_for_store(self) -> None:
        """Wait until the database is open: an alarm that comes earlier is answered, but not stored."""
        until = time.monotonic() + 10
        while self.ready()["parts"]["store"] != "ok" and time.monotonic() < until:
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Ask it to stop, and say how many seconds that took."""
        assert self.process is not None
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
        return time.monotonic() - started

    def unsent_texts(self) -> list[UnsentText]:
        """The texts that did not arrive, read from another process."""
        store = Store(self.settings)
        try:
            return store.unsent_texts().result()
        finally:
            store.close()

    def open_texts(self) -> int:
        """How many texts wait or are on their way."""
        return len(self._rows("SELECT id FROM texts WHERE state IN ('queued', 'sending')"))

    def message_ids(self) -> set[str]:
        """The ids of the messages that are stored and whose turns are done."""
        return {row[0] for row in self._rows("SELECT message_id FROM turns WHERE state = 'done'")}

    def _rows(self, query: str) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=5)) as database:
            return database.execute(query).fetchall()

    def understood(self, token: str, message_id: str) -> dict[str, Any]:
        """What the store knows of a message, read from another process."""
        store = Store(self.settings)
        try:
            return store.understood(token, message_id) or {}
        finally:
            store.close()


class Chat:
    """One visitor with one session."""

    def __init__(self, door: RunningDoor, *, token: str | None = None) -> None:
        self.http = httpx.Client(base_url=door.url, timeout=20, trust_env=False)
        self.token = token or self.http.post("/chat/session").json()["token"]

    @property
    def conversation(self) -> str:
        """Its name in the database."""
        return conversation_key(self.token)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that shows the token."""
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str, message_id: str | None = None) -> httpx.Response:
        """Send a text."""
        return self.post({"id": message_id or str(uuid.uuid4()), "text": text})

    def say_until_stored(self, text: str, message_id: str | None = None) -> httpx.Response:
        """Send a text as the widget does: by the same id again, while a busy disk is too slow for an emergency."""
        message_id, until = message_id or str(uuid.uuid4()), time.monotonic() + START_SECONDS
        while (answer := self.say(text, message_id)).status_code == 503 and time.monotonic() < until:
            time.sleep(0.2)
        return answer

    def post(self, body: object, **headers: str) -> httpx.Response:
        """Send any JSON."""
        return self.http.post("/chat/messages", json=body, headers={**self.bearer, **headers})

    def events(self, enough: Callable[[list[Event]], bool], after: int = 0, seconds: float = 15) -> list[Event]:
        """Read the stream until there is enough; each event's stream id stands under "at"."""
        found: list[Event] = []
        headers = {**self.bearer, **({"Last-Event-ID": str(after)} if after else {})}
        try:
            with self.http.stream("GET", "/chat/events", headers=headers, timeout=seconds) as stream:
                assert stream.status_code == 200, stream.read()
                at = 0
                for line in stream.iter_lines():
                    field, _, value = line.partition(": ")
                    if field == "id":
                        at = int(value)
                    elif field == "data":
                        found.append({**json.loads(value), "at": at})
                        if enough(found):
                            return found
        except httpx.ReadTimeout:
            pass
        raise AssertionError(f"not enough in {seconds} s: {found}")

    def turn(self, seq: int, seconds: float = 15) -> list[Event]:
        """The bot's entries up to the end of the turn that answers message `seq`."""
        found = self.events(lambda events: is_done(events[-1], seq), seconds=seconds)
        return [event for event in found if event.get("reply_to") == seq and event.get("kind") != "turn_done"]


def is_done(event: Event, seq: int) -> bool:
    """Whether an event closes the turn of message `seq`."""
    return event.get("kind") == "turn_done" and event["reply_to"] == seq
