"""Pictures of the widget's main states on the real stack: `python -m tests.browser.screenshots` writes docs/widget/.

docs/screenshot.png, the one on the README, is made too.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.tab import Tab, tabs
from tests.stack import Stack

DOCS = Path(__file__).resolve().parents[2] / "docs"
MIX = "can i mix xanax and percocet"
OVERDOSE = "my friend is not waking up he took oxys and bars"
Play = Callable[[Tab], None]


def mix(tab: Tab) -> None:
    """The seed question and its answer."""
    tab.open()
    tab.ask(MIX)
    tab.log.locator(".card.interaction").wait_for()


def sources(tab: Tab) -> None:
    """The folded part of the answer, opened."""
    mix(tab)
    tab.log.locator("summary").click()
    tab.log.locator("summary").scroll_into_view_if_needed()


def emergency(tab: Tab) -> None:
    """An overdose, as it begins."""
    tab.open()
    tab.ask(OVERDOSE)


def timer(tab: Tab) -> None:
    """The step that waits for the second dose, with the numbers kept in sight."""
    emergency(tab)
    tab.ask("i gave him narcan", 2)
    tab.log.get_by_role("timer").wait_for()


def crisis(tab: Tab) -> None:
    """Somebody who wants to die."""
    tab.open()
    tab.ask("i want to kill myself")


def offline(tab: Tab) -> None:
    """An overdose while the phone has no connection."""
    tab.open()
    tab.page.context.set_offline(True)
    tab.send(OVERDOSE)
    tab.log.locator(".card.emergency").wait_for()


def waiting(tab: Tab) -> None:
    """A question while the phone has no connection."""
    tab.open()
    tab.page.context.set_offline(True)
    tab.send(MIX)
    tab.log.locator(".card.helpline").wait_for(timeout=12_000)


def more(tab: Tab) -> None:
    """What else a visitor may do."""
    mix(tab)
    tab.page.get_by_role("button", name="More").click()


def helper(tab: Tab) -> None:
    """The page for a friend or a paramedic."""
    mix(tab)
    tab.ask(OVERDOSE, tab.log.locator(".message.bot").count() + 1)
    tab.page.get_by_role("button", name="More").click()
    tab.page.get_by_role("button", name="Show this to a helper").click()


def spanish(tab: Tab) -> None:
    """The widget in Spanish."""
    tab.open()
    tab.page.get_by_role("button", name="Español").click()
    tab.page.locator("textarea").fill("mi hermano no despierta")
    tab.page.locator("textarea").press("Enter")
    tab.log.locator(".card.emergency").wait_for()


def text(tab: Tab, said: str, answer: str) -> None:
    """Say something on the page that stands in for a phone, and wait for the answer."""
    tab.page.get_by_role("textbox").fill(said)
    tab.page.get_by_role("textbox").press("Enter")
    tab.page.get_by_text(answer).wait_for(timeout=15_000)


def texts(tab: Tab) -> None:
    """A question by text, and the quick reply by its number."""
    tab.page.goto(f"{tab.base}/sms/try")
    text(tab, MIX, "Do not mix")
    text(tab, "2", "Good that you asked")


def link(tab: Tab) -> None:
    """The page behind the link in a text."""
    tab.page.goto(f"{tab.base}/sms/try")
    text(tab, "LINK", "The link works once")
    tab.page.goto(str(tab.page.locator("a[href*='/c/']").first.get_attribute("href")))


def closed(tab: Tab) -> None:
    """The page before anything is opened."""
    tab.page.goto(tab.base)
    tab.page.get_by_role("button", name="Chat with us").wait_for()


SHOTS: dict[str, tuple[Play, dict[str, object]]] = {
    "closed": (closed, {"color_scheme": "dark"}),
    "answer": (mix, {"color_scheme": "dark"}),
    "answer-320": (mix, {"color_scheme": "light", "viewport": {"width": 320, "height": 640}}),
    "sources": (sources, {"color_scheme": "light"}),
    "emergency": (emergency, {"color_scheme": "dark"}),
    "timer": (timer, {"color_scheme": "light"}),
    "crisis": (crisis, {"color_scheme": "light"}),
    "offline": (offline, {"color_scheme": "dark"}),
    "waiting": (waiting, {"color_scheme": "light"}),
    "more": (more, {"color_scheme": "dark"}),
    "helper": (helper, {"color_scheme": "light"}),
    "spanish": (spanish, {"color_scheme": "light"}),
    "texts": (texts, {"color_scheme": "dark", "viewport": {"width": 390, "height": 1180}}),
    "link": (link, {"color_scheme": "light"}),
    "keyboard": (mix, {"color_scheme": "dark", "viewport": {"width": 360, "height": 320}}),
    "desktop": (mix, {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}, "has_touch": False}),
}


def shoot(browser: Browser, base: str, name: str) -> None:
    """One picture."""
    play, options = SHOTS[name]
    with tabs(browser, base) as make:
        tab = make(**options)
        play(tab)
        tab.page.wait_for_timeout(400)
        tab.page.screenshot(path=DOCS / "widget" / f"{name}.png")


def main() -> int:
    """All of them, or those named."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with Stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in sys.argv[1:] or SHOTS:
            print(name, file=sys.stderr, flush=True)
            shoot(browser, stack.url, name)
        browser.close()
    shutil.copy(DOCS / "widget" / "answer.png", DOCS / "screenshot.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
