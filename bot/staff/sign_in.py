"""Signing in: name and password, then the second factor; every way to fail looks and takes the same."""

from __future__ import annotations

import re

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.frontdoor.limits import Window, address_of
from bot.staff import cookies, factor, passwords
from bot.staff.forms import form_of
from bot.staff.guard import SIGN_IN, own_path, recognise
from bot.staff.halfway import Halfway, Owing
from bot.staff.page import Page, console_of, show, staff_of
from bot.store import accounts, audit, sign_ins
from bot.store.accounts import Account

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
CODE = f"{SIGN_IN}/code"
TRIES, TRIES_SECONDS = 20, 300.0  # of one address, which a whole centre may share


class Desk:
    """What signing in remembers between two requests."""

    def __init__(self) -> None:
        self.halfway = Halfway()
        self.tries = Window(TRIES, TRIES_SECONDS)

    def too_many(self, request: Request) -> bool:
        """Count a try of this address; whether there were too many."""
        return self.tries.wait(address_of(request)) > 0


def desk_of(request: Request) -> Desk:
    """The desk of this console."""
    desk: Desk = request.app.state.desk
    return desk


async def ask(request: Request) -> Response:
    """The form, or where somebody wanted to go who is signed in already."""
    following = own_path(request.query_params.get("next", "/"))
    if await recognise(request):
        return RedirectResponse(following, 303)
    # A link from elsewhere brings no strict cookie along; our own page, asked once more, does.
    again = request.headers.get("sec-fetch-site") == "cross-site"
    return show(request, "sign_in.html", next=following, again=again)


async def enter(request: Request) -> Response:
    """The first factor. One password is checked whatever the name, and one row is written."""
    form = await form_of(request)
    following, store = own_path(form.get("next", "/")), console_of(request).store
    if desk_of(request).too_many(request):
        return show(request, "sign_in.html", 429, next=following, trouble="many")
    name = form.get("name", "").strip().lower()
    name = name if NAME.fullmatch(name) else ""
    account = await store.read(lambda db: accounts.find(db, store.cipher, name))
    password = form.get("password", "")
    fits = await passwords.right(password, account.password_hash if account else None)
    if account is None or account.closed or not fits:
        await store.write(lambda db: _failed(db, name if account else "unknown"))
        return show(request, "sign_in.html", 403, next=following, trouble="wrong")
    if passwords.outdated(account.password_hash) and not account.once:
        kept = await passwords.hashed(password)
        await store.write(lambda db: accounts.set_password(db, name, kept))
    response = RedirectResponse(CODE, 303)
    cookies.write(request, response, cookies.HALFWAY, desk_of(request).halfway.begin(name, following))
    return response


async def ask_code(request: Request) -> Response:
    """The second factor: its code, or how to set it up."""
    account, owing = await _owing(request)
    if owing is None or account is None:
        return RedirectResponse(SIGN_IN, 303)
    return _second_factor(request, account, owing)


async def enter_code(request: Request) -> Response:
    """Sign in, where the code is right and was never used; a one-time password is replaced on the way."""
    account, owing = await _owing(request)
    if owing is None or account is None:
        return RedirectResponse(SIGN_IN, 303)
    form = await form_of(request)
    chosen = form.get("password", "") if account.once else ""
    if account.once and not (passwords.good(chosen, owing.name) and chosen == form.get("again")):
        return _second_factor(request, account, owing, "password")
    if account.once and await passwords.right(chosen, account.password_hash):
        return _second_factor(request, account, owing, "password")
    kept = await passwords.hashed(chosen) if chosen else None
    cookie = await console_of(request).store.write(lambda db: _finish(request, db, owing, form.get("code", ""), kept))
    if cookie is None:
        return await _wrong_code(request)
    response = RedirectResponse(owing.next, 303)
    desk_of(request).halfway.end(cookies.read(request, cookies.HALFWAY))
    cookies.forget(request, response, cookies.HALFWAY)
    cookies.write(request, response, cookies.SIGNED_IN, cookie)
    return response


async def leave(request: Request) -> Response:
    """Sign out here."""
    cookie, name = cookies.read(request, cookies.SIGNED_IN), staff_of(request).name

    def work(db: Connection) -> None:
        sign_ins.end(db, cookie)
        audit.record(db, name, "sign_out", name)

    await console_of(request).store.write(work)
    response = RedirectResponse(SIGN_IN, 303)
    cookies.forget(request, response, cookies.SIGNED_IN)
    return response


def _finish(request: Request, db: Connection, owing: Owing, code: str, kept: str | None) -> str | None:
    """The cookie of a new sign-in; None where the code is wrong, which is counted."""
    account = accounts.find(db, console_of(request).store.cipher, owing.name)
    if account is None or account.closed:
        return None
    step = factor.step_of(account.secret or owing.secret, code)
    if step is None or not accounts.use_step(db, owing.name, step):
        _failed(db, owing.name)
        return None
    if account.secret is None:
        accounts.set_secret(db, console_of(request).store.cipher, owing.name, owing.secret)
        audit.record(db, owing.name, "second_factor_set_up", owing.name)
    if kept:
        accounts.set_password(db, owing.name, kept)
        audit.record(db, owing.name, "password_changed", owing.name)
    accounts.succeed(db, owing.name)
    sign_ins.end(db, cookies.read(request, cookies.SIGNED_IN))
    audit.record(db, owing.name, "sign_in", owing.name)
    return sign_ins.begin(db, owing.name)


def _failed(db: Connection, name: str) -> None:
    """Somebody could not sign in. What was typed instead of a name may be a password: it is not written down."""
    accounts.fail(db, name)
    audit.record(db, "", "sign_in_failed", name)


async def _owing(request: Request) -> tuple[Account | None, Owing | None]:
    owing = desk_of(request).halfway.find(cookies.read(request, cookies.HALFWAY))
    if owing is None:
        return None, None
    store, name = console_of(request).store, owing.name
    account = await store.read(lambda db: accounts.find(db, store.cipher, name))
    return (None if account is None or account.closed else account), owing


async def _wrong_code(request: Request) -> Response:
    account, owing = await _owing(request)
    if owing is None or account is None:
        return show(request, "sign_in.html", 403, next="/", trouble="wrong")
    return _second_factor(request, account, owing, "code")


def _second_factor(request: Request, account: Account, owing: Owing, trouble: str = "") -> Response:
    shown = {"trouble": trouble, "once": account.once, "least": passwords.LEAST}
    if account.secret is None:
        issuer = console_of(request).settings.helpline_name
        shown |= {"secret": owing.secret, "picture": factor.picture(owing.secret, owing.name, issuer)}
    return show(request, "second_factor.html", 403 if trouble else 200, **shown)


PAGES = (
    Page(SIGN_IN, ask, ""),
    Page(SIGN_IN, enter, "", ("POST",)),
    Page(CODE, ask_code, ""),
    Page(CODE, enter_code, "", ("POST",)),
    Page("/sign-out", leave, "settle", ("POST",)),
)
