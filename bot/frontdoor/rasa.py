"""Talk to Rasa over loopback, and believe nothing of its answer that was not checked."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.frontdoor.loopback import Loopback, LoopbackBroken
from bot.store.records import Callback, Turn, Words

HEALTH_SECONDS = 1.0
LONGEST_WORDS = 80  # of a call-back: a name, a best time
NUMBER = re.compile(r"\+\d{6,15}(?: ext\. \d{1,11})?")
UNDERSTOOD = ("intent", "confidence", "ranking", "entities", "fallback", "severity", "helped")


class RasaError(Exception):
    """Rasa answered, but not with something that can be used."""


class RasaUnreachable(RasaError):
    """No connection, or one that broke: asking the same again is worth while and changes nothing twice."""


@dataclass(frozen=True)
class Reply:
    """What Rasa said to one turn."""

    words: tuple[Words, ...]
    understood: Mapping[str, Any] = field(default_factory=dict)
    concern: str | None = None
    context: Mapping[str, Any] | None = None
    failed: bool = False
    callback: Callback | None = None

    @property
    def of_form(self) -> bool:
        """Whether the words ask for an answer to a form, or say that it was handed over."""
        return self.callback is not None or bool((self.context or {}).get("form"))


class Rasa:
    """The other end of the loopback channel."""

    def __init__(self, port: int, key: str) -> None:
        self._loopback = Loopback(port, key)

    def close(self) -> None:
        """Let go of the connections."""
        self._loopback.close()

    async def reachable(self) -> bool:
        """Whether Rasa has its model loaded and answers."""
        try:
            answer = await self._loopback.get("/webhooks/loopback/", HEALTH_SECONDS)
            body = json.loads(answer.body)
        except (LoopbackBroken, asyncio.TimeoutError, ValueError, RecursionError):
            return False
        return answer.status == 200 and isinstance(body, dict) and body.get("ready", True) is not False

    async def ask(self, turn: Turn, context: Mapping[str, Any], seconds: float) -> Reply:
        """Give Rasa one turn; an alarm goes as its concern only, never as text that Rasa would guess about."""
        asked = {
            "conversation": turn.conversation,
            "message_id": turn.message_id,
            "text": None if turn.alarm else turn.text,
            "choice": None if turn.alarm else turn.choice,
            "concern": turn.concern if turn.alarm else None,
            "context": context,
        }
        try:
            answer = await self._loopback.post("/webhooks/loopback/turn", asked, seconds)
        except LoopbackBroken as error:
            raise RasaUnreachable(str(error)) from None
        if answer.status != 200:
            raise RasaError(f"status {answer.status}")
        return _reply(answer.body)


def _reply(raw: bytes) -> Reply:
    try:
        body = json.loads(raw)
        context = body.get("context")
        heard = body.get("understood") or {}
        concern = body.get("concern")
        return Reply(
            words=tuple(words for words in map(_words, body.get("messages") or []) if words is not None),
            understood={name: heard[name] for name in UNDERSTOOD if name in heard},
            concern=concern if isinstance(concern, str) and concern != "none" else None,
            context=_context(context) if isinstance(context, dict) else None,
            failed=bool(body.get("failed")),
            callback=_callback(body["callback"]) if body.get("callback") is not None else None,
        )
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise RasaError("an answer that is not in the agreed form") from None


def _context(context: dict[str, Any]) -> dict[str, Any]:
    """The context, whose open form the store reads too; TypeError when that is none."""
    form = context.get("form")
    if form is not None and not (isinstance(form, dict) and isinstance(form.get("answers"), dict)):
        raise TypeError
    return context


def _callback(asked: Mapping[str, Any]) -> Callback:
    """A request to be called back; TypeError when it is none, so that nobody is told of one that staff cannot read."""
    name, number, best_time = asked["name"], asked["number"], asked["best_time"]
    if not (_short(best_time) and (name is None or _short(name))):
        raise TypeError
    if not (isinstance(number, str) and NUMBER.fullmatch(number)):
        raise TypeError
    return Callback(None if name is None else _clean(name), number, _clean(best_time))


def _short(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= len(text) <= LONGEST_WORDS


def _words(message: Mapping[str, Any]) -> Words | None:
    """One message, or None when there is nothing in it to see."""
    text, card = message.get("text"), message.get("card")
    buttons = [
        {"title": _clean(button["title"]), "choice": _clean(button["choice"])}
        for button in message.get("buttons") or []
    ]
    text = _clean(text) if isinstance(text, str) and text.strip() else None
    card = card if isinstance(card, dict) and card else None
    return Words(text, buttons, card) if text or card or buttons else None


def _clean(text: str) -> str:
    # Neither a database nor UTF-8 can hold these.
    return text.replace("\0", "").encode("utf-8", "replace").decode()
