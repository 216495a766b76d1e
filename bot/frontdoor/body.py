"""Read a request's body without trusting it: bounded in size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

MOST = 64 * 1024
# A client that is refused while it still sends sees a reset connection instead of the answer: hear it out first.
HEARD_OUT = 8 * 1024 * 1024
SECONDS = 10.0


async def read_body(request: Request) -> tuple[bytes, bool]:
    """The first 64 kB of the body, and whether that was all of it, in time."""
    kept = bytearray()
    try:
        whole = await asyncio.wait_for(_read(request, kept), SECONDS)
    except (asyncio.TimeoutError, ClientDisconnect):
        whole = False
    return bytes(kept), whole


async def _read(request: Request, kept: bytearray) -> bool:
    heard = 0
    async for piece in request.stream():
        heard += len(piece)
        if len(kept) < MOST:
            kept += piece[: MOST - len(kept)]
        if heard > HEARD_OUT:
            break
    return heard <= MOST
