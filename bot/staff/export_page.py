"""Takes conversations out of the console: the redacted copy only, with a reason, and written down first."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.staff.files import Written, as_csv, as_json
from bot.staff.forms import form_of
from bot.staff.page import Console, Page, console_of, show, staff_of
from bot.store import audit
from bot.store.exporting import MOST, chosen, known, talks
from bot.store.filters import Filters

AT_ONCE = 100  # conversations
LEAST_REASON, LONGEST_REASON = 5, 500
ID = re.compile(r"[0-9a-f]{64}")
KINDS = {"csv": (as_csv, "text/csv"), "json": (as_json, "application/x-ndjson")}


async def ask(request: Request) -> Response:
    """What would be exported, and the form that asks why."""
    return await _asked(request, dict(request.query_params), "")


async def export(request: Request) -> Response:
    """The file. How many conversations, by which filters and why stands in the audit before it begins."""
    form, console = await form_of(request), console_of(request)
    who, kind = staff_of(request).name, form.get("kind", "")
    reason = form.get("reason", "").strip()[:LONGEST_REASON]
    if len(reason) < LEAST_REASON or kind not in KINDS:
        return await _asked(request, form, "reason")

    def begin(db: Connection) -> list[str] | None:
        ids = _chosen(db, console, form)
        if not 0 < len(ids) <= MOST:
            return None
        audit.record(db, who, "export", f"{len(ids)} conversations as {kind}", f"{_named(console, form)}: {reason}")
        return ids

    ids = await console.store.write(begin)
    if ids is None:
        return await _asked(request, form, "")
    write, media = KINDS[kind]
    zone = ZoneInfo(console.settings.helpline_timezone)
    name = f"conversations-{datetime.now(zone):%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_written(console, ids, write(zone)), media_type=media, headers=headers)


async def _written(console: Console, ids: Sequence[str], write: Written) -> AsyncIterator[str]:
    first = True
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        for talk in await console.store.read(lambda db, some=some: talks(db, some)):  # type: ignore[misc]
            yield write(talk, first)
            first = False


async def _asked(request: Request, given: dict[str, str], trouble: str) -> Response:
    console = console_of(request)
    count = len(await console.store.read(lambda db: _chosen(db, console, given)))
    fields = {name: value for name, value in given.items() if name not in ("csrf", "reason", "kind")}
    shown = {"count": count, "most": MOST, "fields": fields, "named": _named(console, given), "trouble": trouble}
    return show(request, "export.html", 400 if trouble else 200, **shown)


def _chosen(db: Connection, console: Console, given: dict[str, str]) -> list[str]:
    ids = ID.findall(given.get("conversation", ""))
    return known(db, ids) if given.get("conversation") else chosen(db, _filters(console, given))


def _filters(console: Console, given: dict[str, str]) -> Filters:
    return Filters.read(given, console.settings.helpline_timezone)


def _named(console: Console, given: dict[str, str]) -> str:
    """Which conversations, as the audit keeps it."""
    if given.get("conversation"):
        return "conversation=" + "+".join(ID.findall(given["conversation"]))
    return _filters(console, given).as_query() or "all"


PAGES = (Page("/export", ask, "export"), Page("/export", export, "export", ("POST",)))
