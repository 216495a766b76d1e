"""HTML from text: everything is escaped, every anchor is used once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable


def escape(text: str) -> str:
    """The text as it stands inside an element or a quoted attribute."""
    return html.escape(text, quote=True)


def anchor(*parts: str) -> str:
    """An id for a link to point to: `p--opioid--alcohol`."""
    return "--".join(re.sub(r"[^a-z0-9_]+", "-", part.lower()).strip("-") for part in parts)


def link(target: str, text: str) -> str:
    """A link within the page."""
    return f'<a href="#{escape(target)}">{escape(text)}</a>'


def listing(items: Iterable[str], kind: str = "") -> str:
    """A list of ready-made items."""
    inner = "".join(f"<li>{item}</li>\n" for item in items)
    return f'<ul class="{escape(kind)}">\n{inner}</ul>\n' if kind else f"<ul>\n{inner}</ul>\n"


def line(label: str, content: str, kind: str = "") -> str:
    """A short paragraph that begins with its label; nothing when there is no content."""
    if not content:
        return ""
    opening = f'<p class="{escape(kind)}">' if kind else "<p>"
    return f"{opening}<b>{escape(label)}:</b> {content}</p>\n"


def unique(anchors: Iterable[str]) -> list[str]:
    """The anchors, with a number behind those that were already taken."""
    taken: set[str] = set()
    given: list[str] = []
    for wanted in anchors:
        free, number = wanted, 2
        while free in taken:
            free, number = f"{wanted}-{number}", number + 1
        taken.add(free)
        given.append(free)
    return given
