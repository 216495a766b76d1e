"""The whole product as a user starts it, on ports and a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

from bot.settings import Settings, missing_secrets
from bot.store import Store

ROOT = Path(__file__).parent.parent
START_SECONDS = 300


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(
    module: str, environment: Mapping[str, str], log: Path, url: str, seconds: float
) -> subprocess.Popen[bytes]:
    """`python -m module`, once it answers at /health/live; AssertionError with its log where it does not."""
    with log.open("ab") as out:
        command = [sys.executable, "-m", module]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{url}/health/live", timeout=1, trust_env=False).raise_for_status()
            return process
        except httpx.HTTPError:
            time.sleep(0.05)
    process.terminate()
    process.wait(15)
    raise AssertionError(log.read_text() or f"no answer within {seconds} s")


class Stack:
    """`python -m bot.launch` with its own database, ports and secrets; nothing of the checkout's .env is used."""

    def __init__(self, **environment: str) -> None:
        """`environment` overrides settings by name."""
        self._folder = tempfile.TemporaryDirectory(prefix="firstlight-")
        self.database = Path(self._folder.name) / "firstlight.db"
        self.log = Path(self._folder.name) / "launch.log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        secrets = missing_secrets({})
        self.evaluate_key = secrets["EVALUATE_KEY"]
        self.environment = {
            **os.environ,
            **secrets,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "FRONT_DOOR_HOST": "127.0.0.1",
            "FRONT_DOOR_PORT": str(port),
            "PUBLIC_BASE_URL": self.url,
            "RASA_PORT": str(free_port()),
            "STAFF_PORT": str(free_port()),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def store(self) -> Store:
        """Its store, read from another process; the caller closes it."""
        return Store(Settings.from_environment(self.environment))

    @property
    def pid(self) -> int:
        """The launcher's process id; Rasa and the front door are its children."""
        assert self.process is not None
        return self.process.pid

    def child(self, words: str) -> int:
        """The process id of the launcher's child whose command line holds these words; raises LookupError."""
        for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                return int(pid)
        raise LookupError(words)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until Rasa answers through the front door."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process is not None and self.process.poll() is None, self.log.read_text()[-4000:]
            try:
                if httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).json().get("conversation"):
                    return
            except (httpx.HTTPError, ValueError):
                pass
            time.sleep(0.3)
        raise TimeoutError(self.log.read_text()[-4000:])

    def wait_until_whole(self, seconds: float = 60) -> None:
        """Wait until no part is degraded: the classifier of concerns loads after the front door answers."""
        until = time.monotonic() + seconds
        while httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).json()["degraded"]:
            assert time.monotonic() < until, "a part stays degraded"
            time.sleep(0.3)

    def start(self) -> None:
        """Start the launcher; it trains first if the model is not fresh."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.launch"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def stop(self) -> None:
        """Ctrl-C, as the user would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def __enter__(self) -> Stack:
        """Started and ready."""
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stopped and cleaned away."""
        self.stop()
        self._folder.cleanup()
