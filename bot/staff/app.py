"""Puts the console together: every module of this room that has PAGES, each page behind the guard."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from bot import staff
from bot.settings import Settings
from bot.sms.advice import ADVICE
from bot.staff.guard import guarded, lost
from bot.staff.headers import Border
from bot.staff.page import Console, Page, Staff
from bot.staff.roles import allowed
from bot.staff.sign_in import Desk
from bot.store.staff import StaffStore

PATIENCE_SECONDS = 30.0
TEMPLATES = Path(__file__).parent / "templates"


def pages() -> tuple[Page, ...]:
    """Every page of the console."""
    names = sorted(found.name for found in pkgutil.iter_modules(staff.__path__) if found.name != "__main__")
    modules = [importlib.import_module(f"{staff.__name__}.{name}") for name in names]
    return tuple(page for module in modules for page in getattr(module, "PAGES", ()))


def templates(settings: Settings) -> Environment:
    """The templates, which escape everything; `when` writes a time, `may` says what to show whom."""
    zone = ZoneInfo(settings.helpline_timezone)
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    made.filters["when"] = lambda at: f"{datetime.fromtimestamp(at / 1000, zone):%a %d %b %Y, %H:%M}"
    made.globals["helpline"] = settings.helpline_name
    made.globals["may"] = _may
    made.globals["advice"] = ADVICE
    made.globals["served"] = {page.path for page in pages()}
    return made


def build(settings: Settings) -> Starlette:
    """The web application."""
    app = Starlette(
        routes=[Route(page.path, guarded(page), methods=list(page.methods)) for page in pages()],
        lifespan=_life,
        middleware=[Middleware(Border, base_url=settings.staff_base_url, own_host=settings.staff_host)],
        exception_handlers={HTTPException: lost},
    )
    app.router.redirect_slashes = False  # which would tell anybody that there is such a page
    app.state.console = Console(settings, StaffStore(settings), templates(settings))
    app.state.desk = Desk()
    return app


def _may(who: Staff | None, permission: str) -> bool:
    return who is not None and allowed(who.role, permission)


@asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    store: StaffStore = app.state.console.store
    await asyncio.to_thread(_prepare, store)
    yield
    store.close()


def _prepare(store: StaffStore) -> None:
    """Bring the tables up to date; the front door may be at it in this moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return store.prepare()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
