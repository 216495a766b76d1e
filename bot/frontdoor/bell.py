"""Tells the event streams of a conversation that there is something new."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from bot.store.records import Event

# A phone that changes networks leaves dead streams behind; the newest one is the visitor's.
STREAMS = 6


class Watch:
    """One stream's ear: `rung` is set when there is news, `over` when the stream should end."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.over = False
        self._news: list[Event] = []

    def tell(self, news: Sequence[Event]) -> None:
        """Bring news and ring."""
        self._news += news
        self.rung.set()

    def take(self, after: int) -> list[Event]:
        """The news that follow number `after` without a gap; nothing when only the store can tell what comes next."""
        news = [event for event in self._news if event.seq > after]
        self._news = []
        return news if all(event.seq == after + n for n, event in enumerate(news, 1)) else []


class Bell:
    """Every stream of every conversation."""

    def __init__(self) -> None:
        self._watches: defaultdict[str, list[Watch]] = defaultdict(list)

    def ring(self, conversation: str, news: Sequence[Event] = ()) -> None:
        """Wake the conversation's streams, with what was just stored where that is known."""
        for watch in self._watches.get(conversation, ()):
            watch.tell(news)

    def watch(self, conversation: str) -> Watch:
        """A new ear; the oldest goes when there are too many."""
        watches = self._watches[conversation]
        watches.append(Watch())
        for old in watches[:-STREAMS]:
            old.over = True
            old.rung.set()
        return watches[-1]

    def leave(self, conversation: str, watch: Watch) -> None:
        """Forget an ear."""
        watches = self._watches[conversation]
        watches.remove(watch)
        if not watches:
            del self._watches[conversation]

    def __len__(self) -> int:
        return sum(map(len, self._watches.values()))
