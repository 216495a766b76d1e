"""The alerts that went out to staff, or did not: the newest first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, show
from bot.store.alerts import recent

MOST = 200


async def alerts(request: Request) -> Response:
    """The newest alerts. There are no words of anybody in them, so that a look is not written down."""
    console = console_of(request)
    rows = await console.store.read(lambda db: recent(db, MOST))
    return show(request, "alerts.html", alerts=rows, ways=console.settings.alert_ways, most=MOST)


PAGES = (Page("/alerts", alerts, "read"),)
