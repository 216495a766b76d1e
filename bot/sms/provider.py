"""What the bot needs of a company that delivers text messages, and the two ways in which it can fail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.store.records import Text

UNREACHABLE = "unreachable"
BUSY = "busy"


class Refused(Exception):
    """The text was surely not accepted.

    `code` is the provider's, or UNREACHABLE or BUSY; where trying `again` is worth while it may say `after` how many
    seconds. `opted_out`: the provider lets nobody text this number, because its owner asked for that.
    """

    def __init__(self, code: str, *, again: bool, after: float | None = None, opted_out: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.after = after
        self.opted_out = opted_out


class Uncertain(Exception):
    """The text may have been accepted: it must be looked for before it is sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(Protocol):
    """A company that delivers texts. Both calls block for some seconds at most, and raise Refused or Uncertain."""

    name: str

    def send(self, text: Text) -> str:
        """Hand a text over; the provider's id of it."""

    def find(self, text: Text, known: Collection[str]) -> str | None:
        """The id of this text if it was accepted before; ids that are known belong to other texts."""
