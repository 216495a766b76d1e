"""Tells the event streams of a conversation that there is something new."""

from __future__ import annotations

import asyncio
from collections import defaultdict

# A phone that changes networks leaves dead streams behind; the newest one is the visitor's.
STREAMS = 6


class Watch:
    """One stream's ear: `rung` is set when there is news, `over` when a newer stream took its place."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.over = False


class Bell:
    """Every stream of every conversation."""

    def __init__(self) -> None:
        self._watches: defaultdict[str, list[Watch]] = defaultdict(list)

    def ring(self, conversation: str) -> None:
        """Wake the conversation's streams."""
        for watch in self._watches.get(conversation, ()):
            watch.rung.set()

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
