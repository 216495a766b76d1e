"""Refusals: each has a code, a calm reviewed sentence, the phone number and a card, whatever went wrong."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from bot.frontdoor.voice import Voice
from bot.store.records import Words

# Which reviewed sentence belongs to which code.
SENTENCES = {
    "bad_request": "bad_request",
    "not_json": "not_json",
    "empty": "empty",
    "too_long": "too_long",
    "forged_choice": "bad_request",
    "forbidden_origin": "bad_request",
    "not_found": "bad_request",
    "not_allowed": "bad_request",
    "too_slow": "bad_request",
    "unauthorized": "unauthorized",
    "too_many": "too_many",
    "not_stored": "not_stored",
    **{code: code for code in ("link_used", "wrong_digits", "not_textable", "opted_out", "too_soon", "no_texts")},
    "forged": "bad_request",
}


class Refusal(Exception):
    """A request that is not served, with the status and code that its sender is told."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def refused(voice: Voice, refusal: Refusal, alarm: Words | None = None, language: str = "en") -> JSONResponse:
    """The answer to a refused request; an alarm's first sentence and card replace the calm ones."""
    words = alarm or voice.calm(SENTENCES[refusal.code], language)
    body = {
        "error": refusal.code,
        "text": words.text,
        "phone": voice.phone,
        "card": words.card,
        "language": words.language,
    }
    return JSONResponse(body, refusal.status, refusal.headers)
