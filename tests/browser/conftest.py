"""A real Chromium for the tests of this folder, and a page that notes what a visitor must never meet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.tab import Tab

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")  # Playwright holds the event loop, which other tests need afterwards
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that the environment names in CHROMIUM."""
    path = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    if not path:
        pytest.skip("no Chromium found: install the chromium package, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def new_tab(chromium: Browser, stack_url: str) -> Iterator[Callable[..., Tab]]:
    """Makes tabs with a context of their own; a phone in the hand unless told otherwise."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Tab:
        context = chromium.new_context(**{"viewport": {"width": 390, "height": 844}, "has_touch": True, **options})
        contexts.append(context)
        tab = Tab(context.new_page(), stack_url)
        tab.page.on("console", lambda said: said.type == "error" and tab.complaints.append(said.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("request", tab.note)
        return tab

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def tab(new_tab: Callable[..., Tab]) -> Tab:
    """A phone at night: dark, and the chat is open."""
    tab = new_tab(color_scheme="dark")
    tab.open()
    return tab
