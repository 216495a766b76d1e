"""The pages and files that are served: made once, compressed once, with headers that allow nothing but themselves."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.facts import POLICY as POLICY_OF_FACTS
from bot.facts import facts_page
from bot.frontdoor.door import door_of
from bot.frontdoor.errors import Refusal
from bot.frontdoor.filling import Sentences, fill, load_sentences
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
OWN = {"Cache-Control": "no-cache"}
PAGE = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", **OWN}
# A page behind a link that works once: neither a browser nor a search engine keeps it.
ONCE = {**PAGE, "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
# Sites embed it: it may be read across origins, and a mended one must reach visitors within minutes.
EMBEDDED = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
HTML, SCRIPT, STYLE = (f"text/{kind}; charset=utf-8" for kind in ("html", "javascript", "css"))
SENTENCES = "data/conversation/widget.csv"
FILES = {
    "/": ("demo.html", HTML, PAGE),
    "/c": ("handoff.html", HTML, ONCE),
    "/widget.js": ("dist/widget.js", SCRIPT, EMBEDDED),
    "/panel.js": ("dist/panel.js", SCRIPT, EMBEDDED),
    "/texting.js": ("dist/texting.js", SCRIPT, EMBEDDED),
    "/sms/try": ("try.html", HTML, ONCE),
    "/handoff.js": ("dist/handoff.js", SCRIPT, OWN),
    "/try.js": ("dist/try.js", SCRIPT, OWN),
    "/demo.css": ("demo.css", STYLE, OWN),
    "/pages.css": ("pages.css", STYLE, OWN),
}


ONLY_CONSOLE = ("/sms/try", "/try.js")  # served while no text is really sent


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
        try:
            sentences: Sentences = load_sentences(folder.parent / SENTENCES)
        except OSError:
            sentences = {}
            missing.append(SENTENCES)
        for path, (name, kind, headers) in FILES.items():
            if path in ONLY_CONSOLE and settings.sms_provider != "console":
                continue
            try:
                content = (folder / name).read_bytes()
                content = fill(content.decode(), settings, sentences).encode() if kind == HTML else content
            except (OSError, KeyError):
                missing.append(name)
            else:
                self._pages[path] = _page(content, kind, headers)
        self.trouble = f"missing: {', '.join(missing)}" if missing else None

    def add_facts(self, folder: Path, fill: Callable[[str], str]) -> None:
        """Render GET /facts from the tables in `folder`; with a wrong table it is missing, and emergencies go on."""
        try:
            text = facts_page(load_topics(folder, load(folder)), fill)
        except KnowledgeError as error:
            self.trouble = f"/facts: {error}"
            return
        headers = {**PAGE, "Content-Security-Policy": POLICY_OF_FACTS}
        self._pages["/facts"] = _page(text.encode(), HTML, headers)

    def page(self, path: str) -> Page:
        """The page at a path."""
        if path not in self._pages:
            raise Refusal(404, "not_found")
        return self._pages[path]


async def show(request: Request) -> Response:
    """Send the page at the path that was asked for."""
    return send(request, request.url.path)


def send(request: Request, path: str) -> Response:
    """Send a page, compressed where the client can read that, or nothing when it has it already."""
    page = door_of(request).pages.page(path)
    if request.headers.get("if-none-match") == page.headers["ETag"]:
        return Response(status_code=304, headers=page.headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.packed, headers={**page.headers, "Content-Encoding": "gzip"}, media_type=page.kind)
    return Response(page.plain, headers=page.headers, media_type=page.kind)


def _page(content: bytes, kind: str, headers: dict[str, str]) -> Page:
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
    packed = gzip.compress(content, mtime=0)
    return Page(content, packed, kind, {**headers, "ETag": etag, "Vary": "Accept-Encoding"})
