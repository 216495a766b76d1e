"""As much of HTTP/1.1 as a proxy needs that passes on whole requests, and answers piece by piece."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
from dataclasses import dataclass

KEPT_OPEN = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Broken(Exception):
    """The connection is to be cut now."""


@dataclass(frozen=True)
class Request:
    """One request as it came, which asks the server to close after its answer."""

    raw: bytes

    @property
    def line(self) -> str:
        """Method and path."""
        return self.raw.split(b" HTTP/", 1)[0].decode("latin-1")


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when there is no more."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
    except asyncio.IncompleteReadError:
        return None
    line, rest = KEPT_OPEN.sub(b"", head).split(b"\r\n", 1)
    return Request(line + b"\r\nConnection: close\r\n" + rest + body)


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """A whole answer up to the server's end; Broken when it ends too early."""
    answer = await reader.read()
    head, found, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head + b"\r\n")
    if not found or len(body) < (int(length[1]) if length else 0):
        raise Broken
    return answer


def kept_open(answer: bytes) -> tuple[bytes, bool]:
    """The answer for a client that may ask again on the same connection, and whether it may."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if not LENGTH.search(head + b"\r\n"):
        return answer, False
    return KEPT_OPEN.sub(b"", head) + b"\r\n\r\n" + body, True


def cut(writer: asyncio.StreamWriter, chance: random.Random) -> None:
    """End a connection at once, by a reset or by an end in mid sentence, as phones see both."""
    if chance.random() < 0.5 and not writer.is_closing():
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def end_with(reader: asyncio.StreamReader, asking: asyncio.StreamWriter) -> None:
    """End the asking when its reader has gone."""
    try:
        await reader.read(1)
    except OSError:
        pass
    finally:
        asking.close()
