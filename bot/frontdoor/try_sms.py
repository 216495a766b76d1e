"""Trying the texts in a browser: a telephone that nobody has, while no provider is configured."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal
from bot.frontdoor.origins import check_origin
from bot.frontdoor.session import LONGEST_TOKEN, bearer
from bot.sms.desk import Inbound
from bot.store.records import StoreError
from helpline.sms import segments

T = TypeVar("T")
# Areas whose numbers 555-0100 to 555-0199 belong to nobody.
AREAS = (
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252"
    " 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320"
).split()
DRAWS = 20  # until a number is found that nobody tried before
ARRIVED = ("sent", "delivered")
SALT = "firstlight-try-phone"


async def new_phone(request: Request) -> Response:
    """POST /sms/try/phone: a number that nobody tried before, and a token that shows whose it is."""
    door = _door(request)
    door.limits.session(request)
    number = await _stored(_unused(door))
    token = _signer(door).sign(number).decode()
    return JSONResponse({"phone": token, "number": f"+1 {number[2:5]} {number[5:8]}-{number[8:]}"}, 201)


async def text_in(request: Request) -> Response:
    """POST /sms/try/messages: what the phone's owner wrote goes the way of every text."""
    door = _door(request)
    number = _number(door, request)
    door.limits.message(request, number)
    text = _text_in(*await read_body(request))
    said = await door.desk.take(Inbound(number, f"SM{secrets.token_hex(16)}", text))
    now = int(time.time() * 1000)
    return JSONResponse({"texts": [_shown(f"at-once-{place}", body, now) for place, body in enumerate(said)]}, 202)


async def texts_out(request: Request) -> Response:
    """GET /sms/try/messages: every text that reached the phone, in order."""
    door = _door(request)
    texts = await _stored(asyncio.wrap_future(door.store.texts_to(_number(door, request))))
    arrived = [_shown(text.id, text.body, text.created_at) for text in texts if text.state in ARRIVED]
    return JSONResponse({"texts": arrived})


def _door(request: Request) -> Door:
    """The front door, where texts may be tried in it; with a provider this page is not there."""
    door = door_of(request)
    if door.settings.sms_provider != "console":
        raise Refusal(404, "not_found")
    check_origin(request, door.settings)
    return door


def _signer(door: Door) -> TimestampSigner:
    return TimestampSigner(door.settings.session_secret, salt=SALT, digest_method=hashlib.sha256)


def _number(door: Door, request: Request) -> str:
    """The number of a token that we issued; nobody reads another's texts."""
    token = bearer(request)
    try:
        if not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
            raise BadSignature("not a token")
        return _signer(door).unsign(token, max_age=int(door.settings.session_hours * 3600)).decode()
    except BadSignature:
        raise Refusal(401, "unauthorized", {"WWW-Authenticate": "Bearer"}) from None


async def _unused(door: Door) -> str:
    for _ in range(DRAWS):
        number = f"+1{secrets.choice(AREAS)}55501{secrets.randbelow(100):02}"
        texts, texter = door.store.texts_to(number, 1), door.store.texter(number)
        if not await asyncio.wrap_future(texts) and (await asyncio.wrap_future(texter)).conversation is None:
            return number
    raise Refusal(503, "no_texts")


async def _stored(reading: Awaitable[T]) -> T:
    try:
        return await reading
    except StoreError:
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None


def _text_in(raw: bytes, whole: bool) -> str:
    if not whole:
        raise Refusal(413, "too_long")
    try:
        body = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json") from None
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise Refusal(400, "bad_request")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _shown(text_id: int | str, body: str, at: int) -> dict[str, Any]:
    return {"id": text_id, "text": body, "ours": True, "segments": segments(body), "at": at}
