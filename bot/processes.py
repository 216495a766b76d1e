"""Child processes that are restarted when they die, and never outlive their parent."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

LONGEST_PAUSE = 30.0  # seconds between restarts of a process that dies at once, again and again
STEADY = 60.0  # seconds of life after which a death is the first one again
GRACE = 10.0  # seconds between asking a process to stop and killing it
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """In the child, before it starts: Linux ends it when its parent is gone, even killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Watched:
    """One process: started, restarted with growing pauses when it dies or hangs, stopped for good by `stop`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        say: Callable[[str], None],
        healthy: Callable[[], Awaitable[bool]] | None = None,
        log: Path | None = None,
    ) -> None:
        """`say` tells the operator, one sentence at a time; `healthy` is asked every 10 s; `log` takes the output."""
        self.name = name
        self._command = command
        self._environment = dict(environment)
        self._say = say
        self._healthy = healthy
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def run(self) -> None:
        """Keep the process running until `stop` is called, or until it says that its configuration is wrong."""
        pause = 1.0
        while not self._stopping:
            started = time.monotonic()
            self._process = await self._start()
            watcher = asyncio.create_task(self._end_when_hung(self._process)) if self._healthy else None
            code = await self._process.wait()
            if watcher:
                watcher.cancel()
            if self._stopping or code == os.EX_CONFIG:  # starting again would not mend a setting or a table
                return
            pause = 1.0 if time.monotonic() - started > STEADY else min(LONGEST_PAUSE, pause * 2)
            why = f" ({self._log.name} in {self._log.parent.name}/ says why)" if self._log else ""
            self._say(f"{self.name} stopped with exit code {code}{why}; starting it again in {pause:.0f} s.")
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Ask the process to stop, and end its whole group if it has not within 10 s."""
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return
        signal_group(self._process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), GRACE)
        except asyncio.TimeoutError:
            signal_group(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        # A session of its own: Ctrl-C reaches the launcher only, which then stops the children in order.
        with self._log.open("ab") if self._log else contextlib.nullcontext() as output:
            return await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    async def _end_when_hung(self, process: asyncio.subprocess.Process) -> None:
        """Kill the process when it was healthy once and then failed to answer three times in a row."""
        assert self._healthy is not None
        failures, was_healthy = 0, False
        while True:
            await asyncio.sleep(10)
            if await self._healthy():
                failures, was_healthy = 0, True
                continue
            failures += 1
            if was_healthy and failures >= 3:
                self._say(f"{self.name} does not answer; ending it.")
                signal_group(process.pid, signal.SIGKILL)
                return


def signal_group(pid: int, number: int) -> None:
    """Signal the process group led by `pid`; one that has just ended needs none."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
