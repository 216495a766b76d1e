"""A real front door behind a proxy, with a stand-in for Rasa that echoes, and what these two have of a talk."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx

from bot.store import Store
from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn, said
from tests.bot.frontdoor.running_door import RunningDoor
from tests.browser.chaos.proxy import Proxy
from tests.browser.chaos.reckoning import ECHO, Count, Said, count
from tests.stack import free_port

THINKING_SECONDS = 0.1  # of Rasa, at most
START_SECONDS = 60.0  # more than a door is given elsewhere
DYING_SECONDS = 0.2
PAGE = 200
# A card of the door in place of an answer is not what is measured here.
PATIENT = {"TURN_SECONDS": "30", "MESSAGES_PER_MINUTE": "100000"}


class Scene:
    """Everything but the browser."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        port = free_port()
        self.rasa = RasaStandIn()
        self.rasa.answer = self._answer
        self.door = RunningDoor(folder, self.rasa.port, PUBLIC_BASE_URL=f"http://127.0.0.1:{port}", **PATIENT)
        self.proxy = Proxy(port, self.door.port, chance)
        self.lives = 1
        self._chance = chance
        self._asked: list[tuple[int, Asked]] = []
        self._killer = ThreadPoolExecutor(1)
        self._restarts: list[Future[None]] = []

    def __enter__(self) -> Scene:
        """Started and ready."""
        self.proxy.start()
        try:
            start(self.door)
            self.door.wait_for_store()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stopped."""
        self._killer.shutdown()
        self.proxy.stop()
        self.door.stop()
        self.rasa.stop()

    def restart(self) -> None:
        """Kill the door in a moment, and start it again; the page goes on meanwhile."""
        self._restarts.append(self._killer.submit(self._kill, self._chance.uniform(0, 0.4)))

    def settle(self) -> None:
        """Break nothing more, and wait until everything is back."""
        self.proxy.calm()
        for restart in self._restarts:
            restart.result()

    def stored(self) -> list[Said]:
        """The whole talk as the store has it; a tab's later conversations follow its first."""
        store = Store(self.door.settings)
        try:
            return [said for conversation in self.conversations() for said in _talk(store, conversation)]
        finally:
            store.close()

    def conversations(self) -> list[str]:
        """The conversations that Rasa was asked about, the first one first."""
        return list(dict.fromkeys(asked["conversation"] for _, asked in self._asked))

    def asked(self, sent: list[str]) -> tuple[Count, int]:
        """What Rasa was asked, and how often again because the door was killed before it had the answer."""
        lives = [(life, asked["message_id"]) for life, asked in self._asked]
        firsts = {asked["message_id"]: asked["text"] for _, asked in reversed(self._asked)}
        found = count(sent, list(reversed(firsts.values())))
        doubled = sum(times - 1 for times in Counter(lives).values())
        again = len(set(lives)) - len(firsts)
        return found + Count(doubled=doubled), again

    def _kill(self, after: float) -> None:
        time.sleep(after)
        self.door.kill()
        time.sleep(DYING_SECONDS)  # what the dead one had asked arrives before anything of the new one
        self.lives += 1
        start(self.door)

    def _answer(self, asked: Asked) -> Given:
        self._asked.append((self.lives, asked))
        time.sleep(self._chance.uniform(0, THINKING_SECONDS))
        return said(ECHO + str(asked["text"]))


def start(door: RunningDoor) -> None:
    """Start a door, however busy the machine is with other work."""
    try:
        door.start()
    except AssertionError:
        until = time.monotonic() + START_SECONDS
        while not _alive(door):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _alive(door: RunningDoor) -> bool:
    try:
        return bool(door.ready())
    except httpx.HTTPError:
        return False


def _talk(store: Store, conversation: str) -> list[Said]:
    found: list[Said] = []
    after = 0
    while events := store.events(conversation, after, PAGE).result():
        found += [(event.data["role"], event.data["text"] or "") for event in events if "role" in event.data]
        after = events[-1].seq
    return found
