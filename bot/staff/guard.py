"""Stands before every page: who is asking, may they, and did the request come from our own pages?"""

from __future__ import annotations

import hmac
import logging
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff import cookies
from bot.staff.forms import form_of
from bot.staff.page import Endpoint, Page, Staff, console_of, show
from bot.staff.roles import allowed
from bot.store import audit, sign_ins

log = logging.getLogger(__name__)
SIGN_IN = "/sign-in"


def guarded(page: Page) -> Endpoint:
    """The page's endpoint, for whoever may use it."""

    async def endpoint(request: Request) -> Response:
        try:
            return await _refusal(request, page) or await page.endpoint(request)
        except HTTPException:
            raise
        except Exception:
            log.exception("a page failed: %s", page.path)
            return show(request, "error.html", 500, code=500)

    return endpoint


async def lost(request: Request, error: Exception) -> Response:
    """What is answered where there is no such page, which only staff may know."""
    assert isinstance(error, HTTPException)
    request.state.staff = await recognise(request)
    if request.state.staff is None and error.status_code in (404, 405):
        return _signed_out(request)
    return show(request, "error.html", error.status_code, code=error.status_code)


async def recognise(request: Request) -> Staff | None:
    """Who is signed in, if anybody; a look of the page by itself (htmx) does not count as being there."""
    cookie, store = cookies.read(request, cookies.SIGNED_IN), console_of(request).store
    found = await store.read(lambda db: sign_ins.find(db, cookie)) if cookie else None
    if found is None:
        return None
    if found.stale and not ("hx-request" in request.headers and request.method == "GET"):
        await store.write(lambda db: sign_ins.note(db, cookie))
    return Staff(found.name, found.role, found.csrf)


def own_path(address: str) -> str:
    """A path on this console, or its first page where the address leads anywhere else."""
    plain = address.isprintable() and "\\" not in address and not address.startswith("//")
    return address if plain and address.startswith("/") else "/"


async def _refusal(request: Request, page: Page) -> Response | None:
    """What is answered instead of the page; None where it may be used."""
    if "\0" in request.url.path or b"%00" in request.scope["query_string"]:  # PostgreSQL keeps none
        raise HTTPException(400)
    changes = request.method not in ("GET", "HEAD")
    if changes and not _from_our_pages(request):
        return _denied(request)
    if not page.permission:
        return None
    staff = request.state.staff = await recognise(request)
    if staff is None:
        return _signed_out(request)
    if changes and not await _with_token(request, staff):
        return _denied(request)
    if not allowed(staff.role, page.permission):
        path = request.url.path
        await console_of(request).store.write(lambda db: audit.record(db, staff.name, "denied", path))
        return _denied(request)
    return None


def _from_our_pages(request: Request) -> bool:
    """Whether the browser says so. Under no-referrer it may hide the origin: then Sec-Fetch-Site has to say it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    if site is not None and site != "same-origin":
        return False
    if origin == "null":
        return site == "same-origin"
    ours = console_of(request).settings.staff_base_url
    return origin == ours or urlsplit(origin).netloc == request.headers.get("host")


async def _with_token(request: Request, staff: Staff) -> bool:
    given = request.headers.get("x-csrf-token") or (await form_of(request)).get("csrf", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), staff.csrf.encode())


def _denied(request: Request) -> Response:
    return show(request, "error.html", 403, code=403)


def _signed_out(request: Request) -> Response:
    """To the sign-in page and back again; where nothing can come back, only that."""
    if "hx-request" in request.headers:
        here = urlsplit(request.headers.get("hx-current-url", ""))
        address = f"{here.path}?{here.query}" if here.query else here.path
        return Response(status_code=401, headers={"HX-Redirect": _sign_in_for(address)})
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(_sign_in_for(request.url.path + query), 303)
    return show(request, "error.html", 401, code=401)


def _sign_in_for(address: str) -> str:
    return f"{SIGN_IN}?next={quote(own_path(address), safe='')}"
