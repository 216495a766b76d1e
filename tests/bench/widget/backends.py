"""The smallest stand-ins of what the peers talk to: any message is answered by one sentence and two quick replies."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from typing import Any

import socketio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ANSWER = "Thank you for asking."
CHOICES = ("Yes", "No")
Json = dict[str, Any]


def rasa_socket() -> socketio.AsyncServer:
    """Rasa's socket.io channel."""
    server = socketio.AsyncServer(async_mode="asgi")

    @server.on("session_request")
    async def confirm(sid: str, data: Json | None) -> None:
        await server.emit("session_confirm", (data or {}).get("session_id") or sid, room=sid)

    @server.on("user_uttered")
    async def answer(sid: str, data: Json) -> None:
        if not data.get("message"):  # the greeting that a site owner may order, and this one did not
            return
        replies = [{"content_type": "text", "title": title, "payload": f"/{title}"} for title in CHOICES]
        await server.emit("bot_uttered", {"text": ANSWER, "quick_replies": replies}, room=sid)

    return server


async def rasa_rest(request: Request) -> Response:
    """Rasa's REST channel."""
    sender = (await request.json())["sender"]
    buttons = [{"title": title, "payload": f"/{title}"} for title in CHOICES]
    return JSONResponse([{"recipient_id": sender, "text": ANSWER, "buttons": buttons}])


async def deep_chat(request: Request) -> Response:
    """What deep-chat's `connect` asks for; quick replies are buttons of the classes that its documentation names."""
    kind = "deep-chat-button deep-chat-suggestion-button"
    buttons = "".join(f'<button class="{kind}">{title}</button>' for title in CHOICES)
    return JSONResponse({"text": ANSWER, "html": f'<div class="deep-chat-temporary-message">{buttons}</div>'})


class DirectLine:
    """Direct Line 3.0 over REST, as Bot Framework's Web Chat polls it."""

    def __init__(self) -> None:
        self._names = itertools.count(1)
        self._talks: dict[str, list[Json]] = {}
        talk = "/v3/directline/conversations"
        self.routes = [
            Route(talk, self._start, methods=["POST"]),
            Route(talk + "/{talk}/activities", self._post, methods=["POST"]),
            Route(talk + "/{talk}/activities", self._poll),
        ]

    async def _start(self, request: Request) -> Response:
        name = f"talk-{next(self._names)}"
        self._talks[name] = []
        return JSONResponse({"conversationId": name, "token": "token", "expires_in": 1800}, status_code=201)

    async def _post(self, request: Request) -> Response:
        said = self._add(request, await request.json())
        if said["type"] == "message":
            actions = [{"type": "imBack", "title": title, "value": title} for title in CHOICES]
            bot = {"id": "bot", "role": "bot"}
            more = {"suggestedActions": {"actions": actions, "to": []}, "replyToId": said["id"]}
            self._add(request, {"type": "message", "from": bot, "text": ANSWER, **more})
        return JSONResponse({"id": said["id"]})

    async def _poll(self, request: Request) -> Response:
        talk = self._talks[request.path_params["talk"]]
        seen = int(request.query_params.get("watermark") or 0)
        return JSONResponse({"activities": talk[seen:], "watermark": str(len(talk))})

    def _add(self, request: Request, activity: Json) -> Json:
        name = request.path_params["talk"]
        talk = self._talks[name]
        now = datetime.now(timezone.utc).isoformat()
        where = {"conversation": {"id": name}, "channelId": "directline"}
        talk.append({**activity, **where, "id": f"{name}|{len(talk)}", "timestamp": now})
        return talk[-1]
