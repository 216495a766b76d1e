"""Which websites may talk to us: our own pages always, others when ALLOWED_ORIGINS names them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from bot.frontdoor.errors import Refusal
from bot.settings import Settings, origin_of


def check_origin(request: Request, settings: Settings) -> None:
    """Refuse a browser that runs somebody else's page; programs send no Origin and have no visitor to trick."""
    origin = request.headers.get("origin")
    if origin is None or origin in allowed_origins(settings):
        return
    try:
        here = urlsplit(origin).netloc.lower()
    except ValueError:
        here = ""
    if not here or here != request.headers.get("host", "").lower():
        raise Refusal(403, "forbidden_origin")


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """The origins that browsers are told they may read our answers from."""
    return (origin_of(settings.public_base_url), *settings.allowed_origins)
