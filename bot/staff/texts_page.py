"""Texts that did not arrive, and what can be done about each."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.store import audit
from bot.store.outbox import Outbox
from bot.store.records import UnsentText

MOST = 200


async def texts(request: Request) -> Response:
    """The newest texts that did not arrive."""
    store, who = console_of(request).store, staff_of(request).name
    outbox = Outbox(store.cipher, store.phones)

    def look(db: Connection) -> list[UnsentText]:
        audit.record(db, who, "see texts", "")
        return outbox.unsent(db, MOST)

    return show(request, "texts.html", texts=await store.write(look), most=MOST)


PAGES = (Page("/texts", texts, "read"),)
