"""Talk to Rasa over loopback, and believe nothing of its answer that was not checked."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.store.records import Turn, Words

# httpcore tries to import sniffio several times in every request; where it is not installed, each try searched
# the whole path again and took a quarter of the front door's time.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

HEALTH_SECONDS = 1.0
UNDERSTOOD = ("intent", "confidence", "ranking", "entities", "fallback", "severity")


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


class Rasa:
    """The other end of the loopback channel."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"},
            # Sanic closes idle connections after 5 s; one that closes just as we ask would look like a failure.
            limits=httpx.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=3),
            trust_env=False,
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def reachable(self) -> bool:
        """Whether Rasa has its model loaded and answers."""
        try:
            answer = await self._client.get(f"{self._url}/webhooks/loopback/", timeout=HEALTH_SECONDS)
            body = answer.json()
        except (httpx.HTTPError, ValueError):
            return False
        return answer.is_success and (not isinstance(body, dict) or body.get("ready", True) is not False)

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
            url = f"{self._url}/webhooks/loopback/turn"
            answer = await self._client.post(url, json=asked, timeout=httpx.Timeout(seconds, connect=1.0))
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ConnectTimeout) as error:
            raise RasaUnreachable(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise RasaError(type(error).__name__) from None
        if not answer.is_success:
            raise RasaError(f"status {answer.status_code}")
        return _reply(answer)


def _reply(answer: httpx.Response) -> Reply:
    try:
        body = answer.json()
        context = body.get("context")
        heard = body.get("understood") or {}
        concern = body.get("concern")
        return Reply(
            words=tuple(words for words in map(_words, body.get("messages") or []) if words is not None),
            understood={name: heard[name] for name in UNDERSTOOD if name in heard},
            concern=concern if isinstance(concern, str) and concern != "none" else None,
            context=context if isinstance(context, dict) else None,
            failed=bool(body.get("failed")),
        )
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise RasaError("an answer that is not in the agreed form") from None


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
