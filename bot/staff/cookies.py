"""The cookies of the console: over https only this host can set them, and no script can read them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import console_of

SIGNED_IN, HALFWAY = "staff", "staff-half"


def secure(request: Request) -> bool:
    """Whether staff come over https; without it the console is for this machine only."""
    return console_of(request).settings.staff_base_url.startswith("https:")


def read(request: Request, name: str) -> str:
    """The value of a cookie, or nothing."""
    return request.cookies.get(_full(request, name), "")


def write(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser a cookie until it is closed."""
    response.set_cookie(_full(request, name), value, path="/", secure=secure(request), httponly=True, samesite="strict")


def forget(request: Request, response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(_full(request, name), path="/", secure=secure(request), httponly=True, samesite="strict")


def _full(request: Request, name: str) -> str:
    return f"__Host-{name}" if secure(request) else name
