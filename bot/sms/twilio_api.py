"""Texts by Twilio, through its own library."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from bot.sms.provider import Refused, Uncertain
from bot.store.records import Text

if TYPE_CHECKING:
    from twilio.rest import Client

T = TypeVar("T")
BASE = "https://api.twilio.com"
MOST = 50  # texts to one number among which a lost one is looked for
SKEW_SECONDS = 60.0  # between Twilio's clock and ours
log = logging.getLogger(__name__)


class TwilioApi:
    """Sends from a number or a messaging service, or both; `callback` is the address that delivery is reported to."""

    name = "twilio"

    def __init__(
        self, account: str, token: str, *, number: str = "", service: str = "", callback: str = "", base: str = BASE
    ) -> None:
        if not (number or service):
            raise ValueError("a number or a messaging service is needed to send from")
        self._account = (account, token)
        self._sender = {"from_": number, "messaging_service_sid": service}
        self._callback = callback
        self._base = base

    def send(self, text: Text) -> str:
        """Hand a text over; the id that Twilio gave it."""
        fields = {name: value for name, value in self._sender.items() if value}
        if self._callback:
            fields["status_callback"] = f"{self._callback}?text={text.id}"
        return _ask(lambda: _sid(self._client.messages.create(to=text.number, body=text.body, **fields).sid))

    def find(self, text: Text, known: Collection[str]) -> str | None:
        """The id of this text among the newest to its number.

        Not asked for by the day on which it was sent: a text that still waits at Twilio has none.
        """
        since = text.created_at / 1000 - SKEW_SECONDS
        return _ask(
            lambda: next(
                (
                    _sid(row.sid)
                    for row in self._client.messages.list(to=text.number, limit=MOST)
                    if row.sid not in known and row.body == text.body and row.date_created.timestamp() >= since
                ),
                None,
            )
        )

    @cached_property
    def _client(self) -> Client:
        # The library takes a good part of a second to load: not before there is a text, and not on the event loop.
        from twilio.rest import Client

        from bot.sms.twilio_line import Line

        return Client(*self._account, http_client=Line(self._base))


def _ask(question: Callable[[], T]) -> T:
    """The answer; one that cannot be read leaves open what happened."""
    try:
        return question()
    except (Refused, Uncertain):
        raise
    except Exception as error:  # whatever the library makes of an answer in no agreed form
        log.warning("an answer of the provider could not be read (%s)", type(error).__name__)
        raise Uncertain("unreadable") from None


def _sid(sid: object) -> str:
    if not isinstance(sid, str) or not sid:
        raise Uncertain("unreadable")
    return sid
