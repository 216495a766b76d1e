"""A visitor over HTTP: the same calls that the widget makes, for evaluation, tests and benchmarks."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Turn:
    """What one message brought: the POST's answer, and every bot message up to turn_done."""

    message_id: str
    status: int
    body: dict[str, Any]
    replies: tuple[dict[str, Any], ...]
    seconds: float

    @property
    def text(self) -> str:
        """Everything that was said, one message a line."""
        return "\n".join(r["text"] for r in self.replies if r.get("text"))

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards shown, in order."""
        return [r["card"] for r in self.replies if r.get("card")]

    @property
    def buttons(self) -> dict[str, str]:
        """The quick replies offered: title to choice."""
        return {b["title"]: b["choice"] for r in self.replies for b in r.get("buttons") or []}


class Visitor:
    """One chat session. `key` is EVALUATE_KEY, which exempts from rate limits."""

    def __init__(self, base_url: str, key: str = "", seconds: float = 30.0) -> None:
        """`seconds` is how long a turn may take before httpx.TimeoutException is raised."""
        headers = {"X-Evaluate-Key": key} if key else {}
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=seconds, trust_env=False)
        self._last = 0
        self.token = ""

    async def __aenter__(self) -> Visitor:
        """Open the session as the widget does: with the first message."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections; the session stays."""
        await self._http.aclose()

    async def say(self, text: str, message_id: str | None = None) -> Turn:
        """Send a text and wait for the end of its turn."""
        return await self._turn({"text": text}, message_id)

    async def choose(self, choice: str) -> Turn:
        """Tap a quick reply and wait for the end of its turn."""
        return await self._turn({"choice": choice}, None)

    async def post(self, body: dict[str, Any]) -> httpx.Response:
        """POST /chat/messages, with a session."""
        if not self.token:
            opened = await self._http.post("/chat/session")
            opened.raise_for_status()
            self.token = opened.json()["token"]
        return await self._http.post("/chat/messages", json=body, headers=self._bearer())

    async def _turn(self, content: dict[str, str], message_id: str | None) -> Turn:
        identity = message_id or str(uuid.uuid4())
        started = time.perf_counter()
        answer = await self.post({"id": identity, **content})
        body = answer.json()
        if answer.status_code != 202:
            return Turn(identity, answer.status_code, body, (), time.perf_counter() - started)
        replies = [e async for e in self._replies(body["seq"])]
        return Turn(identity, 202, body, tuple(replies), time.perf_counter() - started)

    async def _replies(self, seq: int) -> AsyncIterator[dict[str, Any]]:
        """The bot's messages in answer to message `seq`, until its turn is done."""
        async for event in self.events():
            if event.get("reply_to") != seq:
                continue
            if event.get("kind") == "turn_done":
                return
            yield event

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """The event stream, from after the last event seen."""
        headers = {**self._bearer(), "Last-Event-ID": str(self._last)}
        async with self._http.stream("GET", "/chat/events", headers=headers) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "id":
                    self._last = int(value)
                elif field == "data":
                    yield json.loads(value)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}
