"""What is measured of a widget in one run: three visits, and two more to know what its page does without it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.bench.widget.backends import ANSWER
from tests.bench.widget.keyboard import reached
from tests.bench.widget.visit import NeverCame, Visit
from tests.bench.widget.widgets import Widget

SETTLE_MS = 1500
BUSY_MS = 6000  # after the page has loaded: until then every widget is quiet, on a slow processor too
FOCUS_SECONDS = 3.0


@dataclass(frozen=True)
class Figures:
    """One run, or the medians of several."""

    bytes_before: int
    bytes_in_all: int
    third_party: int
    cookies: int
    local_storage: int
    axe: int
    by_tab: str
    script_ms: float
    task_ms: float
    launcher_seconds: float | None  # None: it stands open in the page
    input_seconds: float  # after the tap, or after the navigation where there is no launcher
    focused: bool


def measured(browser: Browser, widget: Widget, url: str) -> Figures:
    """Everything, once."""
    fetched = one_answer(browser, widget, url)
    script, task = (a - b for a, b in zip(work(browser, widget, url), work(browser, widget, url, False), strict=True))
    return Figures(*fetched, 1000 * script, 1000 * task, *on_a_bad_phone(browser, widget, url))


def one_answer(browser: Browser, widget: Widget, url: str) -> tuple[int, int, int, int, int, int, str]:
    """Open the chat on a good phone, ask, and look at what it took and what it left behind."""
    with Visit(browser, widget, url) as visit:
        visit.go()
        visit.wait_for_first()
        visit.page.wait_for_timeout(SETTLE_MS)
        before = visit.bytes()
        if widget.launcher:
            visit.launcher.tap()
        visit.input.fill("hello")
        visit.input.press("Enter")
        visit.wait_for("the answer", visit.page.get_by_text(ANSWER).first.is_visible, limit=20)
        visit.page.wait_for_timeout(SETTLE_MS)
        in_all, elsewhere = visit.bytes(), len(visit.elsewhere)  # before axe, which fetches styles again
        violations = Axe().run(visit.page).violations_count
        keys = visit.page.evaluate("localStorage.length")
        return before, in_all, elsewhere, len(visit.context.cookies()), keys, violations, reached(visit.page)


def work(browser: Browser, widget: Widget, url: str, scripts: bool = True) -> tuple[float, float]:
    """Seconds of scripts and of all tasks on the main thread of a slow phone that nobody touches."""
    with Visit(browser, widget, url) as visit:
        visit.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # a busy machine does not count as work
        visit.slow_cpu()
        if not scripts:
            visit.without_scripts()
        visit.page.goto(url, wait_until="load")
        visit.page.wait_for_timeout(BUSY_MS)
        if scripts:
            visit.wait_for_first()
        metrics = {one["name"]: one["value"] for one in visit.cdp.send("Performance.getMetrics")["metrics"]}
        return metrics["ScriptDuration"], metrics["TaskDuration"]


def on_a_bad_phone(browser: Browser, widget: Widget, url: str) -> tuple[float | None, float, bool]:
    """Seconds until the launcher is there, seconds from its tap to an input, and whether that has the focus."""
    with Visit(browser, widget, url) as visit:
        visit.slow_cpu()
        visit.slow_net()
        started, launcher = time.monotonic(), None
        visit.go()
        if widget.launcher:
            visit.wait_for_first()
            launcher = time.monotonic() - started
            visit.launcher.tap(trial=True)
            started = time.monotonic()
            visit.launcher.tap(force=True)
        visit.wait_for("the input", lambda: visit.input.is_visible() and visit.input.is_editable())
        usable = time.monotonic() - started
        focused = _takes_focus(visit)
        return launcher, time.monotonic() - started if focused else usable, focused


def _takes_focus(visit: Visit) -> bool:
    try:
        visit.wait_for("the focus", lambda: bool(visit.input.evaluate("e => e.matches(':focus')")), FOCUS_SECONDS)
    except NeverCame:
        return False
    return True
