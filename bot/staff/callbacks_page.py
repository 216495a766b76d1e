"""Call-backs: what is due first, who has it, how it went; a number is shown only with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.shown import back, fields, number_in, reason_in, zone_of
from bot.store import audit
from bot.store.callback_desk import AGAIN, OUTCOMES, Call, call_number, claim_call, closed, settle, waiting
from bot.store.clock import DAY, now

HOUR = timedelta(hours=1)
LONGEST_PUT_OFF, PATIENCE = 366 * DAY, 60_000  # milliseconds


async def calls(request: Request) -> Response:
    """The open requests; the closed ones under a link."""
    return await _shown(request, {})


async def claim(request: Request) -> Response:
    """Take a request, or take it over."""
    here, seq, over = request.path_params["id"], _seq(request), (await fields(request)).get("over", "")
    who = staff_of(request).name

    def change(db: Connection) -> str | None:
        has = claim_call(db, here, seq, who, over)
        if has == who:
            audit.record(db, who, "claim call-back", f"{here}:{seq}")
        return has

    if await console_of(request).store.write(change) is None:
        raise HTTPException(404)
    return back(request, "/callbacks", f"#c{here}-{seq}")


async def outcome(request: Request) -> Response:
    """Say how a call went."""
    given, here, seq, who = await fields(request), request.path_params["id"], _seq(request), staff_of(request).name
    how = given.get("outcome", "")
    again = _moment(request, given.get("again", "")) if how == AGAIN else None

    def change(db: Connection) -> bool:
        if not settle(db, here, seq, who, how, again):
            return False
        audit.record(db, who, "call-back outcome", f"{here}:{seq}", how)
        return True

    if not await console_of(request).store.write(change):
        raise HTTPException(400)
    return back(request, "/callbacks")


async def reveal(request: Request) -> Response:
    """The number to call, shown once, after who asked and why was written down."""
    here, seq, reason = request.path_params["id"], _seq(request), reason_in(await fields(request))
    store, who = console_of(request).store, staff_of(request).name

    def look(db: Connection) -> str | None:
        audit.record(db, who, "reveal number", f"{here}:{seq}", reason)
        return call_number(db, store.cipher, here, seq)

    number = await store.write(look)
    if number is None:
        raise HTTPException(404)
    return await _shown(request, {"conversation": here, "seq": seq, "number": number})


async def _shown(request: Request, revealed: dict[str, str | int | None]) -> Response:
    over, store, who = request.query_params.get("show") == "closed", console_of(request).store, staff_of(request).name

    def look(db: Connection) -> list[Call]:
        audit.record(db, who, "see call-backs", "closed" if over else "open")
        return (closed if over else waiting)(db, store.cipher, now())

    again = (datetime.now(zone_of(request)) + HOUR).strftime("%Y-%m-%dT%H:%M")
    found = await store.write(look)
    shown: dict[str, Any] = {"calls": found, "over": over, "again": again, "outcomes": OUTCOMES, "revealed": revealed}
    return show(request, "callbacks.html", **shown)


def _seq(request: Request) -> int:
    return number_in(request.path_params["seq"])


def _moment(request: Request, text: str) -> int:
    """A time that somebody chose, on the helpline's clock, as the database keeps it."""
    try:
        at = int(datetime.fromisoformat(text).replace(tzinfo=zone_of(request)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise HTTPException(400, "again") from None
    if not now() - PATIENCE < at < now() + LONGEST_PUT_OFF:
        raise HTTPException(400, "again")
    return at


PAGES = (
    Page("/callbacks", calls, "answer"),
    Page("/callbacks/{id}/{seq}/claim", claim, "answer", ("POST",)),
    Page("/callbacks/{id}/{seq}/outcome", outcome, "answer", ("POST",)),
    Page("/callbacks/{id}/{seq}/reveal", reveal, "reveal", ("POST",)),
)
