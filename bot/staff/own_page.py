"""One's own account: another password, and signing out everywhere."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff import cookies, passwords
from bot.staff.forms import form_of
from bot.staff.guard import SIGN_IN
from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.sign_in import desk_of
from bot.store import accounts, audit, sign_ins


async def me(request: Request) -> Response:
    """The page."""
    return _shown(request, 200, "")


async def change_password(request: Request) -> Response:
    """Another password, for whoever knows the old one; it signs out everywhere else."""
    form, store, name = await form_of(request), console_of(request).store, staff_of(request).name
    if desk_of(request).too_many(request):
        return _shown(request, 429, "many")
    account = await store.read(lambda db: accounts.find(db, store.cipher, name))
    if account is None or not await passwords.right(form.get("old", ""), account.password_hash):
        await store.write(lambda db: audit.record(db, name, "password_change_failed", name))
        return _shown(request, 400, "old")
    chosen = form.get("password", "")
    if not passwords.good(chosen, name) or chosen != form.get("again"):
        return _shown(request, 400, "password")
    kept, here = await passwords.hashed(chosen), cookies.read(request, cookies.SIGNED_IN)

    def work(db: Connection) -> None:
        accounts.set_password(db, name, kept)
        sign_ins.end_all(db, name, but=here)
        audit.record(db, name, "password_changed", name)

    await store.write(work)
    return RedirectResponse("/me?told=password", 303)


async def leave_everywhere(request: Request) -> Response:
    """Sign out here and on every other device."""
    name = staff_of(request).name

    def work(db: Connection) -> None:
        sign_ins.end_all(db, name)
        audit.record(db, name, "sign_out_everywhere", name)

    await console_of(request).store.write(work)
    response = RedirectResponse(SIGN_IN, 303)
    cookies.forget(request, response, cookies.SIGNED_IN)
    return response


def _shown(request: Request, status: int, trouble: str) -> Response:
    return show(request, "me.html", status, trouble=trouble, least=passwords.LEAST)


PAGES = (
    Page("/me", me, "settle"),
    Page("/me/password", change_password, "settle", ("POST",)),
    Page("/me/sign-out-everywhere", leave_everywhere, "settle", ("POST",)),
)
