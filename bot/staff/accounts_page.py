"""Who may sign in: an admin adds accounts, changes roles, closes accounts and gives out one-time passwords."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff import passwords
from bot.staff.forms import form_of
from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.roles import ROLES
from bot.staff.sign_in import NAME
from bot.store import accounts, audit, sign_ins

HERE = "/accounts"


async def listed(request: Request) -> Response:
    """The page."""
    return await _shown(request)


async def add(request: Request) -> Response:
    """A new account; its one-time password is shown now and never again."""
    form = await form_of(request)
    name, role = form.get("name", "").strip().lower(), _role(form)
    if not NAME.fullmatch(name):
        return await _shown(request, 400, trouble="name")
    password, kept = await _one_time()
    try:
        await _change(request, "account_added", name, role, lambda db: accounts.add(db, name, role, kept))
    except accounts.NameTaken:
        return await _shown(request, 409, trouble="taken")
    return await _shown(request, name=name, password=password)


async def set_role(request: Request) -> Response:
    """Another role."""
    name, role = request.path_params["name"], _role(await form_of(request))
    return await _settled(request, "role_changed", name, role, lambda db: accounts.set_role(db, name, role))


async def disable(request: Request) -> Response:
    """Sign somebody out everywhere and for good."""
    name = request.path_params["name"]
    return await _settled(request, "account_disabled", name, "", lambda db: accounts.disable(db, name))


async def enable(request: Request) -> Response:
    """Let somebody sign in again."""
    name = request.path_params["name"]
    return await _settled(request, "account_enabled", name, "", lambda db: accounts.enable(db, name))


async def reset(request: Request) -> Response:
    """A new start for who lost a phone or a password: a one-time password, and the second factor set up again."""
    name = request.path_params["name"]
    password, kept = await _one_time()
    try:
        await _change(request, "account_reset", name, "", lambda db: accounts.reset(db, name, kept))
    except LookupError:
        raise HTTPException(404) from None
    return await _shown(request, name=name, password=password)


async def _settled(request: Request, action: str, name: str, how: str, work: Callable[[Connection], None]) -> Response:
    try:
        await _change(request, action, name, how, work)
    except LookupError:
        raise HTTPException(404) from None
    except accounts.LastAdmin:
        return await _shown(request, 409, trouble="last")
    return RedirectResponse(HERE, 303)


async def _change(request: Request, action: str, name: str, how: str, work: Callable[[Connection], None]) -> None:
    """Change an account and write it down; whoever uses it signs in again."""
    who = staff_of(request).name

    def change(db: Connection) -> None:
        work(db)
        sign_ins.end_all(db, name)
        audit.record(db, who, action, name, how)

    await console_of(request).store.write(change)


async def _shown(request: Request, status: int = 200, **shown: object) -> Response:
    rows = await console_of(request).store.read(accounts.everyone)
    return show(request, "accounts.html", status, accounts=rows, roles=ROLES, **shown)


async def _one_time() -> tuple[str, str]:
    password = passwords.generated()
    return password, accounts.ONCE + await passwords.hashed(password)


def _role(form: dict[str, str]) -> str:
    if form.get("role") not in ROLES:
        raise HTTPException(400)
    return form["role"]


PAGES = (
    Page(HERE, listed, "accounts"),
    Page(HERE, add, "accounts", ("POST",)),
    Page(HERE + "/{name}/role", set_role, "accounts", ("POST",)),
    Page(HERE + "/{name}/disable", disable, "accounts", ("POST",)),
    Page(HERE + "/{name}/enable", enable, "accounts", ("POST",)),
    Page(HERE + "/{name}/reset", reset, "accounts", ("POST",)),
)
