"""One run: a visitor writes, everything breaks, and in the end page, store and Rasa are compared with what was sent."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from tests.browser.chaos import plan
from tests.browser.chaos.faults import Fault
from tests.browser.chaos.plan import Deed, Event
from tests.browser.chaos.reckoning import answers, messages
from tests.browser.chaos.result import Result
from tests.browser.chaos.scene import Scene
from tests.browser.chaos.visitor import Visitor

ANSWER_SECONDS = 2.0  # then the visitor writes on
LAST_SECONDS = 120.0
LATER_SECONDS = 3.0  # for what comes a second time after everything was there once
OFFLINE_SECONDS = 1.0
RELOAD_MS = 200  # at most, after a message was written
PHONE: ViewportSize = {"width": 390, "height": 844}


class Run:
    """A visitor in a scene, and the plan of what befalls them."""

    def __init__(self, scene: Scene, visitor: Visitor, turns: int, kills: int, chance: random.Random) -> None:
        self.scene = scene
        self.visitor = visitor
        self.sent = plan.texts(turns, chance)
        self.deeds: Counter[str] = Counter()
        self._events = plan.events(turns, kills, chance)
        self._chance = chance

    def write(self, tell: Callable[[int], None]) -> None:
        """Send everything, a burst at a time, while the plan comes true."""
        at = 0
        for burst in plan.bursts(self.sent, self._chance):
            events = [event for number in range(at, at + len(burst)) for event in self._events.get(number, ())]
            self._burst(burst, events)
            at += len(burst)
            tell(at)

    def wait(self) -> None:
        """Let everything arrive, with nothing in its way."""
        self.scene.settle()
        self.visitor.go_offline(False)
        until = time.monotonic() + LAST_SECONDS
        while self.visitor.unanswered(self.sent) and time.monotonic() < until:
            self.visitor.tab.page.wait_for_timeout(500)
        self.visitor.tab.page.wait_for_timeout(1000 * LATER_SECONDS)

    def _burst(self, burst: list[str], events: list[Event]) -> None:
        self._before(events)
        for text in burst:
            self.visitor.tab.send(text)
        if Deed.OFFLINE in events:
            self.visitor.tab.page.wait_for_timeout(1000 * OFFLINE_SECONDS)
            self.visitor.go_offline(False)
        if Deed.RELOAD in events:
            self.visitor.tab.page.wait_for_timeout(self._chance.uniform(0, RELOAD_MS))
            self.visitor.reload()
        if self._chance.random() > plan.IMPATIENT:
            self.visitor.wait_for(burst[-1], ANSWER_SECONDS)

    def _before(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Fault):
                self.scene.proxy.owe(event)
                continue
            self.deeds[event.value] += 1
            if event is Deed.KILL:
                self.scene.restart()
        if Deed.OFFLINE in events:
            self.visitor.go_offline(True)


def run(browser: Browser, folder: Path, turns: int, kills: int, seed: int, tell: Callable[[int], None]) -> Result:
    """Run once, from a seed."""
    chance, started = random.Random(seed), time.monotonic()
    with Scene(folder, random.Random(chance.random())) as scene, browser.new_context(viewport=PHONE) as context:
        visitor = Visitor(context.new_page(), scene.proxy.url)
        visitor.open()
        one = Run(scene, visitor, turns, kills, chance)
        one.write(tell)
        one.wait()
        result = _reckon(one, Result(turns))
    result.seconds = round(time.monotonic() - started, 1)
    return result


def _reckon(one: Run, result: Result) -> Result:
    page, stored = one.visitor.talk(), one.scene.stored()
    asked, result.asked_again = one.scene.asked(one.sent)
    result.counts = {
        "messages on the page": messages(one.sent, page),
        "answers on the page": answers(one.sent, page),
        "messages in the store": messages(one.sent, stored),
        "answers in the store": answers(one.sent, stored),
        "messages that Rasa was asked": asked,
    }
    result.broken = one.deeds + Counter({fault.value: times for fault, times in one.scene.proxy.made.items()})
    result.cards = one.visitor.finish()
    result.conversations = len(one.scene.conversations())
    result.failed_loads = one.visitor.failed_loads
    result.slowest_load = round(one.visitor.slowest_load, 1)
    result.unsettled = len(one.visitor.unsettled())
    return result
