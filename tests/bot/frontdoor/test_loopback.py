"""The loopback connection against a server that speaks HTTP badly."""

import asyncio
import json

import pytest

from bot.frontdoor.loopback import Answer, Loopback, LoopbackBroken

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BAD = {
    "closes at once": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
    "no length": b"HTTP/1.1 200 OK\r\n\r\n{}",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "huge": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
    "negative": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "not http": b"220 ftp\r\n\r\n",
    "endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
}


async def served(answers: list[bytes], asks: int, seconds: float = 2) -> tuple[list[Answer], int]:
    """Ask so often, and count the connections that took; each answer but the last is followed by a close."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while answers:
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"Authorization: Bearer the-key\r\n" in head
            await reader.readexactly(len(json.dumps({"a": "é"})))
            writer.write(answers.pop(0))
            if b"keep" not in head:
                break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        loopback = Loopback(server.sockets[0].getsockname()[1], "the-key")
        try:
            return [await loopback.post("/keep", {"a": "é"}, seconds) for _ in range(asks)], connections
        finally:
            loopback.close()


def test_connections_are_used_again() -> None:
    answers, connections = asyncio.run(served([GOOD] * 5, 5))
    assert answers == [Answer(200, b"{}")] * 5 and connections == 1


def test_a_server_that_wants_to_close_is_let_go() -> None:
    closing = b"HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    answers, connections = asyncio.run(served([closing] * 3, 3))
    assert [answer.status for answer in answers] == [503] * 3 and connections == 3


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_broken_connection(name: str) -> None:
    with pytest.raises(LoopbackBroken):
        asyncio.run(served([BAD[name]], 1))


def test_nobody_there_and_nobody_answering() -> None:
    with pytest.raises(LoopbackBroken):
        asyncio.run(Loopback(1, "the-key").get("/", 1))

    async def silent() -> None:
        async with await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) as server:
            await Loopback(server.sockets[0].getsockname()[1], "the-key").get("/", 0.2)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(silent())
