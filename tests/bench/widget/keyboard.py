"""How far somebody gets who has only a keyboard."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.bench.widget.backends import CHOICES

PRESSES = 60
# The words of what has the focus, in whichever shadow root.
FOCUSED = """() => {
  let on = document.activeElement;
  while (on?.shadowRoot?.activeElement) on = on.shadowRoot.activeElement;
  return (on?.innerText || "").trim();
}"""


def reached(page: Page) -> str:
    """Whether each quick reply comes under the focus by the Tab key: yes, with arrow keys, no, or none offered."""
    if not all(page.get_by_text(title, exact=True).first.is_visible() for title in CHOICES):
        return "none offered"
    if _walk(page, "Tab") >= set(CHOICES):
        return "yes"
    return "with arrow keys" if _walk(page, "Tab", "ArrowRight") >= set(CHOICES) else "no"


def _walk(page: Page, *keys: str) -> set[str]:
    """The words of everything that had the focus."""
    found = set()
    for _ in range(PRESSES):
        for key in keys:
            page.keyboard.press(key)
            found.add(str(page.evaluate(FOCUSED)))
    return found
