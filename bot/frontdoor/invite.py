"""POST /sms/invite and POST /chat/text: a text to somebody who agreed to it, on the phone or in the web chat."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.context import ANSWERS_FORM
from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal, refused
from bot.frontdoor.messages import is_uuid
from bot.frontdoor.origins import check_origin
from bot.frontdoor.session import bearer
from bot.store.records import StoreError, Texts
from helpline.safety.phrases import LANGUAGES
from helpline.sms import fictional, shown, textable

SECONDS = 2.0
MOST = 20  # entries in which an answer and its parts stand
PAUSE = 30.0  # seconds between two texts to a number that did not write
REFUSED = {"opted_out": 409, "too_soon": 429}


async def invite(request: Request) -> Response:
    """Text the link to the web chat to a caller who agreed; for a phone system or staff, who know SMS_KEY."""
    door = door_of(request)
    if not hmac.compare_digest(bearer(request).encode("utf-8", "replace"), door.settings.sms_key.encode()):
        raise Refusal(401, "unauthorized", {"WWW-Authenticate": "Bearer"})
    asked = await _agreed(request)
    number = _number(door, asked)
    _, texts = door.scribe.notice("invite", _language(asked), "invite")
    return await _queue(door, number, f"invite:{asked['id']}", texts)


async def text_me(request: Request) -> Response:
    """Text one answer of the web chat to the number that its visitor gave."""
    door = door_of(request)
    check_origin(request, door.settings)
    conversation = door.sessions.conversation(bearer(request))
    door.limits.text(request, conversation)
    asked = await _agreed(request)
    try:
        number, said = _number(door, asked), await _answer(door, conversation, asked.get("seq"))
        texts = door.scribe.from_web([each["text"] for each in said], said[0]["language"])
        return await _queue(door, number, f"web:{asked['id']}", texts)
    except Refusal as refusal:
        # Nobody learns here that a number has texted us and asked for no more.
        told = Refusal(422, "not_textable") if refusal.code == "opted_out" else refusal
        return refused(door.voice, told, language=_language(asked))


async def _agreed(request: Request) -> dict[str, Any]:
    """What was asked for; refused where nobody says that the person agreed."""
    raw, whole = await read_body(request)
    try:
        asked = json.loads(raw.decode()) if whole else None
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict) or not is_uuid(asked.get("id")) or asked.get("agreed") is not True:
        raise Refusal(400, "bad_request")
    return asked


def _number(door: Door, asked: dict[str, Any]) -> str:
    """The number, as a machine writes it; refused where no text can go there."""
    given = asked.get("number")
    number, problem = textable(given) if isinstance(given, str) else ("", "too_short")
    if problem:
        raise Refusal(422, "not_textable")
    if door.settings.sms_provider == "console" and not fictional(number):
        raise Refusal(503, "no_texts")
    return number


async def _answer(door: Door, conversation: str, seq: object) -> Sequence[Mapping[str, Any]]:
    """All that we said to the message that entry `seq` answers; refuses every other number.

    And what reads a form back: its words are the visitor's own, and could say anything to a stranger.
    """
    if not isinstance(seq, int) or not 0 < seq < 2**31:
        raise Refusal(400, "bad_request")
    asked = (await _said(door, conversation, seq - 1, 1))[:1]
    message = asked[0].get("reply_to") if asked and asked[0]["seq"] == seq else None
    if message is None:
        raise Refusal(400, "bad_request")
    found = await _said(door, conversation, message, MOST)
    parts = [said for said in found if said.get("reply_to") == message and said.get("text")]
    of_form = any(button["choice"].startswith(f"/{ANSWERS_FORM}") for part in parts for button in part["buttons"])
    if not parts or of_form:
        raise Refusal(400, "bad_request")
    return parts


async def _said(door: Door, conversation: str, after: int, most: int) -> list[Mapping[str, Any]]:
    try:
        events = await asyncio.wait_for(asyncio.wrap_future(door.store.events(conversation, after, most)), SECONDS)
    except (StoreError, asyncio.TimeoutError):
        raise Refusal(503, "not_stored") from None
    return [event.data for event in events]


async def _queue(door: Door, number: str, once: str, texts: Texts) -> Response:
    try:
        state = await asyncio.wrap_future(door.store.invite(number, once, texts, PAUSE, SECONDS))
    except StoreError:
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None
    if state in REFUSED:
        raise Refusal(REFUSED[state], state)
    door.sender.wake()
    return JSONResponse({"state": state, "number": shown(number)}, 202)


def _language(asked: dict[str, Any]) -> str:
    language = asked.get("language")
    return language if isinstance(language, str) and language in LANGUAGES else "en"
