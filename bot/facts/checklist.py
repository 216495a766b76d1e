"""Lines of the checklist: a box, what it is about, the words a visitor reads, sources, status."""

from __future__ import annotations

from bot.facts.answers import about
from bot.facts.entries import title
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.topics import BETWEEN_BUBBLES, Text


def item(signed: bool, *parts: str) -> str:
    """One line with its box; the parts are Markdown already."""
    return f"- [{'x' if signed else ' '}] {' · '.join(parts)}"


def plain(text: str) -> str:
    """The text as Markdown shows it: nothing in it is taken for a mark."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)


def pair(knowledge: Knowledge, row: PairFact) -> str:
    """The row's pair in words and as it stands in the table."""
    return f"**{plain(title(knowledge, row))}** ({keys(row)})"


def keys(row: PairFact) -> str:
    """The row's cells by which to find it."""
    return f"`{row.pair[0]}`" if row.kind == "rule" else f"`{row.pair[0]}` + `{row.pair[1]}`"


def row_item(knowledge: Knowledge, row: PairFact, treats: bool) -> str:
    """A row with a severity."""
    severity = f"{row.severity} (medication for opioid use disorder)" if treats else row.severity
    return item(row.signed, pair(knowledge, row), severity, plain(row.why), ", ".join(row.sources), plain(row.status))


def text_item(knowledge: Knowledge, topic: str, name: str, text: Text) -> str:
    """An answer to a question that is not about a pair."""
    cells = f"`{topic}` + `{name}`" if name else f"`{topic}`"
    said = plain(BETWEEN_BUBBLES.join(text.bubbles))
    head = f"**{plain(about(knowledge, name))}** ({cells})"
    return item(text.signed, head, said, ", ".join(text.sources), plain(text.status))
