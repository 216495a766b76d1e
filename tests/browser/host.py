"""Somebody else's website, on an origin of its own: pages that embed the widget, with headers that a test chooses."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.stack import ROOT

EXAMPLE = "https://chat.example.org"  # how docs/embed.md calls the front door
BLOCK = re.compile(r"```\w*\n(.*?)\n```", re.DOTALL)


def told(start: str, door: str) -> str:
    """The block of docs/embed.md that begins with these words, with the address of a front door in it."""
    blocks = BLOCK.findall((ROOT / "docs" / "embed.md").read_text(encoding="utf-8"))
    (found,) = (block for block in blocks if block.startswith(start))
    return str(found).replace(EXAMPLE, door)


def two_lines(door: str) -> str:
    """What docs/embed.md tells every site to add."""
    return told("<script src", door)


def policy(start: str, door: str) -> dict[str, str]:
    """A Content-Security-Policy of docs/embed.md as a header."""
    name, _, value = told(f"Content-Security-Policy: {start}", door).partition(": ")
    return {name: value}


class Host:
    """Serves the pages that it was given; everything else is empty."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, Mapping[str, str]]] = {}
        host = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                page, headers = host._pages.get(urlsplit(self.path).path, ("", {}))
                self.send_response(200 if page else 204)  # 204: a browser asks for an icon, too
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(page.encode())

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, page: str, headers: Mapping[str, str] | None = None, path: str = "/") -> str:
        """Serve a page from now on; its address."""
        self._pages[path] = (page, headers or {})
        return self.origin + path

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def page(body: str, head: str = "", lang: str = "en", doctype: str = "<!doctype html>") -> str:
    """An ordinary page of a website around what it embeds."""
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    words = "<h1>A treatment centre</h1><p>Somebody else's words.</p><button>Somebody else's button</button>"
    return (
        f'{doctype}<html lang="{lang}"><head>{meta}<title>Centre</title>{head}</head><body>{words}{body}</body></html>'
    )
