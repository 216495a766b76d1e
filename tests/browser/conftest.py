"""A real Chromium for the tests of this folder, and a page that notes what a visitor must never meet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.tab import Tab, tabs

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
    with tabs(chromium, stack_url) as make:
        yield make


@pytest.fixture
def tab(new_tab: Callable[..., Tab]) -> Tab:
    """A phone at night: dark, and the chat is open."""
    tab = new_tab(color_scheme="dark")
    tab.open()
    return tab
