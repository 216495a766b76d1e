"""Which hosts the console answers under, and the headers that every answer carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import LOOPBACK

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
YEAR = "max-age=31536000"


class Border:
    """Refuses other hosts' names (a page of somebody else's that points its name at us), and sets the headers."""

    def __init__(self, app: ASGIApp, base_url: str, own_host: str) -> None:
        self._app = app
        self._hosts = {*LOOPBACK, own_host, urlsplit(base_url).hostname}
        self._headers = {**ALWAYS, **({"Strict-Transport-Security": YEAR} if base_url.startswith("https:") else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        known = scope["type"] != "http" or _host(scope) in self._hosts
        app = self._app if known else PlainTextResponse("unknown host", 421)
        await app(scope, receive, with_headers if scope["type"] == "http" else send)


def _host(scope: Scope) -> str | None:
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None
