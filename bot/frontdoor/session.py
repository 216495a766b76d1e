"""Chat sessions: tokens that need no database, and leaving or clearing a chat."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal
from bot.frontdoor.origins import check_origin
from bot.store import conversation_key
from bot.store.records import StoreError

LONGEST_TOKEN = 256
CLEAR_SECONDS = 2.0


class Sessions:
    """Issues and reads tokens: a random conversation id of 192 bits, the time, and our signature."""

    def __init__(self, secret: str, hours: float) -> None:
        self._signer = TimestampSigner(secret, salt="firstlight chat session", digest_method=hashlib.sha256)
        self._seconds = int(hours * 3600)

    def issue(self) -> str:
        """A new token."""
        return self._signer.sign(secrets.token_urlsafe(24)).decode()

    def conversation(self, token: str) -> str:
        """The conversation that a token belongs to, as the store names it; refuses what we did not issue.

        A token from the future is as good as a new one: the clock was set back since we issued it.
        """
        try:
            if not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
                raise BadSignature("not a token")
            signed, issued = self._signer.unsign(token, return_timestamp=True)
            if time.time() - issued.timestamp() > self._seconds:
                raise BadSignature("too old")
            return conversation_key(signed.decode())
        except BadSignature:
            raise Refusal(401, "unauthorized", {"WWW-Authenticate": "Bearer"}) from None


def bearer(request: Request) -> str:
    """The token in the Authorization header, or an empty string."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def open_session(request: Request) -> Response:
    """POST /chat/session: a token, made without touching the database."""
    door = door_of(request)
    check_origin(request, door.settings)
    door.limits.session(request)
    return JSONResponse({"token": door.sessions.issue()}, 201)


async def clear_session(request: Request) -> Response:
    """DELETE /chat/session: everything said is deleted, and the token is worth nothing any more."""
    door = door_of(request)
    check_origin(request, door.settings)
    conversation = door.sessions.conversation(bearer(request))
    door.listener.forget(conversation)
    return await _write(door, conversation, lambda: asyncio.wrap_future(door.store.clear(conversation, CLEAR_SECONDS)))


async def end_session(request: Request) -> Response:
    """POST /chat/session/end: the visitor left. A beacon sends it, with the token in the body."""
    door = door_of(request)
    check_origin(request, door.settings)
    raw, whole = await read_body(request)
    conversation = door.sessions.conversation(_token_in(raw) if whole else "")
    return await _write(door, conversation, lambda: asyncio.wrap_future(door.store.end(conversation, CLEAR_SECONDS)))


async def _write(door: Door, conversation: str, write: Callable[[], Awaitable[None]]) -> Response:
    try:
        await write()
    except StoreError:
        raise Refusal(503, "not_stored") from None
    door.bell.ring(conversation)
    return Response(status_code=204)


def _token_in(raw: bytes) -> str:
    """The token in a beacon's body: as plain text, or as {"token": ...}."""
    text = raw.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            token = json.loads(text).get("token")
        except (ValueError, RecursionError):
            return ""
        return token if isinstance(token, str) else ""
    return text
