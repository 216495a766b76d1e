"""What staff add to a conversation from its page: notes, tags, whose it is, and how far it was reviewed."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page, console_of, staff_of
from bot.staff.shown import back, fields
from bot.store import audit
from bot.store.notes import LONGEST_NOTE, add_note, add_tag, assign, exists, remove_tag, review

LONGEST_TAG = 40


async def note(request: Request) -> Response:
    """Keep a note; an empty one is none."""
    text = (await fields(request)).get("text", "")[:LONGEST_NOTE]
    author, cipher, here = staff_of(request).name, console_of(request).store.cipher, request.path_params["id"]
    if text:
        await _change(request, "add note", "", lambda db: add_note(db, cipher, here, author, text))
    return back(request, f"/conversations/{here}", "#notes")


async def tag(request: Request) -> Response:
    """Put a tag on, or take one off."""
    given, here = await fields(request), request.path_params["id"]
    off, name = given.get("remove", ""), " ".join(given.get("tag", "").lower().split())[:LONGEST_TAG]
    if off:
        await _change(request, "remove tag", off, lambda db: remove_tag(db, here, off))
    elif name:
        await _change(request, "add tag", name, lambda db: add_tag(db, here, name))
    return back(request, f"/conversations/{here}", "#work")


async def give(request: Request) -> Response:
    """Make a conversation somebody's, or nobody's."""
    whose, here = (await fields(request)).get("assignee", ""), request.path_params["id"]
    await _change(request, "assign", whose, lambda db: _or_refuse(assign(db, here, whose or None)))
    return back(request, f"/conversations/{here}", "#work")


async def state(request: Request) -> Response:
    """Say how far it was reviewed."""
    new, here = (await fields(request)).get("state", ""), request.path_params["id"]
    await _change(request, "review", new, lambda db: _or_refuse(review(db, here, new)))
    return back(request, f"/conversations/{here}", "#work")


async def _change(request: Request, action: str, detail: str, work: Callable[[Connection], None]) -> None:
    """Change a conversation that is there, and write down who did."""
    here, who = request.path_params["id"], staff_of(request).name

    def change(db: Connection) -> bool:
        if not exists(db, here):
            return False
        audit.record(db, who, action, here, detail)
        work(db)
        return True

    if not await console_of(request).store.write(change):
        raise HTTPException(404)


def _or_refuse(done: bool) -> None:
    if not done:
        raise HTTPException(400)


PAGES = (
    Page("/conversations/{id}/notes", note, "answer", ("POST",)),
    Page("/conversations/{id}/tags", tag, "answer", ("POST",)),
    Page("/conversations/{id}/assign", give, "answer", ("POST",)),
    Page("/conversations/{id}/review", state, "answer", ("POST",)),
)
