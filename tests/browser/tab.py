"""One visitor's browser tab, as a visitor uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

ANSWER_MS = 20_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@dataclass
class Tab:
    """One visitor's tab: the page, and everything that went wrong or went elsewhere in it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Remember a request that left our own address."""
        here = urlsplit(self.base)[:2]
        if not request.url.startswith("data:") and urlsplit(request.url)[:2] != here:
            self.elsewhere.append(request.url)

    @property
    def input(self) -> Locator:
        """Where the visitor types."""
        return self.page.get_by_label("Your message")

    @property
    def log(self) -> Locator:
        """The messages."""
        return self.page.get_by_role("log")

    @property
    def panel(self) -> Locator:
        """The open chat."""
        return self.page.get_by_role("dialog")

    def open(self) -> None:
        """Go to the demo page and open the chat."""
        self.page.goto(self.base)
        self.page.get_by_role("button", name="Chat with us").click()
        self.input.wait_for()

    def send(self, text: str) -> None:
        """Type a message and press Enter."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str, count: int = 1) -> Locator:
        """Send a message and wait until the answer is there (message number `count`) and nothing is being worked on."""
        self.send(text)
        return self.answer(count)

    def answer(self, count: int = 1) -> Locator:
        """The answers, once there are at least `count` and the turn is over."""
        answers = self.log.locator(".message.bot")
        answers.nth(count - 1).wait_for(timeout=ANSWER_MS)
        self.page.locator(".working").wait_for(state="hidden", timeout=ANSWER_MS)
        return answers


@contextmanager
def tabs(browser: Browser, base: str) -> Iterator[Callable[..., Tab]]:
    """Makes tabs, each with a context of its own, closed at the end; a phone in the hand unless told otherwise."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Tab:
        context = browser.new_context(**{**PHONE, **options})
        contexts.append(context)
        tab = Tab(context.new_page(), base)
        tab.page.on("console", lambda said: said.type == "error" and tab.complaints.append(said.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("request", tab.note)
        return tab

    yield make
    for context in contexts:
        context.close()
