"""Puts the front door together: parts, routes, start and stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.alerts.sender import AlertSender
from bot.frontdoor.bell import Bell
from bot.frontdoor.door import Door, door_of
from bot.frontdoor.errors import Refusal, refused
from bot.frontdoor.events import events
from bot.frontdoor.handoff import earlier, link_page, use_link
from bot.frontdoor.headers import SecurityHeaders
from bot.frontdoor.health import live, ready
from bot.frontdoor.invite import invite, text_me
from bot.frontdoor.keeping import Keeper
from bot.frontdoor.limits import Limits
from bot.frontdoor.listening import Listener
from bot.frontdoor.measures import Measures, metrics
from bot.frontdoor.messages import post_message
from bot.frontdoor.opinion import SecondOpinion, load_classifier
from bot.frontdoor.origins import allowed_origins
from bot.frontdoor.pages import FILES, Pages, show
from bot.frontdoor.rasa import Rasa
from bot.frontdoor.session import Sessions, clear_session, end_session, open_session
from bot.frontdoor.sms import inbound, status
from bot.frontdoor.try_sms import new_phone, text_in, texts_out
from bot.frontdoor.turns import Turns
from bot.frontdoor.voice import Voice
from bot.settings import Settings
from bot.sms import open_provider
from bot.sms.desk import Desk
from bot.sms.scribe import Scribe
from bot.sms.sender import Sender
from bot.store import Store
from bot.store.records import Turn
from helpline.sms import load_keywords, load_writing

ROOT = Path(__file__).resolve().parents[2]
ROUTES = [
    Route("/chat/session", open_session, methods=["POST"]),
    Route("/chat/session", clear_session, methods=["DELETE"]),
    Route("/chat/session/end", end_session, methods=["POST"]),
    Route("/chat/messages", post_message, methods=["POST"]),
    Route("/chat/events", events, methods=["GET"]),
    Route("/chat/earlier", earlier, methods=["POST"]),
    Route("/c/{code}", link_page, methods=["GET"]),
    Route("/c/{code}", use_link, methods=["POST"]),
    Route("/chat/text", text_me, methods=["POST"]),
    Route("/sms/inbound", inbound, methods=["POST"]),
    Route("/sms/status", status, methods=["POST"]),
    Route("/sms/invite", invite, methods=["POST"]),
    Route("/sms/try/phone", new_phone, methods=["POST"]),
    Route("/sms/try/messages", text_in, methods=["POST"]),
    Route("/sms/try/messages", texts_out, methods=["GET"]),
    Route("/health/live", live),
    Route("/health/ready", ready),
    Route("/metrics", metrics),
    *(Route(path, show) for path in (*FILES, "/facts")),
]


def open_door(settings: Settings) -> Door:
    """Every part of the front door; raises when a table is missing or wrong."""
    hours = (settings.helpline_hours, settings.callback_hours)
    voice = Voice(ROOT / "data" / "safety", settings.helpline_phone, *hours)
    store, bell, measures = Store(settings), Bell(), Measures()
    model, config = ROOT / (settings.concerns_model or "models/concerns.npz"), ROOT / "config.yml"
    opinion = SecondOpinion(model, lambda: load_classifier(model, config))
    listener = Listener(voice, opinion, store)
    rasa = Rasa(settings.rasa_port, settings.rasa_key)
    words = ROOT / "data" / "conversation"
    scribe = Scribe(load_writing(words, voice.fill_text), settings.public_base_url, settings.helpline_name)
    sender = Sender(store, open_provider(settings), lambda *labels: measures.sent.labels(*labels).inc())
    turns = Turns(store, rasa, voice, listener, bell, measures, scribe, sender, settings.turn_seconds)
    measures.streams.set_function(lambda: len(bell))
    pages = Pages(ROOT / "widget", settings)
    pages.add_facts(ROOT / "data" / "knowledge", voice.fill_text)
    return Door(
        settings=settings,
        store=store,
        voice=voice,
        opinion=opinion,
        listener=listener,
        sessions=Sessions(settings.session_secret, settings.session_hours),
        limits=Limits(settings),
        bell=bell,
        rasa=rasa,
        turns=turns,
        scribe=scribe,
        sender=sender,
        desk=Desk(store, voice, listener, turns, measures, scribe, load_keywords(words), sender),
        pages=pages,
        measures=measures,
    )


def build(door: Door) -> Starlette:
    """The web application around a front door."""
    app = Starlette(
        routes=ROUTES,
        lifespan=_life,
        middleware=[
            Middleware(SecurityHeaders, secure=door.settings.public_base_url.startswith("https:")),
            Middleware(
                CORSMiddleware,
                allow_origins=allowed_origins(door.settings),
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                expose_headers=["Retry-After"],
                max_age=600,
            ),
        ],
        exception_handlers={Refusal: _refuse, HTTPException: _refuse_route, Exception: _fail},
    )
    app.state.door = door
    return app


@asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    door: Door = app.state.door
    opened = asyncio.wrap_future(door.store.start())
    opened.add_done_callback(lambda done: _resume(door, done))
    door.opinion.start()
    door.store.reclaim_texts()
    door.sender.start()
    parts = (Keeper(door.store, door.settings).run(), AlertSender(door.store, door.settings).run(), _sum_up(door))
    beside = [asyncio.create_task(part) for part in parts]
    yield
    for task in beside:
        task.cancel()
    door.opinion.close()
    await door.turns.close()
    await door.sender.close()
    door.rasa.close()
    await asyncio.to_thread(door.store.close)


async def _sum_up(door: Door) -> None:
    """Sum up the conversations of before there were summaries, and let everybody else write in between."""
    while await asyncio.wrap_future(door.store.sum_up()):
        await asyncio.sleep(0.05)


def _resume(door: Door, opened: asyncio.Future[list[Turn]]) -> None:
    """Answer what was accepted before the last stop or crash."""
    if opened.cancelled() or opened.exception():
        return
    for turn in opened.result():
        door.turns.begin(turn)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(door_of(request).voice, error)


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "not_allowed"}.get(error.status_code, "bad_request")
    return refused(door_of(request).voice, Refusal(error.status_code, code, error.headers))


async def _fail(request: Request, error: Exception) -> Response:
    return refused(door_of(request).voice, Refusal(500, "not_stored"))
