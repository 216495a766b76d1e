"""A telephone: it texts the front door as Twilio hands texts over, and sees what comes back."""

from __future__ import annotations

import itertools
import time
from typing import Protocol

import httpx

from tests.bot.sms.twilio_stand_in import ACCOUNT, NUMBER, TOKEN, TwilioStandIn

NUMBERS = itertools.count(1)


def sms_settings(twilio: TwilioStandIn) -> dict[str, str]:
    """The settings under which a front door texts through the stand-in."""
    return {
        "SMS_PROVIDER": "twilio",
        "SMS_NUMBER": NUMBER,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": twilio.url,
    }


class Reached(Protocol):
    """Whatever is texted: a front door, or a whole stack."""

    url: str


class Phone:
    """One telephone, with a number of its own unless one is given. `public` is how Twilio knows the front door."""

    def __init__(self, door: Reached, twilio: TwilioStandIn, number: str = "", public: str = "") -> None:
        self.number = number or f"+1{202 + next(NUMBERS) // 1000}555{next(NUMBERS) % 1000 + 2000}"
        self._door = door
        self._twilio = twilio
        self._public = public

    def text(self, body: str, sid: str | None = None, **fields: str) -> httpx.Response:
        """Send a text."""
        self._twilio.public = self._public
        try:
            return self._twilio.text(f"{self._door.url}/sms/inbound", self.number, body, sid, **fields)
        finally:
            self._twilio.public = ""

    def received(self) -> list[str]:
        """The texts that came so far."""
        return [row["body"] for row in self._twilio.to(self.number)]

    def receives(self, many: int, seconds: float = 10) -> list[str]:
        """The texts, once so many have come."""
        until = time.monotonic() + seconds
        while len(self.received()) < many:
            assert time.monotonic() < until, f"{len(self.received())} of {many} texts came: {self.received()}"
            time.sleep(0.02)
        return self.received()
