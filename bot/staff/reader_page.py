"""One conversation: what was said and understood, opened and revealed only with a line in the audit."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.list_page import filters_of, words_of
from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.shown import fields, number_in, reason_in
from bot.store import audit
from bot.store.filters import REVIEWS
from bot.store.neighbours import Neighbours, neighbours
from bot.store.notes import all_tags, colleagues
from bot.store.reader import Transcripts

Revealed = dict[str, str | int | None]


async def conversation(request: Request) -> Response:
    """The conversation in its redacted copy."""
    return await _shown(request, {})


async def reveal(request: Request) -> Response:
    """An original message or the whole number, shown once, after who asked and why was written down."""
    given, here = await fields(request), request.path_params["id"]
    reason, who = reason_in(given), staff_of(request).name
    console = console_of(request)
    if given.get("what") == "number":
        number = await console.store.write(lambda db: console.store.phones.reveal(db, here, who, reason))
        return await _shown(request, {"seq": None, "number": number})
    seq = number_in(given.get("what", ""))
    text = await console.store.write(partial(_original, transcripts(request), here, seq, who, reason))
    return await _shown(request, {"seq": seq, "text": text})


def transcripts(request: Request) -> Transcripts:
    """What opens conversations for this console."""
    store = console_of(request).store
    return Transcripts(store.cipher, store.phones)


def _original(opener: Transcripts, conversation: str, seq: int, who: str, reason: str, db: Connection) -> str | None:
    audit.record(db, who, "reveal message", f"{conversation}:{seq}", reason)
    return opener.original(db, conversation, seq)


async def _shown(request: Request, revealed: Revealed) -> Response:
    here, who = request.path_params["id"], staff_of(request).name
    opener, filters = transcripts(request), filters_of(request)

    def look(db: Connection) -> dict[str, Any] | None:
        talk = opener.opened(db, here)
        if talk is None:
            audit.record(db, who, "open nothing", here)
            return None
        if not revealed:
            audit.record(db, who, "open", here)
        # The list of a search is one of messages: who goes through it goes back to it.
        around = Neighbours() if words_of(request) else neighbours(db, filters, here)
        return {"talk": talk, "around": around, "people": colleagues(db), "known_tags": all_tags(db)}

    found = await console_of(request).store.write(look)
    if found is None:
        raise HTTPException(404)
    return show(request, "reader.html", **found, revealed=revealed, reviews=REVIEWS)


PAGES = (
    Page("/conversations/{id}", conversation, "read"),
    Page("/conversations/{id}/reveal", reveal, "reveal", ("POST",)),
)
