"""The first page: what happened since the last shift, in the order in which it matters."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.shown import back, fields, number_in
from bot.store import audit
from bot.store.claims import claim, done
from bot.store.clock import HOUR, now
from bot.store.night import KINDS, night
from bot.store.views import last_look

SINCE = {"8": 8 * HOUR, "12": 12 * HOUR, "24": 24 * HOUR}
USUAL, HERE, LONGEST = "12", "here", 7 * 24 * HOUR
LOOK = "see night"
PAUSE = 2 * HOUR  # looks closer together than this are of one visit
LONGEST_SUBJECT, LONGEST_TIME = 128, 14  # letters, and digits of milliseconds


async def page(request: Request) -> Response:
    """The whole page; looking at it is written down, and what it shows by itself later is the same look."""
    store, who = console_of(request).store, staff_of(request).name
    chosen = _chosen(request)
    shown = await _found(request)
    await store.write(lambda db: audit.record(db, who, LOOK, "", chosen))
    return show(request, "night.html", choices=(*SINCE, HERE), **shown)


async def items(request: Request) -> Response:
    """The part that is fetched again and again."""
    return show(request, "parts/night.html", **await _found(request))


async def take(request: Request) -> Response:
    """Claim an item; who was first keeps it, until another takes it over by name."""
    given, who = await _item(request), staff_of(request).name
    kind, subject, over = given["kind"], given["subject"], given.get("over")
    newest = number_in(given.get("newest", "0"), LONGEST_TIME)

    def change(db: Connection) -> None:
        if claim(db, kind, subject, who, now(), newest=newest, over=over) == who:
            audit.record(db, who, "claim", subject, kind)

    await console_of(request).store.write(change)
    return back(request, "/", f"#{kind}")


async def finish(request: Request) -> Response:
    """Say that an item is done."""
    given, who = await _item(request), staff_of(request).name
    kind, subject = given["kind"], given["subject"]

    def change(db: Connection) -> None:
        if done(db, kind, subject, who, now()):
            audit.record(db, who, "done", subject, kind)

    await console_of(request).store.write(change)
    return back(request, "/", f"#{kind}")


async def _item(request: Request) -> dict[str, str]:
    """What a form says of an item."""
    given = await fields(request)
    if given.get("kind") not in KINDS or not 0 < len(given.get("subject", "")) <= LONGEST_SUBJECT:
        raise HTTPException(400)
    return given


async def _found(request: Request) -> dict[str, Any]:
    chosen, at, who = _chosen(request), now(), staff_of(request).name

    def look(db: Connection) -> tuple[int, Any]:
        since = at - SINCE[chosen] if chosen in SINCE else _last_visit(db, who, at)
        return since, night(db, since, at)

    since, found = await console_of(request).store.read(look)
    return {"night": found, "since": since, "at": at, "chosen": chosen}


def _chosen(request: Request) -> str:
    chosen = request.query_params.get("since", USUAL)
    return chosen if chosen in (*SINCE, HERE) else USUAL


def _last_visit(db: Connection, who: str, at: int) -> int:
    """When somebody last looked at this page before the visit that they are on."""
    seen = last_look(db, who, LOOK, at - PAUSE)
    return max(at - LONGEST, seen if seen is not None else at - SINCE[USUAL])


PAGES = (
    Page("/", page, "read"),
    Page("/night/items", items, "read"),
    Page("/night/claim", take, "answer", ("POST",)),
    Page("/night/done", finish, "answer", ("POST",)),
)
