"""From a text to the web chat: the page behind a link, spending the link, and showing what was said by text."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal
from bot.frontdoor.origins import check_origin
from bot.frontdoor.pages import send
from bot.frontdoor.session import bearer
from bot.sms.scribe import code_hash
from bot.store.records import StoreError, Words

CODE = re.compile(r"[A-Za-z0-9_-]{22}")
DIGITS = re.compile(r"[0-9]{4}")
SECONDS = 2.0
AT_ONCE, MOST = 200, 2000


async def link_page(request: Request) -> Response:
    """GET /c and /c/<code>: one page for every code, and no look at the database: previews of texts fetch it."""
    return send(request, "/c")


async def use_link(request: Request) -> Response:
    """POST /c/<code>: spend the link for a new session, which goes on what the texts were about."""
    door, code = door_of(request), request.path_params["code"]
    check_origin(request, door.settings)
    door.limits.session(request)
    token = door.sessions.issue()
    language = await _spend(door, code, door.sessions.conversation(token)) if CODE.fullmatch(code) else None
    if language is None:
        raise Refusal(410, "link_used")
    return JSONResponse({"token": token, "language": language})


async def earlier(request: Request) -> Response:
    """POST /chat/earlier: what was said by text, for whoever knows the last four digits of its number."""
    door = door_of(request)
    raw, whole = await read_body(request)
    check_origin(request, door.settings)
    conversation = door.sessions.conversation(bearer(request))
    door.limits.message(request, conversation)
    digits = _digits_in(raw) if whole else ""
    if not DIGITS.fullmatch(digits):
        raise Refusal(400, "bad_request")
    try:
        before, tries = await asyncio.wrap_future(door.store.continued(conversation, digits, SECONDS))
        messages = await _messages(door, before) if before else []
    except StoreError:
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None
    if before is None:
        return _wrong(door, tries)
    return JSONResponse({"messages": messages})


async def _spend(door: Door, code: str, conversation: str) -> str | None:
    try:
        used = door.store.use_link(code_hash(code), conversation, lambda language: _greeting(door, language), SECONDS)
        return await asyncio.wrap_future(used)
    except StoreError:
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None


def _greeting(door: Door, language: str) -> Words:
    return door.scribe.notice("continued", language)[0]


async def _messages(door: Door, conversation: str) -> list[dict[str, Any]]:
    """What was said in a conversation, from its beginning; of one that never ends no more than MOST entries."""
    found, after = [], 0
    while after < MOST:
        events = await asyncio.wrap_future(door.store.events(conversation, after, AT_ONCE))
        found += [dict(event.data) for event in events if "role" in event.data]
        if len(events) < AT_ONCE:
            break
        after = events[-1].seq
    return found


def _digits_in(raw: bytes) -> str:
    try:
        body = json.loads(raw.decode())
    except (ValueError, RecursionError):
        return ""
    digits = body.get("digits") if isinstance(body, dict) else None
    return digits if isinstance(digits, str) else ""


def _wrong(door: Door, tries: int) -> Response:
    """The refusal of digits that do not match, with how many tries are left."""
    words = door.voice.calm("wrong_digits")
    body = {"error": "wrong_digits", "tries": tries, "text": words.text, "language": words.language}
    return JSONResponse({**body, "phone": door.voice.phone, "card": words.card}, 403)
