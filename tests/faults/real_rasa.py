"""The real Rasa with the trained model, started as `bot.launch` starts it, without the launcher that would mend it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from bot.launch import RASA_ENVIRONMENT, RASA_OPTIONS
from tests.stack import ROOT, free_port

START_SECONDS = 180


class RealRasa:
    """`rasa run` on a free port; with `actions` it runs its actions at that address."""

    def __init__(self, folder: Path, key: str, actions: str = "") -> None:
        self.port = free_port()
        self._log = folder / "rasa.log"
        self._environment = {**os.environ, **RASA_ENVIRONMENT, "RASA_KEY": key, "PYTHONPATH": str(ROOT)}
        self._options = list(RASA_OPTIONS)
        if actions:
            endpoints = folder / "endpoints.yml"
            endpoints.write_text(f"{(ROOT / 'endpoints.yml').read_text()}\naction_endpoint:\n  url: {actions}\n")
            self._options[self._options.index("--endpoints") + 1] = str(endpoints)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> RealRasa:
        """Start, and wait until the model is loaded."""
        command = [sys.executable, "-m", "rasa", "run", "--port", str(self.port), *self._options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/webhooks/loopback/", trust_env=False).json()["ready"]:
                    return self
            except (httpx.HTTPError, ValueError, KeyError):
                time.sleep(0.3)
        raise AssertionError(self._log.read_text()[-2000:])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
