"""What one page of the console is: its address, who may use it, and how it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from jinja2 import Environment

    from bot.settings import Settings
    from bot.store.staff import StaffStore

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """One address. `permission` stands in roles.MAY; an empty one is for whoever is not signed in yet."""

    path: str
    endpoint: Endpoint
    permission: str
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class Staff:
    """Who is signed in; `csrf` must come back with every form."""

    name: str
    role: str
    csrf: str


@dataclass(frozen=True)
class Console:
    """Everything that a request needs."""

    settings: Settings
    store: StaffStore
    templates: Environment


def console_of(request: Request) -> Console:
    """The console that serves this request."""
    console: Console = request.app.state.console
    return console


def staff_of(request: Request) -> Staff:
    """Who asks; the guard has let them in."""
    staff: Staff = request.state.staff
    return staff


def show(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page from a template, which escapes everything; `staff` and `path` are there in every one."""
    staff = getattr(request.state, "staff", None)
    page = console_of(request).templates.get_template(template)
    text = page.render(staff=staff, path=request.url.path, query=request.query_params, **shown)
    return Response(text, status, media_type="text/html; charset=utf-8")
