"""Our widget as it is served: the demo page of a real front door, with a stand-in for Rasa behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.widget.backends import ANSWER, CHOICES
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import RunningDoor


@contextmanager
def our_page() -> Iterator[str]:
    """The address of the page, while the front door runs."""
    buttons = [{"title": title, "choice": f"/{title.lower()}"} for title in CHOICES]
    rasa = RasaStandIn()
    rasa.answer = lambda asked: said(messages=[{"text": ANSWER, "buttons": buttons, "card": None}])
    with tempfile.TemporaryDirectory(prefix="firstlight-widget-") as name:
        door = RunningDoor(Path(name), rasa.port)
        try:
            door.start().wait_for_store()
            yield f"{door.url}/"
        finally:
            door.stop()
            rasa.stop()
