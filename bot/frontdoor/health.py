"""GET /health/live and /health/ready: whether emergencies are answered, and which parts are degraded."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.frontdoor.door import Door, door_of
from bot.store.records import StoreError

STORE_SECONDS = 0.3


async def live(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> Response:
    """200 while emergencies are answered; `degraded` lists what does not work, `conversation` is Rasa."""
    door = door_of(request)
    rasa, store = await asyncio.gather(door.rasa.reachable(), _store_trouble(door))
    emergencies = door.voice.working()
    parts = {
        "triage": door.voice.trouble if emergencies else "triage does not hear an emergency",
        "classifier": door.opinion.trouble,
        "store": store,
        "conversation": None if rasa else "Rasa does not answer",
        "pages": door.pages.trouble,
        "texts": door.sender.trouble,
    }
    degraded = [name for name, trouble in parts.items() if trouble]
    body = {
        "ready": emergencies,
        "conversation": rasa,
        "degraded": degraded,
        "parts": {name: trouble or "ok" for name, trouble in parts.items()},
    }
    return JSONResponse(body, 200 if emergencies else 503)


async def _store_trouble(door: Door) -> str | None:
    try:
        await asyncio.wait_for(asyncio.wrap_future(door.store.writable(STORE_SECONDS)), STORE_SECONDS)
    except (StoreError, asyncio.TimeoutError):
        return door.store.trouble or "the database did not answer in time"
    return door.store.trouble
