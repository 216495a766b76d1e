"""Who did and saw what, and whether anybody touched that record."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.store import audit
from bot.store.looks import Looks, looks

LONGEST = 128  # of a name or a subject
LATEST = 2**31 - 1


async def listed(request: Request) -> Response:
    """The record, the newest first; looking at it is in it, too."""
    asked, name = request.query_params, staff_of(request).name
    who, subject = (asked.get(key, "").strip()[:LONGEST] for key in ("who", "subject"))
    before = asked.get("before", "")

    def work(db: Connection) -> Looks:
        audit.record(db, name, "audit_read", subject or who or "everything")
        return looks(db, min(int(before[:10]), LATEST) if before.isdecimal() else None, who=who, subject=subject)

    found = await console_of(request).store.write(work)
    return show(request, "audit.html", rows=found.rows, next=found.next, who=who, subject=subject)


async def chain(request: Request) -> Response:
    """Whether every row follows from the one before."""
    return show(request, "audit_chain.html", broken=await console_of(request).store.read(audit.broken))


PAGES = (Page("/audit", listed, "audit"), Page("/audit/chain", chain, "audit"))
