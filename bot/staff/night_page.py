"""The first page: what happened since the last shift, in the order in which it matters."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.shown import fields
from bot.store import audit
from bot.store.clock import now
from bot.store.night import claim, done, night
from bot.store.views import last_look

HOUR = 3600 * 1000
SINCE = {"8": 8 * HOUR, "12": 12 * HOUR, "24": 24 * HOUR}
USUAL, HERE = "12", "here"
LOOK = "see night"
PAUSE = 2 * HOUR  # looks closer together than this are of one visit


async def page(request: Request) -> Response:
    """The whole page; looking at it is written down, and what it shows by itself later is the same look."""
    store, who = console_of(request).store, staff_of(request).name
    shown = await _found(request)
    await store.write(lambda db: audit.record(db, who, LOOK, "", shown["chosen"]))
    return show(request, "night.html", choices=(*SINCE, HERE), **shown)


async def items(request: Request) -> Response:
    """The part that is fetched again and again."""
    return show(request, "parts/night.html", **await _found(request))


async def take(request: Request) -> Response:
    """Claim an item."""
    who = staff_of(request).name
    return await _change(request, "claim", lambda db, kind, subject: claim(db, kind, subject, who, now()))


async def finish(request: Request) -> Response:
    """Say that an item is done."""
    who = staff_of(request).name
    return await _change(request, "done", lambda db, kind, subject: done(db, kind, subject, who, now()))
