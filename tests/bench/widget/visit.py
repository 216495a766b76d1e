"""One visit to a page with a widget: a phone that was never there before, and notes of what it had to fetch."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, Response, sync_playwright

from tests.bench.widget.widgets import Widget

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Only this machine is found, so that the figures are the same with and without the internet.
ALONE = ("--no-sandbox", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
COUNTED = {"script", "stylesheet", "font", "image"}
LIMIT = 120  # seconds until something is said never to come
CPU = 4
SLOW_NET = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # bytes a second


class NeverCame(Exception):
    """Says what a visitor waited for in vain."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that the environment names in CHROMIUM."""
    path = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    if not path:
        raise SystemExit("No Chromium found: install the chromium package, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ALONE)
        yield browser
        browser.close()


class Visit:
    """A visitor with an empty cache on a phone of 390x844; close it when done."""

    def __init__(self, browser: Browser, widget: Widget, url: str) -> None:
        self.context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
        self.page: Page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)
        self.elsewhere: list[str] = []
        self._widget, self._url = widget, url
        self._responses: list[Response] = []
        self.page.on("request", self._note)
        self.page.on("response", lambda response: self._responses.append(response))
        self.page.set_default_timeout(1000 * LIMIT)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        """Everything of the visit is forgotten."""
        self.context.close()

    def _note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            self.elsewhere.append(request.url)

    def slow_cpu(self) -> None:
        """A processor that is CPU times as slow, from here on."""
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU})

    def slow_net(self) -> None:
        """A bad line, from here on."""
        self.cdp.send("Network.enable")
        self.cdp.send("Network.emulateNetworkConditions", SLOW_NET)

    def without_scripts(self) -> None:
        """The page as it would be without its script files."""
        self.cdp.send("Network.enable")
        self.cdp.send("Network.setBlockedURLs", {"urls": ["*.js"]})

    def go(self) -> None:
        """Go to the page, and wait for nothing."""
        self.page.goto(self._url, wait_until="commit")

    @property
    def launcher(self) -> Locator:
        """What opens the chat; the input of a widget that stands open."""
        return self.page.locator(self._widget.launcher or self._widget.input)

    @property
    def input(self) -> Locator:
        """Where the visitor types."""
        return self.page.locator(self._widget.input)

    def wait_for(self, what: str, come: Callable[[], bool], limit: float = LIMIT) -> None:
        """Wait until something has come; asks every 20 ms, where Playwright's own waiting asks twice a second."""
        until = time.monotonic() + limit
        while not come():
            if time.monotonic() > until:
                raise NeverCame(f"{what} did not come within {limit:.0f} seconds")
            self.page.wait_for_timeout(20)

    def wait_for_first(self) -> None:
        """Wait until the visitor sees that there is a chat."""
        self.wait_for("the launcher" if self._widget.launcher else "the input", self.launcher.is_visible)

    def bytes(self) -> int:
        """What the widget has fetched so far: scripts, styles, fonts and images, each once and as gzip -9 packs it."""
        bodies = {}
        for response in self._responses:
            address = urlsplit(response.url)
            its_own = address.path not in self._widget.page_files and address.scheme not in ("data", "blob")
            if response.request.resource_type in COUNTED and its_own and response.ok:
                bodies[response.url] = response.body
        return sum(len(gzip.compress(body(), 9, mtime=0)) for body in bodies.values())
