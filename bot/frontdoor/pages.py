"""The pages and files that are served: made once, compressed once, with headers that allow nothing but themselves."""

from __future__ import annotations

import gzip
import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.facts import POLICY as POLICY_OF_FACTS
from bot.facts import facts_page
from bot.frontdoor.door import door_of
from bot.frontdoor.errors import Refusal
from bot.settings import Settings
from helpline.knowledge import KnowledgeError, load
from helpline.knowledge.topics import load_topics

POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
))  # fmt: skip
PAGE = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", "Cache-Control": "no-cache"}
# Sites embed it: it may be read across origins, and a mended one must reach visitors within minutes.
EMBEDDED = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
FILES = {
    "/": ("demo.html", "text/html; charset=utf-8", PAGE),
    "/widget.js": ("dist/widget.js", "text/javascript; charset=utf-8", EMBEDDED),
    "/panel.js": ("dist/panel.js", "text/javascript; charset=utf-8", EMBEDDED),
    "/demo.css": ("demo.css", "text/css; charset=utf-8", {"Cache-Control": "no-cache"}),
}


@dataclass(frozen=True)
class Page:
    """One file, ready to be sent."""

    plain: bytes
    packed: bytes
    kind: str
    headers: dict[str, str]


class Pages:
    """Every file that is served. `trouble` names the ones that are missing."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._pages: dict[str, Page] = {}
        missing = []
        for path, (name, kind, headers) in FILES.items():
            file = folder / name
            if file.is_file():
                content = file.read_bytes()
                self._pages[path] = _page(_named(content, settings) if path == "/" else content, kind, headers)
            else:
                missing.append(name)
        self.trouble = f"missing: {', '.join(missing)}" if missing else None

    def add_facts(self, folder: Path, fill: Callable[[str], str]) -> None:
        """Render GET /facts from the tables in `folder`; with a wrong table it is missing, and emergencies go on."""
        try:
            text = facts_page(load_topics(folder, load(folder)), fill)
        except KnowledgeError as error:
            self.trouble = f"/facts: {error}"
            return
        headers = {**PAGE, "Content-Security-Policy": POLICY_OF_FACTS}
        self._pages["/facts"] = _page(text.encode(), "text/html; charset=utf-8", headers)

    def page(self, path: str) -> Page:
        """The page at a path."""
        if path not in self._pages:
            raise Refusal(404, "not_found")
        return self._pages[path]


async def show(request: Request) -> Response:
    """Send a page, compressed where the client can read that, or nothing when it has it already."""
    page = door_of(request).pages.page(request.url.path)
    if request.headers.get("if-none-match") == page.headers["ETag"]:
        return Response(status_code=304, headers=page.headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.packed, headers={**page.headers, "Content-Encoding": "gzip"}, media_type=page.kind)
    return Response(page.plain, headers=page.headers, media_type=page.kind)


def _page(content: bytes, kind: str, headers: dict[str, str]) -> Page:
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
    packed = gzip.compress(content, mtime=0)
    return Page(content, packed, kind, {**headers, "ETag": etag, "Vary": "Accept-Encoding"})


def _named(content: bytes, settings: Settings) -> bytes:
    """The demo page with this helpline's name and number in it."""
    digits = re.sub(r"\D", "", settings.helpline_phone)
    fields = {
        "HELPLINE_NAME": settings.helpline_name,
        "HELPLINE_PHONE": settings.helpline_phone,
        "HELPLINE_TEL": f"tel:+1{digits}" if len(digits) == 10 else f"tel:{digits}",
    }
    text = content.decode()
    for name, value in fields.items():
        text = text.replace("{{" + name + "}}", html.escape(value))
    return text.encode()
