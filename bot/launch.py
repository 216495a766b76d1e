"""Starts Firstlight and keeps it running: the front door at once, then the rest, as each part is ready."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from bot import environment
from bot.processes import Watched, die_with_parent, signal_group
from bot.settings import Settings, SettingsError

ROOT = Path(__file__).parent.parent
RASA_OPTIONS = (
    "--interface", "127.0.0.1", "--model", "models/firstlight.tar.gz", "--endpoints", "endpoints.yml",
    "--credentials", "credentials.yml", "--quiet", "--logging-config-file", "deploy/rasa-logging.yml",
)  # fmt: skip
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_HOST": "127.0.0.1",
    "SANIC_WORKERS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def say(sentence: str) -> None:
    """Tell the operator."""
    print(f"firstlight: {sentence}", flush=True)


async def answers(url: str) -> bool:
    """Whether this address answers with success within 5 s."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


class Launch:
    """One run of Firstlight."""

    def __init__(self, settings: Settings, env: Mapping[str, str]) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self._env = {**env, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._started = time.monotonic()
        self._watched: list[Watched] = []
        self._step: asyncio.subprocess.Process | None = None
        self._local = f"http://127.0.0.1:{settings.front_door_port}"

    async def run(self) -> int:
        """Start everything and wait until it is stopped; 1 when a part cannot be had."""
        front_door = self._watch("The front door", [sys.executable, "-m", "bot.frontdoor"])
        if not await self._wait_for(f"{self._local}/health/live", front_door, 30):
            say("The front door did not start; its message above says why.")
            return 1
        say(f"The front door answers emergencies at {self._local} (the rest is coming).")
        health = f"{self._settings.staff_url}/health/live"
        staff = self._watch("The staff console", [sys.executable, "-m", "bot.staff"], None, health)
        for name, command in self._steps():
            if await self._run_step(command) != 0:
                say(f"{name} failed. The front door still answers emergencies. Stop with Ctrl-C, mend it, start again.")
                await asyncio.gather(front_door, staff)
                return 1
        rasa_url = f"{self._settings.rasa_url}/webhooks/loopback/"
        command = [sys.executable, "-m", "rasa", "run", "--port", str(self._settings.rasa_port), *RASA_OPTIONS]
        log = ROOT / "var" / "rasa.log"
        log.write_bytes(b"")
        rasa = self._watch("Rasa", command, RASA_ENVIRONMENT, rasa_url, log)
        if await self._wait_for(rasa_url, rasa, 300):
            seconds = time.monotonic() - self._started
            say(f"Ready after {seconds:.0f} s: open {self._local} (stop with Ctrl-C).")
            say(f"Staff read at {self._settings.staff_base_url}; `make staff-account NAME=ana` adds the first account.")
        await asyncio.gather(front_door, staff, rasa)
        return 0

    def _steps(self) -> list[tuple[str, list[str]]]:
        """What has to be done before Rasa can start, in order."""
        return [
            ("Installing", [str(ROOT / "deploy" / "uv"), "sync", "--frozen", "--inexact", "--no-group", "dev"]),
            ("Checking the tables", [sys.executable, "-m", "helpline.knowledge"]),
            ("Training", [sys.executable, "-m", "bot.train"]),
        ]

    def _watch(
        self,
        name: str,
        command: list[str],
        extra: Mapping[str, str] | None = None,
        health: str | None = None,
        log: Path | None = None,
    ) -> asyncio.Task[None]:
        healthy = (lambda: answers(health)) if health else None
        watched = Watched(name, command, {**self._env, **(extra or {})}, say, healthy, log)
        self._watched.append(watched)
        return asyncio.create_task(watched.run())

    async def _run_step(self, command: list[str]) -> int:
        self._step = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self._env, start_new_session=True, preexec_fn=die_with_parent
        )
        try:
            return await self._step.wait()
        finally:
            self._step = None

    async def _wait_for(self, url: str, task: asyncio.Task[None], seconds: float) -> bool:
        """Whether `url` answers within `seconds`, while the process that should answer is being kept running."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not task.done():
            if await answers(url):
                return True
            await asyncio.sleep(0.25)
        return False

    async def stop(self) -> None:
        """Stop everything, the last started first."""
        if self._step is not None:
            signal_group(self._step.pid, signal.SIGTERM)
        await asyncio.gather(*(w.stop() for w in reversed(self._watched)))


async def launch(settings: Settings) -> int:
    """Run until a signal comes, and then stop in order."""
    run = Launch(settings, os.environ)
    main = asyncio.create_task(run.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, main.cancel)
    try:
        return await main
    except asyncio.CancelledError:
        say("Stopping ...")
        return 0
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await run.stop()
        say("Stopped.")


def main() -> int:
    """Read the environment and run."""
    os.chdir(ROOT)
    generated = environment.prepare()
    if generated:
        say(f"Wrote new secrets into .env: {', '.join(generated)}.")
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        say(str(error))
        return 1
    return asyncio.run(launch(settings))


if __name__ == "__main__":
    sys.exit(main())
