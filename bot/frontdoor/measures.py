"""What operators can count: messages, alarms, turns and their seconds. No label ever holds a visitor's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from bot.frontdoor.door import door_of

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)


class Measures:
    """The counters of one front door."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "firstlight_messages", "Messages by the answer to them", ["answer"], registry=self.registry
        )
        self.alarms = Counter("firstlight_alarms", "Emergency cards by level", ["level"], registry=self.registry)
        self.texts = Counter(
            "firstlight_texts", "Texts that came in, by what became of them", ["outcome"], registry=self.registry
        )
        self.turns = Counter("firstlight_turns", "Turns by how they ended", ["outcome"], registry=self.registry)
        self.message_seconds = Histogram(
            "firstlight_message_seconds", "From a message to the answer", registry=self.registry, buckets=SECONDS
        )
        self.text_seconds = Histogram(
            "firstlight_text_seconds", "From a text to its acknowledgement", registry=self.registry, buckets=SECONDS
        )
        self.sent = Counter(
            "firstlight_sent_texts",
            "Texts that went out, by kind and outcome",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "firstlight_turn_seconds", "From acceptance to the reply", registry=self.registry, buckets=SECONDS
        )
        self.streams = Gauge("firstlight_event_streams", "Open event streams", registry=self.registry)


async def metrics(request: Request) -> Response:
    """GET /metrics: the counters in the form that Prometheus reads."""
    return Response(generate_latest(door_of(request).measures.registry), media_type=CONTENT_TYPE_LATEST)
