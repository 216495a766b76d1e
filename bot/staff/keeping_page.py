"""What is kept and for how long, what must stay, and deleting what somebody asks to have deleted."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff.forms import form_of
from bot.staff.page import Page, console_of, show, staff_of
from bot.store import audit, erasing, requests
from bot.store.clock import now
from bot.store.requests import Found
from bot.store.retention import dry_run, kept_since, sweep
from bot.store.staff import StaffStore

SHORTEST, LONGEST = 5, 500  # letters of a reason
ID = re.compile(r"[0-9a-f]{64}")
TRIES = 20
log = logging.getLogger(__name__)


async def keeping(request: Request) -> Response:
    """What is kept, by the settings in force."""
    console = console_of(request)
    before = kept_since(console.settings, now())
    due, held = await console.store.read(lambda db: (dry_run(db, before), erasing.held(db)))
    keys = [name for name, _ in console.settings.store_keys]
    here = request.query_params.get("conversation", "")
    shown: dict[str, Any] = {"settings": console.settings, "before": before, "due": due, "held": held, "keys": keys}
    return show(request, "keeping.html", **shown, here=here, sqlite=console.store.engine.dialect.name == "sqlite")


async def ask(request: Request) -> Response:
    """The form that finds what is to be deleted; the reader leads here with a conversation."""
    ids = ID.findall(request.query_params.get("conversation", ""))
    return await _found(request, ids, "") if ids else show(request, "deletion.html", found=None)


async def find(request: Request) -> Response:
    """What would be deleted, for a number or a conversation, neither of which may stand in an address."""
    form, store = await form_of(request), console_of(request).store
    number = _number(form.get("number", ""))
    if not number:
        return await _found(request, ID.findall(form.get("conversation", "")), "")
    ids = await store.read(lambda db: requests.of_number(db, store.cipher, store.phones, number))
    return await _found(request, ids, store.phones.id_of(number))


async def delete(request: Request) -> Response:
    """Delete it, with a reason that says nothing of what was said."""
    form, store, who = await form_of(request), console_of(request).store, staff_of(request).name
    ids, phone, reason = ID.findall(form.get("ids", "")), form.get("phone", ""), _reason(form)

    def work(db: Connection) -> int:
        erased = requests.erase(db, ids, who, reason)
        if ID.fullmatch(phone):
            requests.forget_number(db, phone)
        return erased

    erased = await store.write(work)
    return RedirectResponse(f"/deletion?deleted={erased}", 303, background=BackgroundTask(_sweep, store))


async def hold(request: Request) -> Response:
    """Keep a conversation until the hold is lifted."""
    return await _change(request, "hold", erasing.hold)


async def lift(request: Request) -> Response:
    """Let a conversation go its way again; what its visitor cleared meanwhile is deleted now."""
    return await _change(request, "lift_hold", lambda db, here, who, why: erasing.lift(db, here))


async def _change(request: Request, action: str, change: Callable[[Connection, str, str, str], bool]) -> Response:
    form, store, who = await form_of(request), console_of(request).store, staff_of(request).name
    here, reason = form.get("conversation", "").strip(), _reason(form)

    def work(db: Connection) -> bool:
        changed = change(db, here, who, reason)
        if changed:
            audit.record(db, who, action, here, reason)
        return changed

    if not ID.fullmatch(here) or not await store.write(work):
        raise HTTPException(404)
    return RedirectResponse("/keeping", 303, background=BackgroundTask(_sweep, store))


async def _found(request: Request, ids: Sequence[str], phone: str) -> Response:
    """What would go, which is a look at conversations as much as opening them is."""
    who = staff_of(request).name

    def work(db: Connection) -> list[Found]:
        found = requests.found(db, requests.with_related(db, ids))
        for each in found:
            audit.record(db, who, "find_to_delete", each.id)
        return found

    return show(request, "deletion.html", found=await console_of(request).store.write(work), phone=phone)


def _reason(form: Mapping[str, str]) -> str:
    """Why; whoever gives no reason of some length is refused."""
    reason = form.get("reason", "").strip()[:LONGEST]
    if sum(map(str.isalpha, reason)) < SHORTEST:
        raise HTTPException(400)
    return reason


def _number(typed: str) -> str:
    """A number as a machine writes it; one without a country is American."""
    digits = "".join(filter(str.isdecimal, typed))
    home = not typed.strip().startswith("+") and len(digits) == len("2125550123")
    return f"+{'1' if home else ''}{digits}" if digits.isascii() and digits else ""


def _sweep(store: StaffStore) -> None:
    """Leave nothing of what was deleted in the database's files, as soon as nobody is in the way."""
    for _ in range(TRIES):
        if sweep(store.engine):
            return
        time.sleep(1)
    log.warning("the files of the database may hold deleted words still: it was in use")


PAGES = (
    Page("/keeping", keeping, "keep"),
    Page("/deletion", ask, "keep"),
    Page("/deletion/find", find, "keep", ("POST",)),
    Page("/deletion", delete, "keep", ("POST",)),
    Page("/holds", hold, "keep", ("POST",)),
    Page("/holds/lift", lift, "keep", ("POST",)),
)
