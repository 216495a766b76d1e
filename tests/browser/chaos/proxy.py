"""Stands between a page and the front door, passes everything on, and breaks as much as it is told."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter

from tests.browser.chaos.faults import POST, STREAM, Fault, Owed
from tests.browser.chaos.wire import Broken, Request, cut, end_with, kept_open, read_answer, read_request

PIECE = 65536
BLACK_OUT_SECONDS = (0.5, 3.0)


class Proxy:
    """A door's other address."""

    def __init__(self, port: int, door_port: int, chance: random.Random) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._door_port = door_port
        self._chance = chance
        self._owed = Owed(chance)
        self._open: set[asyncio.StreamWriter] = set()
        self._dark = 0
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def made(self) -> Counter[Fault]:
        """What was broken, and how often."""
        return self._owed.made

    def start(self) -> Proxy:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def stop(self) -> None:
        """Cut everything and listen no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def owe(self, fault: Fault) -> None:
        """Break the next thing that can be broken so; a black-out begins now."""
        if fault is Fault.BLACK_OUT:
            asyncio.run_coroutine_threadsafe(self._black_out(), self._loop)
        else:
            self._loop.call_soon_threadsafe(self._owed.owe, fault)

    def calm(self) -> None:
        """Break nothing more, and wait until a black-out is over."""
        asyncio.run_coroutine_threadsafe(self._calm(), self._loop).result()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _deafen(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for writer in list(self._open):
            cut(writer, self._chance)

    async def _end(self) -> None:
        await self._deafen()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _black_out(self) -> None:
        """Cut every connection and refuse new ones for a while."""
        self.made[Fault.BLACK_OUT] += 1
        self._dark += 1
        await self._deafen()
        await asyncio.sleep(self._chance.uniform(*BLACK_OUT_SECONDS))
        self._dark -= 1
        if not self._dark and self._server is None:
            await self._listen()

    async def _calm(self) -> None:
        self._owed.forgive()
        while self._dark or self._server is None:
            await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while request := await read_request(reader):
                if not await self._pass_on(request, reader, writer):
                    break
            writer.close()
        except (OSError, Broken):
            cut(writer, self._chance)
        finally:
            self._open.discard(writer)

    async def _pass_on(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Bring a request to the door and its answer back; whether the connection can be used again."""
        if request.line == "GET /chat/events":
            await self._stream(request, reader, writer)
            return False
        fault = self._owed.due(POST) if request.line == "POST /chat/messages" else None
        answer, again = kept_open(await self._ask(request, fault))
        if fault is Fault.ANSWER_CUT:
            writer.write(answer[: self._chance.randrange(1, len(answer))])
            raise Broken
        writer.write(answer)
        await writer.drain()
        return again

    async def _ask(self, request: Request, fault: Fault | None) -> bytes:
        """The door's answer, unless it is lost on the way there or back."""
        if fault is Fault.LOST_BEFORE:
            raise Broken
        if fault is Fault.POST_STALL:
            await asyncio.sleep(self._owed.stall_seconds())
        door, asking = await asyncio.open_connection("127.0.0.1", self._door_port)
        try:
            asking.write(request.raw)
            answer = await read_answer(door)
        finally:
            asking.close()
        if fault is Fault.LOST_AFTER:
            raise Broken
        return answer

    async def _stream(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass an event stream on until either side ends it."""
        door, asking = await asyncio.open_connection("127.0.0.1", self._door_port)
        gone = asyncio.create_task(end_with(reader, asking))
        try:
            asking.write(request.raw)
            while piece := await door.read(PIECE):
                await self._piece(piece, writer)
        finally:
            gone.cancel()

    async def _piece(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        fault = self._owed.due(STREAM)
        if fault is Fault.STREAM_STALL:
            await asyncio.sleep(self._owed.stall_seconds())
        if fault is Fault.STREAM_CUT:
            writer.write(piece[: self._chance.randrange(len(piece))])
            raise Broken
        writer.write(piece)
        await writer.drain()
