"""What pages share: the fields of a form without blanks, the helpline's time zone, and where a form leads back to."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff.forms import form_of
from bot.staff.page import console_of

SHORTEST_REASON = 5


async def fields(request: Request) -> dict[str, str]:
    """What a form says, by name, without the blanks around it."""
    return {name: value.strip() for name, value in (await form_of(request)).items()}


def zone_of(request: Request) -> ZoneInfo:
    """The helpline's time zone."""
    return ZoneInfo(console_of(request).settings.helpline_timezone)


def back(request: Request, path: str, anchor: str = "") -> Response:
    """Lead from a form to a page, with the filters of the list that it was opened from."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}{anchor}", 303)


def reason_in(given: dict[str, str]) -> str:
    """Why somebody wants to see something; whoever gives no reason of some length is refused."""
    reason = given.get("reason", "")
    if sum(letter.isalpha() for letter in reason) < SHORTEST_REASON:
        raise HTTPException(400, "reason")
    return reason[:500]


def number_in(text: str, longest: int = 9) -> int:
    """A number of so many digits from an address or a form; what is none is not found."""
    if not (text.isascii() and text.isdecimal() and len(text) <= longest):
        raise HTTPException(404)
    return int(text)
