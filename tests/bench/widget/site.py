"""A site on 127.0.0.1 that embeds the peers, one to a page, and holds their files and their backends."""

from __future__ import annotations

import gzip
import mimetypes
import threading
import time
from functools import cache
from pathlib import Path
from types import TracebackType

import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.bench.widget.backends import DirectLine, deep_chat, rasa_rest, rasa_socket
from tests.stack import free_port

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A site with a chat</title>
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>A site with a chat</h1>
<p>Some words of its own.</p>
{embed}
</main>
</body>
</html>
"""


class Site:
    """Serves `/<name>/` with its embedding code, and `/<name>/files/` from a folder, packed as a real site would."""

    def __init__(self, embeds: dict[str, str], folders: dict[str, Path]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._embeds, self._folders = embeds, folders
        routes = [
            Route("/{name}/", self._page),
            Route("/{name}/files/{path:path}", self._file),
            Route("/webhooks/rest/webhook", rasa_rest, methods=["POST"]),
            Route("/deep-chat", deep_chat, methods=["POST"]),
            *DirectLine().routes,
        ]
        app = socketio.ASGIApp(rasa_socket(), Starlette(routes=routes))
        config = uvicorn.Config(app, "127.0.0.1", self.port, log_level="critical", ws="wsproto", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    async def _page(self, request: Request) -> Response:
        embed = self._embeds.get(request.path_params["name"])
        if embed is None:
            raise HTTPException(404)
        return HTMLResponse(PAGE.format(embed=embed))

    async def _file(self, request: Request) -> Response:
        folder = self._folders.get(request.path_params["name"])
        file = folder and (folder / request.path_params["path"]).resolve()
        if not folder or not file or not file.is_file() or folder.resolve() not in file.parents:
            raise HTTPException(404)
        kind = mimetypes.guess_type(file.name)[0]
        return Response(packed(file), headers={"Content-Encoding": "gzip"}, media_type=kind)

    def __enter__(self) -> Site:
        """Listening."""
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the site did not start"
            time.sleep(0.02)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Closed; a visitor who still listens is not waited for."""
        self._server.force_exit = self._server.should_exit = True
        self._thread.join(10)


@cache
def packed(file: Path) -> bytes:
    """A file as gzip -9 makes it."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)
