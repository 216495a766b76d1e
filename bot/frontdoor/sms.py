"""POST /sms/inbound and /sms/status: what Twilio tells us, once its signature is checked."""

from __future__ import annotations

import asyncio
import re
import time
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal
from bot.sms.desk import Inbound
from bot.store.records import StoreError
from helpline.sms import sender

SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
SENDER = re.compile(r"\+?[\w .-]{1,20}")
STATUS = re.compile(r"[a-z]{1,16}")
CODE = re.compile(r"\d{1,8}")
REPORT_SECONDS = 5.0
Fields = ImmutableMultiDict[str, str]


async def inbound(request: Request) -> Response:
    """Take a text: 204 once it is stored, or the answer itself where that cannot be done in time."""
    door, started = door_of(request), time.perf_counter()
    fields = await _signed(request, door)
    sid, number = fields.get("MessageSid", ""), sender(fields.get("From", "")).number
    if not SID.fullmatch(sid) or not SENDER.fullmatch(number):
        raise Refusal(400, "bad_request")
    text = fields.get("Body", "").replace("\0", "")
    media = fields.get("NumMedia", "")
    said = await door.desk.take(Inbound(number, sid, text, media not in ("", "0"), fields.get("OptOutType", "")))
    door.measures.text_seconds.observe(time.perf_counter() - started)
    if not said:
        return Response(status_code=204)
    answer = MessagingResponse()
    for body in said:
        answer.message(body)
    return Response(str(answer), media_type="text/xml")


async def status(request: Request) -> Response:
    """Note how a text fares; 404 for one that is none of ours."""
    door = door_of(request)
    fields = await _signed(request, door)
    sid, word, code = (fields.get(name, "") for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    if not SID.fullmatch(sid) or not STATUS.fullmatch(word):
        raise Refusal(400, "bad_request")
    ours = request.query_params.get("text", "")
    text_id = int(ours) if CODE.fullmatch(ours) else None
    reason = code if CODE.fullmatch(code) else None
    try:
        known = await asyncio.wrap_future(door.store.text_reported(text_id, sid, word, reason, REPORT_SECONDS))
    except StoreError:
        raise Refusal(503, "not_stored") from None
    if not known:
        raise Refusal(404, "not_found")
    return Response(status_code=204)


async def _signed(request: Request, door: Door) -> Fields:
    """The form that Twilio sent; refuses what it did not sign.

    The address that it signs is the public one, whatever a proxy made of it.
    """
    raw, whole = await read_body(request)
    fields: Fields = ImmutableMultiDict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{door.settings.public_base_url}{request.url.path}{query}"
    token, signature = door.settings.twilio_auth_token, request.headers.get("x-twilio-signature", "")
    if not (token and signature and whole and RequestValidator(token).validate(address, fields, signature)):
        door.measures.texts.labels("forged").inc()
        raise Refusal(403, "forged")
    return fields
