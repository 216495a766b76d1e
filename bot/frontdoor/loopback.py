"""HTTP to one server on loopback and no more of HTTP than that needs.

httpx took 1.5 ms of the event loop for every turn (measured at 16 conversations), this takes 0.1 ms.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

# Sanic closes idle connections after 5 s; one that closes just as we ask would look like a failure.
IDLE_SECONDS = 3.0
CONNECT_SECONDS = 1.0
LARGEST = 4 * 1024 * 1024
MOST_CONNECTIONS = 256


class LoopbackBroken(Exception):
    """There was no connection, or it broke before the answer was complete."""


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Line:
    """One connection, and when it was last used."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: float


class Loopback:
    """Keeps connections to a port of this machine and asks over them, each for one question at a time."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n".encode()
        self._idle: list[Line] = []
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)

    def close(self) -> None:
        """Let go of the connections."""
        while self._idle:
            self._idle.pop().writer.close()

    async def get(self, path: str, seconds: float) -> Answer:
        """Ask with GET; raises LoopbackBroken or asyncio.TimeoutError."""
        return await asyncio.wait_for(self._ask(f"GET {path} HTTP/1.1\r\n".encode() + self._head + b"\r\n"), seconds)

    async def post(self, path: str, body: Mapping[str, object], seconds: float) -> Answer:
        """Ask with POST and JSON; raises LoopbackBroken or asyncio.TimeoutError."""
        content = json.dumps(body).encode()
        kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
        request = f"POST {path} HTTP/1.1\r\n".encode() + self._head + kind + content
        return await asyncio.wait_for(self._ask(request), seconds)

    async def _ask(self, request: bytes) -> Answer:
        async with self._places:
            line = await self._line()
            keep = False
            try:
                line.writer.write(request)
                answer, keep = await _answer(line.reader)
                return answer
            except (OSError, EOFError, ValueError, IndexError, asyncio.LimitOverrunError) as error:
                raise LoopbackBroken(type(error).__name__) from None
            finally:
                # Whatever went wrong or was given up half-way, the next question gets another connection.
                if keep:
                    self._idle.append(Line(line.reader, line.writer, time.monotonic()))
                else:
                    line.writer.close()

    async def _line(self) -> Line:
        while self._idle:
            line = self._idle.pop()
            if time.monotonic() - line.used < IDLE_SECONDS and not line.reader.at_eof():
                return line
            line.writer.close()
        try:
            opening = asyncio.open_connection("127.0.0.1", self._port)
            return Line(*await asyncio.wait_for(opening, CONNECT_SECONDS), time.monotonic())
        except (OSError, asyncio.TimeoutError) as error:
            raise LoopbackBroken(type(error).__name__) from None


async def _answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """Read one answer, and whether the connection may be used again; ValueError for what is not understood."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    version, status = head[0].split(" ")[:2]
    named = [line.partition(":") for line in head[1:]]
    fields = {name.strip().lower(): value.strip().lower() for name, _, value in named}
    length = int(fields.get("content-length", "-1"))
    if not 0 <= length <= LARGEST or "transfer-encoding" in fields:
        raise ValueError("an answer of unknown length")
    body = await reader.readexactly(length)
    return Answer(int(status), body), version == "HTTP/1.1" and fields.get("connection") != "close"
