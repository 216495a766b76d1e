"""GET /chat/events: everything in a conversation, numbered, from where the client left off."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import anyio
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.frontdoor.bell import Watch
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal
from bot.frontdoor.origins import check_origin
from bot.frontdoor.session import bearer
from bot.store.records import ConversationCleared, Event, StoreBusy

PING_SECONDS = 15
# Other processes (the staff console) write too, and cannot ring the bell.
LOOK_SECONDS = 2.0
FIRST_LOOK_SECONDS = 1.0
NOTHING_SINCE = 2**31 - 1
MOST = 200
SEND_SECONDS = 30
GRACE_SECONDS = 2


async def events(request: Request) -> Response:
    """Open the stream."""
    door = door_of(request)
    check_origin(request, door.settings)
    conversation = door.sessions.conversation(bearer(request))
    after = last_seen(request.headers.get("last-event-id", ""))
    with contextlib.suppress(asyncio.TimeoutError):  # the stream will look again
        if await asyncio.wait_for(_look(door, conversation, NOTHING_SINCE), FIRST_LOOK_SECONDS) is None:
            raise Refusal(401, "unauthorized")
    closing = anyio.Event()
    return EventSourceResponse(
        stream(door, conversation, after, closing),
        ping=PING_SECONDS,
        send_timeout=SEND_SECONDS,
        shutdown_event=closing,
        shutdown_grace_period=GRACE_SECONDS,
    )


def last_seen(header: str) -> int:
    """The number in a Last-Event-ID header; 0 for whatever else it holds."""
    header = header.strip()
    return int(header) if header.isascii() and header.isdigit() and len(header) <= 9 else 0


async def stream(door: Door, conversation: str, after: int, closing: anyio.Event) -> AsyncIterator[dict[str, str]]:
    """The entries after a number, then each new one as it is written, until the chat is cleared or we stop."""
    watch = door.bell.watch(conversation)
    ending = asyncio.create_task(_end(watch, closing))
    try:
        while not watch.over:
            watch.rung.clear()
            news = watch.take(after) or await _look(door, conversation, after)
            if news is None:
                return
            for event in news:
                yield {"id": str(event.seq), "data": json.dumps(event.data)}
                after = event.seq
            if len(news) < MOST:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(watch.rung.wait(), LOOK_SECONDS)
    finally:
        ending.cancel()
        door.bell.leave(conversation, watch)


async def _end(watch: Watch, closing: anyio.Event) -> None:
    await closing.wait()
    watch.over = True
    watch.rung.set()


async def _look(door: Door, conversation: str, after: int) -> list[Event] | None:
    """The entries after a number: none while the store is busy, None when the chat was cleared."""
    try:
        return await asyncio.wrap_future(door.store.events(conversation, after, MOST))
    except StoreBusy:
        return []
    except ConversationCleared:
        return None
