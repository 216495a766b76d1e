"""Rasa's short memory: the last turns of the conversations heard most recently, in this process only."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def last_turns(events: List[Event], turns: int) -> List[Event]:
    """The events from the `turns`-th last user message on."""
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    return events[starts[-turns] :] if len(starts) > turns else events


class ShortMemory(TrackerStore):
    """Keeps `turns` turns of each of `conversations` conversations; the least recently used goes first.

    The front door's store is the only durable memory, and sends the context along with every turn. So a long talk
    costs no more than a short one, and no second copy of anybody's words lies around.
    """

    def __init__(
        self,
        domain: Optional[Domain],
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        turns: int = 10,
        conversations: int = 2000,
        **kwargs: Any,
    ) -> None:
        """Start empty. `host` is Rasa's, unused."""
        super().__init__(domain, event_broker)
        self._turns = turns
        self._conversations = conversations
        self._events: OrderedDict[str, List[Event]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the last turns of this conversation, with its slots and its open form as they are."""
        await self.stream_events(tracker)
        events = list(tracker.events)
        kept = last_turns(events, self._turns)
        if len(kept) < len(events):
            slots = [SlotSet(s.name, s.value) for s in tracker.slots.values() if s.value != s.initial_value]
            loop = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
            kept = [*slots, ActionExecuted(ACTION_LISTEN_NAME), *loop, *kept]
        self._events[tracker.sender_id] = kept
        self._events.move_to_end(tracker.sender_id)
        while len(self._events) > self._conversations:
            self._events.popitem(last=False)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """What is kept of this conversation, or None."""
        events = self._events.get(sender_id)
        if events is None:
            return None
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)

    async def keys(self) -> Iterable[str]:
        """The conversations kept."""
        return list(self._events)
