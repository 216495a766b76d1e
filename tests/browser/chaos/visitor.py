"""Somebody who writes on whatever comes, and what their page shows."""

from __future__ import annotations

import time
from dataclasses import astuple, dataclass

from playwright.sync_api import Error, Locator, Page

from tests.browser.chaos.reckoning import ECHO, Said
from tests.browser.tab import Tab

NO_ANSWER = "No answer came through"
LOAD_MS = 10_000
OPEN_MS = 5_000
FROZEN_MS = 120_000  # a long talk keeps a page busy that is loaded again
# Collects, from now on, every element of the log that ever said the sentence.
WATCH = """(log, sentence) => {
  log.cards = new Set();
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [change.target, ...change.addedNodes])) {
      const message = node.nodeType === Node.ELEMENT_NODE && node.closest(".message.bot");
      if (message && message.textContent.includes(sentence)) log.cards.add(message);
    }
  }).observe(log, { childList: true, subtree: true });
}"""
CARDS = """(log, sentence) => {
  const cards = [...(log.cards || [])];
  return [cards.length, cards.filter((card) => card.isConnected && card.textContent.includes(sentence)).length];
}"""
SAID = """(texts) => texts.map((text) => [text.closest(".message").classList[1], text.textContent])"""
HEARD = """(texts, answer) => texts.some((text) => text.textContent === answer)"""
MISSING = """(texts, answers) => {
  const there = new Set(texts.map((text) => text.textContent));
  return answers.filter((answer) => !there.has(answer)).length;
}"""


@dataclass
class Cards:
    """How often the widget itself said that no answer came: ever, gone with a reloaded page, and still there."""

    shown: int = 0
    reloaded: int = 0
    stayed: int = 0

    def __add__(self, other: Cards) -> Cards:
        """Both together."""
        return Cards(*map(sum, zip(astuple(self), astuple(other), strict=True)))


class Visitor:
    """One tab in which somebody types; it knows nothing of the widget but what can be seen."""

    def __init__(self, page: Page, url: str) -> None:
        self.tab = Tab(page, url)
        self.cards = Cards()
        self.failed_loads = 0
        self.slowest_load = 0.0
        page.set_default_timeout(FROZEN_MS)

    def open(self) -> None:
        """Load the page and open the chat."""
        self.tab.open()
        self._watch()

    def reload(self) -> None:
        """Load the page again, as often as that takes: a visitor does so too."""
        shown, there = self.tab.log.evaluate(CARDS, NO_ANSWER)
        self.cards.shown += shown
        self.cards.reloaded += there
        while not self._load():
            self.failed_loads += 1
            time.sleep(0.3)

    def go_offline(self, offline: bool) -> None:
        """Take the device off the network, or bring it back."""
        self.tab.page.context.set_offline(offline)

    def wait_for(self, text: str, seconds: float) -> bool:
        """Whether a text is answered in time."""
        until = time.monotonic() + seconds
        while not self._bot.evaluate_all(HEARD, ECHO + text):
            if time.monotonic() > until:
                return False
            self.tab.page.wait_for_timeout(50)
        return True

    def unanswered(self, texts: list[str]) -> int:
        """How many of these texts have no answer on the page."""
        found: int = self._bot.evaluate_all(MISSING, [ECHO + text for text in texts])
        return found

    def talk(self) -> list[Said]:
        """Everything that stands in the log, from top to bottom."""
        found = self.tab.log.locator(".message.user .text, .message.bot .text").evaluate_all(SAID)
        return [(role, text) for role, text in found]

    def unsettled(self) -> list[str]:
        """What stands below a message and is not that it was sent."""
        return [state for state in self.tab.log.locator(".state").all_text_contents() if state not in ("", "Sent")]

    def finish(self) -> Cards:
        """The cards of the whole run."""
        shown, self.cards.stayed = self.tab.log.evaluate(CARDS, NO_ANSWER)
        self.cards.shown += shown
        return self.cards

    @property
    def _bot(self) -> Locator:
        return self.tab.log.locator(".message.bot .text")

    def _load(self) -> bool:
        """Whether the page could be loaded; until it can be used counts as the time that it took."""
        started = time.monotonic()
        try:
            self.tab.page.reload(timeout=LOAD_MS)
            self.tab.input.wait_for(timeout=OPEN_MS)
        except Error:
            return False
        self._watch()
        self.slowest_load = max(self.slowest_load, time.monotonic() - started)
        return True

    def _watch(self) -> None:
        self.tab.log.evaluate(WATCH, NO_ANSWER)
