"""The provider that stands in where none is configured: it delivers to telephones that nobody has."""

from __future__ import annotations

from collections.abc import Collection

from bot.sms.provider import Refused
from bot.store.records import Text
from helpline.sms import fictional


class Console:
    """Takes texts to fictional numbers, which /sms/try shows from the store, and refuses to pretend for all others."""

    name = "console"

    def send(self, text: Text) -> str:
        """Accept a text to a fictional number."""
        if not fictional(text.number):
            raise Refused("no_provider", again=False)
        return f"console-{text.id}"

    def find(self, text: Text, known: Collection[str]) -> str | None:
        """Nothing: accepting the same text twice shows it once."""
        return None
