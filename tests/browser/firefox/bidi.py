"""A stock Firefox, driven by the standard that it speaks itself: WebDriver BiDi, JSON over a WebSocket."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

Answer = dict[str, Any]
PATIENCE = 40.0
# Nothing that Firefox does by itself can leave this machine: the proxy does not exist, and is not asked for loopback.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "services.settings.server": "data:,",
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
}
# A release heeds services.settings.server only then; without it, it asks Mozilla over a hundred times in 40 seconds.
SETTINGS_MAY_BE_OFF = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}


class Firefox:
    """One headless Firefox with a new profile, which is gone afterwards; it starts in the background."""

    def __init__(self, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        self._profile = Path(self._folder.name)
        wanted = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (self._profile / "user.js").write_text("".join(wanted))
        command = [program, "--headless", "--no-remote", "--profile", self._folder.name, "--remote-debugging-port=0"]
        with (self._profile / "firefox.log").open("wb") as log:
            environment = {**os.environ, **SETTINGS_MAY_BE_OFF}
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def address(self) -> str:
        """Where it listens, which it writes into its profile once it does."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                found = json.loads((self._profile / "WebDriverBiDiServer.json").read_text())
                return f"ws://{found['ws_host']}:{found['ws_port']}/session"
            except (OSError, ValueError):
                time.sleep(0.05)
        raise AssertionError((self._profile / "firefox.log").read_text())

    def stop(self) -> None:
        """End it and forget its profile."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._folder.cleanup()


class Bidi:
    """A talk with one browser: one command at a time, and the events that came before its answer."""

    def __init__(self, url: str) -> None:
        self.events: list[Answer] = []
        self._ids = count(1)
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._connect(url))
        self.command("session.new", capabilities={})

    def command(self, method: str, **parameters: Any) -> Answer:
        """Send a command and return its result; raises AssertionError with the browser's own words."""
        return self._loop.run_until_complete(asyncio.wait_for(self._ask(method, parameters), PATIENCE))

    def close(self) -> None:
        """Hang up."""
        self._loop.run_until_complete(self._client.close())
        self._loop.close()

    async def _connect(self, url: str) -> None:
        self._client = aiohttp.ClientSession()
        self._socket = await self._client.ws_connect(url, max_msg_size=0)

    async def _ask(self, method: str, parameters: Answer) -> Answer:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while (heard := await self._socket.receive_json()).get("id") != number:
            self.events.append(heard)
        assert heard["type"] == "success", f"{method}: {heard['error']}: {heard['message']}"
        result: Answer = heard["result"]
        return result
