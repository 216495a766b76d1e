"""A sender at work on a real store, and what can be seen of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.sms.provider import Provider
from bot.sms.sender import Sender
from bot.sms.twilio_api import TwilioApi
from bot.store import Store
from bot.store.records import Texts
from tests.bot.sms.twilio_stand_in import ACCOUNT, NUMBER, TOKEN, TwilioStandIn

HOME, OTHER = "+12125550123", "+12125550124"
HELP = "Call 911 now. ¿Está bien?"


def reach(twilio: TwilioStandIn, token: str = TOKEN) -> TwilioApi:
    return TwilioApi(ACCOUNT, token, number=NUMBER, base=twilio.url)


def queue(store: Store, *bodies: str, number: str = HOME, kind: str = "reply") -> None:
    once = f"test:{time.monotonic_ns()}"
    assert store.invite(number, once, Texts(bodies, kind), 0, 5).result(5) == "queued"


def states(store: Store, number: str = HOME) -> list[str]:
    return [text.state for text in store.texts_to(number).result(5)]


def reasons(store: Store) -> list[str | None]:
    return [text.reason for text in store.unsent_texts().result(5)]


def bodies(twilio: TwilioStandIn, number: str = HOME) -> list[str]:
    return [row["body"] for row in twilio.texts if row["to"] == number]


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too late"
        await asyncio.sleep(0.01)


async def all_are(state: str, store: Store, number: str = HOME) -> None:
    await until(lambda: set(states(store, number)) == {state})


@asynccontextmanager
async def sending(store: Store, provider: Provider, **more: Any) -> AsyncIterator[Sender]:
    running = Sender(store, provider, **more)
    running.start()
    try:
        yield running
    finally:
        await running.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))
