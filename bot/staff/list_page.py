"""Conversations: filters, saved views and full-text search over years of them, one page at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.staff.page import Page, console_of, show, staff_of
from bot.staff.shown import fields
from bot.store import audit
from bot.store.filters import NAMES, ONE_OF, Filters
from bot.store.listing import Listed, listed
from bot.store.notes import all_tags, colleagues
from bot.store.search import Found, found
from bot.store.summaries import concerns
from bot.store.views import delete_view, save_view, views_of

LONGEST_WORDS, LONGEST_CURSOR, MOST = 200, 400, 50
SHORT = 16  # letters of a hash


async def conversations(request: Request) -> Response:
    """A page of the conversations that the filters and the words leave."""
    console, who = console_of(request), staff_of(request).name
    filters, words = filters_of(request), words_of(request)
    after = request.query_params.get("after", "")[:LONGEST_CURSOR]
    action = "search" if words else "list"
    # What was searched for may be a person's own words, which no deletion would find in the audit: a hash says it.
    searched = console.store.phones.id_of(words.casefold())[:SHORT] if words else ""
    await console.store.write(lambda db: audit.record(db, who, action, "", query_of(filters, searched)))

    def look(db: Connection) -> dict[str, Any]:
        rows: Listed | Found = found(db, words, filters, after, MOST) if words else listed(db, filters, after, MOST)
        return {"found": rows, "views": views_of(db, who), "people": colleagues(db), "known_tags": all_tags(db)}

    shown: dict[str, Any] = {"filters": filters, "words": words, "after": after, "here": query_of(filters, words)}
    shown |= {"chips": chips(filters, words)}
    shown |= {"one_of": ONE_OF, "concerns": tuple(concerns())}
    return show(request, "list.html", **shown, **await console.store.read(look))


async def save(request: Request) -> Response:
    """Keep the filters under a name; never words, which may be a person's own and would outlive them."""
    given, who = await fields(request), staff_of(request).name
    name, query = " ".join(given.get("name", "").split()), _clean(request, given.get("query", ""))
    if name:
        await console_of(request).store.write(lambda db: save_view(db, who, name, query))
    return RedirectResponse(f"/conversations?{query}", 303)


async def forget(request: Request) -> Response:
    """Delete a saved view."""
    name, who = (await fields(request)).get("name", ""), staff_of(request).name
    await console_of(request).store.write(lambda db: delete_view(db, who, name))
    return RedirectResponse("/conversations", 303)


def filters_of(request: Request) -> Filters:
    """The filters in an address."""
    return Filters.read(request.query_params, console_of(request).settings.helpline_timezone)


def words_of(request: Request) -> str:
    """What is searched for in an address."""
    return " ".join(request.query_params.get("words", "")[:LONGEST_WORDS].split())


def query_of(filters: Filters, words: str) -> str:
    """The filters and the words as an address says them."""
    return "&".join(filter(None, (filters.as_query(), urlencode({"words": words}) if words else "")))


def chips(filters: Filters, words: str) -> list[tuple[str, str, str]]:
    """Each active filter: its name, its value, and the query without it."""
    active = [(name, getattr(filters, name)) for name in NAMES if getattr(filters, name)]
    without = [(name, value, query_of(_without(filters, name), words)) for name, value in active]
    return without + ([("words", words, filters.as_query())] if words else [])


def _without(filters: Filters, name: str) -> Filters:
    gone: dict[str, Any] = dict.fromkeys(("hour_from", "hour_to") if name.startswith("hour_") else (name,), "")
    return replace(filters, **gone)


def _clean(request: Request, query: str) -> str:
    """A query with nothing in it but filters."""
    given = Request({"type": "http", "query_string": query.encode()}).query_params
    return Filters.read(given, console_of(request).settings.helpline_timezone).as_query()


PAGES = (
    Page("/conversations", conversations, "read"),
    Page("/search", conversations, "read"),
    Page("/views", save, "settle", ("POST",)),
    Page("/views/delete", forget, "settle", ("POST",)),
)
