"""POST /chat/messages: triage before anything that can fail, then check, then store, then 202."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
import unicodedata
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.frontdoor.body import read_body
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal, refused
from bot.frontdoor.listening import Heard
from bot.frontdoor.origins import check_origin
from bot.frontdoor.session import bearer
from bot.store.records import Accepted, ConversationCleared, Message, StoreError
from helpline.safety.phrases import LANGUAGES

LONGEST = 2000
STORE_SECONDS = 2.0
ALARM_SECONDS = 0.15  # from the whole request on: the card is due in 0.3 s
LEAST_SECONDS = 0.05
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """A checked message: exactly one of text and choice is not None."""

    message_id: str
    text: str | None
    choice: str | None


async def post_message(request: Request) -> Response:
    """Accept a message, or refuse it; an emergency's card is in the answer either way."""
    door, started = door_of(request), time.perf_counter()
    raw, whole = await read_body(request)
    whole_at = time.monotonic()
    body, broken = _parse(raw)
    heard = await _hear(request, door, _readable(raw) if broken else body)
    if heard.alarm:
        door.measures.alarms.labels(heard.triage.level).inc()
    try:
        accepted = await _accept(request, door, (body, broken, whole), heard, whole_at)
        card = accepted.card or (heard.at_once.card if heard.at_once else None)
        language = {"language": heard.attention.language} if card else {}
        answer = JSONResponse({"seq": accepted.seq, "card": card, **language}, 202)
    except Refusal as refusal:
        answer = refused(door.voice, refusal, heard.at_once, heard.triage.language or "en")
    except Exception as error:
        log.error("a message could not be taken", exc_info=error)
        answer = refused(door.voice, Refusal(503, "not_stored"), heard.at_once, heard.triage.language or "en")
    door.measures.messages.labels(str(answer.status_code)).inc()
    door.measures.message_seconds.observe(time.perf_counter() - started)
    return answer


async def _hear(request: Request, door: Door, body: Any) -> Heard:
    """What the message means, whatever else is wrong with the request: an emergency is answered all the same."""
    conversation = _conversation(request, door)
    message_id = str(body.get("id")).lower() if isinstance(body, dict) else ""
    language = _language(body)
    if isinstance(body, dict) and isinstance(body.get("choice"), str) and body.get("text") is None:
        return await door.listener.choice(conversation, message_id, body["choice"], language)
    text = body if isinstance(body, str) else _words_in(body)
    return await door.listener.text(conversation, message_id, text, language)


def _conversation(request: Request, door: Door) -> str | None:
    try:
        return door.sessions.conversation(bearer(request))
    except Refusal:
        return None


async def _accept(
    request: Request, door: Door, body: tuple[Any, bool, bool], heard: Heard, whole_at: float
) -> Accepted:
    said = _check(request, *body)
    check_origin(request, door.settings)
    conversation = door.sessions.conversation(bearer(request))
    door.limits.message(request, conversation)
    text = said.text
    if said.choice is not None:
        text = await _title(door, conversation, said.choice, _patience(heard, whole_at))
    message = Message(
        conversation=conversation,
        message_id=said.message_id,
        text=text or "",
        choice=said.choice,
        concern=heard.triage.concern,
        level=heard.triage.level,
        evidence=heard.triage.evidence,
        alarm=heard.at_once,
        attention=heard.attention.stored(),
        certain=heard.certain,
    )
    accepted = await _store(door, message, _patience(heard, whole_at))
    if accepted.turn is None:
        door.listener.forget(conversation)  # it was sent before: what it left behind is in the store
    return accepted


def _patience(heard: Heard, whole_at: float) -> float:
    """How long the store may take; for an alarm what is left of its time after hearing it."""
    return max(LEAST_SECONDS, ALARM_SECONDS - (time.monotonic() - whole_at)) if heard.at_once else STORE_SECONDS


async def _store(door: Door, message: Message, patience: float) -> Accepted:
    """Store it in time or refuse; a message that is stored after all is answered after all."""
    stored: Future[Accepted] = door.store.accept(message, patience)
    future = asyncio.wrap_future(stored)
    future.add_done_callback(lambda done: _begin(door, message.conversation, done))
    await asyncio.wait({future}, timeout=patience)
    if not future.done():
        raise Refusal(503, "not_stored", {"Retry-After": "2"})
    try:
        return future.result()
    except ConversationCleared:
        raise Refusal(401, "unauthorized") from None
    except StoreError:
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None


def _begin(door: Door, conversation: str, stored: asyncio.Future[Accepted]) -> None:
    if stored.cancelled() or stored.exception():
        return
    accepted = stored.result()
    if accepted.turn is not None:
        door.bell.ring(conversation, accepted.events)
        door.turns.begin(accepted.turn)


async def _title(door: Door, conversation: str, choice: str, patience: float) -> str:
    """The title of the button that was pressed; refuses a choice that we never offered here."""
    try:
        title = await asyncio.wait_for(asyncio.wrap_future(door.store.offered(conversation, choice)), patience)
    except (StoreError, asyncio.TimeoutError):
        raise Refusal(503, "not_stored", {"Retry-After": "2"}) from None
    if title is None:
        raise Refusal(403, "forged_choice")
    return title


def _check(request: Request, body: Any, broken: bool, whole: bool) -> Said:
    if not whole:
        raise Refusal(413, "too_long")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "not_json")
    if broken:
        raise Refusal(400, "not_json")
    if not isinstance(body, dict) or not is_uuid(body.get("id")):
        raise Refusal(400, "bad_request")
    text, choice = body.get("text"), body.get("choice")
    given = text if choice is None else choice
    if not isinstance(given, str) or (text is not None and choice is not None) or not _storable(given):
        raise Refusal(400, "bad_request")
    if not _visible(given):
        raise Refusal(400, "empty")
    if len(given) > LONGEST:
        raise Refusal(413, "too_long")
    return Said(body["id"].lower(), text, choice)


def _language(body: Any) -> str:
    """The language that the visitor chose; empty where there is none that we speak."""
    language = body.get("language") if isinstance(body, dict) else None
    return language if language in LANGUAGES else ""


def is_uuid(value: object) -> bool:
    """Whether a value is a UUID as text."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def _storable(text: str) -> bool:
    """Whether it is text at all: no NUL, and no half of a surrogate pair, which UTF-8 cannot hold."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _visible(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def _parse(raw: bytes) -> tuple[Any, bool]:
    """The JSON value, and whether it is none."""
    try:
        return json.loads(raw.decode()), False
    except (ValueError, RecursionError):
        return None, True


def _words_in(body: Any) -> str:
    """What triage should hear: the text, or whatever strings there are when the message is not as it should be."""
    if isinstance(body, dict) and isinstance(body.get("text"), str) and body.get("choice") is None:
        return _hearable(body["text"])
    return _hearable(". ".join(_strings(body)))


def _strings(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)):
            pending.extend(reversed(list(value.values() if isinstance(value, dict) else value)))


def _readable(raw: bytes) -> str:
    return _hearable(raw.decode("utf-8", "replace"))


def _hearable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
