"""The checklist for clinicians, written from the tables: what has to be signed, the most dangerous rows first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

from bot.facts.book import FOLDER, Book, Entry, read_book
from bot.facts.entries import title
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.severity import ORDER

TREATMENT = frozenset({"buprenorphine", "methadone", "naltrexone"})
TREATMENT_TAGS = frozenset({"opioid_partial", "opioid_antagonist"})
HEAD = Path(__file__).parent / "review.md"
PAIRS_SHOWN = 4


def clinical_review(knowledge: Knowledge, folder: Path = FOLDER) -> str:
    """The checklist as Markdown; a row is ticked once its status is no longer `not signed`."""
    book = read_book(folder)
    dangerous = [entry for entry in book.entries if entry.severity == "dangerous"]
    treatment = [entry for entry in book.entries if _treats(knowledge, entry)]
    rest = [entry for entry in book.entries if entry not in dangerous and entry not in treatment]
    unsigned = sum(not row.signed for row in book.signable)
    return Template(HEAD.read_text(encoding="utf-8")).substitute(
        rows=len(book.signable),
        unsigned=unsigned,
        dangerous_pairs=_rows(knowledge, (entry for entry in dangerous if entry.kind == "class")),
        dangerous_others=_rows(knowledge, (entry for entry in dangerous if entry.kind != "class")),
        treatment_above=_above(knowledge, (entry for entry in treatment if entry in dangerous)),
        treatment=_rows(knowledge, (entry for entry in treatment if entry not in dangerous)),
        prescribed=_prescribed(knowledge, book),
        advice=_advice(knowledge, book),
        rest=_rest(knowledge, rest),
        extras=_extras(book),
        sources=_sources(knowledge),
    )


def _treats(knowledge: Knowledge, entry: Entry) -> bool:
    if entry.kind == "class":
        return bool(TREATMENT & {entry.a, entry.b})
    if entry.kind == "tag":
        return bool(TREATMENT_TAGS & {entry.a, entry.b})
    if entry.kind == "rule":
        return False
    return any(TREATMENT & knowledge.substances[name].classes for name in (entry.a, entry.b))


def _rows(knowledge: Knowledge, entries: Iterable[Entry]) -> str:
    return "\n".join(_row(knowledge, entry) for entry in entries) or "None."


def _row(knowledge: Knowledge, entry: Entry) -> str:
    treats = " (medication for opioid use disorder)" if _treats(knowledge, entry) else ""
    about = f"{entry.severity}{treats} · {_text(entry.why)} · {', '.join(entry.sources)} · {_text(entry.status)}"
    return f"- [{_tick(entry.signed)}] {_pair(knowledge, entry)} · {about}"


def _pair(knowledge: Knowledge, entry: Entry) -> str:
    if entry.kind == "rule":
        return f"**{_text(title(knowledge, entry))}** (`{entry.a}`)"
    return f"**{_text(title(knowledge, entry))}** (`{entry.a}` + `{entry.b}`)"


def _above(knowledge: Knowledge, entries: Iterable[Entry]) -> str:
    return "\n".join(f"- {_pair(knowledge, entry)}" for entry in entries) or "None."


def _prescribed(knowledge: Knowledge, book: Book) -> str:
    used: dict[str, list[Entry]] = {}
    for entry in book.entries:
        if entry.if_prescribed:
            used.setdefault(entry.if_prescribed, []).append(entry)
    lines = []
    for text, entries in used.items():
        named = "; ".join(f"`{entry.a}` + `{entry.b}`" for entry in entries[:PAIRS_SHOWN])
        more = f"; and {len(entries) - PAIRS_SHOWN} more" if len(entries) > PAIRS_SHOWN else ""
        lines.append(f"- [{_tick(all(entry.signed for entry in entries))}] {_text(text)} · {named}{more}")
    return "\n".join(lines)


def _advice(knowledge: Knowledge, book: Book) -> str:
    lines = []
    for code, text in knowledge.advice.items():
        entries = [entry for entry in book.entries if entry.advice == code]
        signed = bool(entries) and all(entry.signed for entry in entries)
        lines.append(f"- [{_tick(signed)}] `{code}` · {_text(text)} · {len(entries)} rows")
    return "\n".join(lines)


def _rest(knowledge: Knowledge, entries: list[Entry]) -> str:
    parts = []
    for severity in reversed(ORDER):
        rows = [entry for entry in entries if entry.severity == severity]
        if rows:
            parts.append(f"### {severity} ({len(rows)})\n\n{_rows(knowledge, rows)}")
    return "\n\n".join(parts)


def _extras(book: Book) -> str:
    return "\n".join(
        f"- [{_tick(extra.signed)}] `{extra.a}` + `{extra.b}` · {_text(extra.text)} · "
        f"{', '.join(extra.sources)} · {_text(extra.status)}"
        for extra in book.extras
    )


def _sources(knowledge: Knowledge) -> str:
    return "\n".join(
        f"- [ ] `{name}` · {_text(f'{source.publisher}: {source.title} ({source.date})')} · {_text(source.url_status)}"
        for name, source in knowledge.sources.items()
    )


def _tick(signed: bool) -> str:
    return "x" if signed else " "


def _text(text: str) -> str:
    """The text as Markdown shows it: nothing in it is taken for a mark."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)
