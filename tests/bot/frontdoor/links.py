"""Texts that were said before, and a link from them to the web chat, put straight into the store of a running door."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sms.scribe import code_hash
from bot.store import Store
from bot.store.records import Answer, Link, Message, Texts, Turn, Words
from tests.bot.frontdoor.running_door import RunningDoor

NUMBER = "+12125550142"
LAST_DIGITS = "0142"
ASKED = "can i mix xanax and percocet"
TOLD = "Please do not mix them."
HOUR = 3600


@contextmanager
def opened(door: RunningDoor) -> Iterator[Store]:
    """The store of a running door, from another process's side."""
    store = Store(door.settings)
    store.start().result()
    yield store
    store.close()


def link_from_texts(
    door: RunningDoor, asked: str = ASKED, told: str = TOLD, language: str = "en", seconds: float = HOUR
) -> str:
    """Have one question asked and answered by text; the code of a link that the answer holds."""
    code = secrets.token_urlsafe(16)
    expires_at = int((time.time() + seconds) * 1000)
    link = Link(code_hash(code), language, expires_at)
    message = Message("", str(uuid.uuid4()), asked, channel="sms", phone=NUMBER)
    context = {"substances": ["alprazolam", "oxycodone"], "language": language}
    answer = Answer([Words(told, language=language)], "answered", 0.1, context=context, texts=Texts((told,), link=link))
    with opened(door) as store:
        turn = store.accept(message, 5).result().turn
        assert isinstance(turn, Turn)
        store.finish(turn, answer).result()
    return code
