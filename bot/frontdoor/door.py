"""The parts of one front door, made once at the start and handed to every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from bot.frontdoor.bell import Bell
    from bot.frontdoor.limits import Limits
    from bot.frontdoor.listening import Listener
    from bot.frontdoor.measures import Measures
    from bot.frontdoor.opinion import SecondOpinion
    from bot.frontdoor.pages import Pages
    from bot.frontdoor.rasa import Rasa
    from bot.frontdoor.session import Sessions
    from bot.frontdoor.turns import Turns
    from bot.frontdoor.voice import Voice
    from bot.settings import Settings
    from bot.sms.desk import Desk
    from bot.sms.scribe import Scribe
    from bot.sms.sender import Sender
    from bot.store import Store


@dataclass(frozen=True)
class Door:
    """Everything that a request needs."""

    settings: Settings
    store: Store
    voice: Voice
    opinion: SecondOpinion
    listener: Listener
    sessions: Sessions
    limits: Limits
    bell: Bell
    rasa: Rasa
    turns: Turns
    scribe: Scribe
    sender: Sender
    desk: Desk
    pages: Pages
    measures: Measures


def door_of(request: Request) -> Door:
    """The front door that serves this request."""
    door: Door = request.app.state.door
    return door
