"""Pictures of the staff console: `python -m tests.browser.staff_screenshots` writes docs/staff/."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bot.staff.console import RunningConsole
from tests.bot.staff.talks import night

DOCS = Path(__file__).resolve().parents[2] / "docs" / "staff"
DESK = {"viewport": {"width": 1100, "height": 800}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def written(console: RunningConsole) -> dict[str, str]:
    """A night with something of everything, on which one of staff has begun to work; the addresses of the pictures."""
    with night(console.settings) as talks:
        talks.named("named")
        talks.forged("forged")
        talks.texted()
        talks.overdose("overdose")
        talks.call_me("calm", "Ana")
        talks.call_me("worried", "Maria", worried=True)
        mix = f"/conversations/{talks.mix('mix')}"
    return {"night": "/", "list": "/conversations?substance=alprazolam", "reader": mix, "callbacks": "/callbacks"}


def take(browser: Browser, console: RunningConsole) -> None:
    """Every picture, as a counsellor sees it."""
    addresses, counsellor = written(console), console.client("counsellor")
    counsellor.send_form(f"{addresses['reader']}/tags", tag="call again")
    counsellor.send_form(f"{addresses['reader']}/notes", text="Asked for a doctor. Try again on Monday.")
    pages = [(name, path, DESK) for name, path in {**addresses, "texts": "/texts"}.items()]
    for name, path, device in [*pages, ("list-phone", addresses["list"], PHONE), ("night-phone", "/", PHONE)]:
        context = browser.new_context(base_url=console.url, **device)
        context.add_cookies([{"name": c.name, "value": c.value, "url": console.url} for c in counsellor.cookies.jar])
        page = context.new_page()
        page.goto(path)
        page.screenshot(path=DOCS / f"{name}.png")
        context.close()


def main() -> None:
    """Start a console with a database of its own, and write the pictures."""
    DOCS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        console = RunningConsole(Path(folder)).start()
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("No chromium was found.")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            take(browser, console)
        finally:
            browser.close()
            console.stop()


if __name__ == "__main__":
    main()
