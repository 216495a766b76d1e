"""One visitor's browser tab, as a visitor uses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request

ANSWER_MS = 20_000


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
