"""The page of all facts: one file without script, for reading, printing and saving."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from string import Template

from bot.facts.book import FOLDER, Book, read_book
from bot.facts.entries import Articles, Fill, badge
from bot.facts.listings import class_list, classes, sources, substances
from bot.facts.markup import escape
from bot.facts.matrix import STYLE as MATRIX_STYLE
from bot.facts.matrix import severity_matrix
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.severity import ORDER

HERE = Path(__file__).parent
STYLE = MATRIX_STYLE + (HERE / "page.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The page carries its style in itself, so that a saved or printed copy looks the same.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def facts_page(knowledge: Knowledge, fill: Fill, folder: Path = FOLDER) -> str:
    """The whole page as HTML; `fill` writes out `[phone]` and the like, and `folder` is where `knowledge` came from."""
    book = read_book(folder)
    articles = Articles(knowledge, book, fill)
    phone = fill("[phone]")
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        style=STYLE,
        phone=escape(phone),
        tel=escape(_tel(phone)),
        poison_control=escape(fill("[poison_control]")),
        **_counts(knowledge, book),
        severities=_severities(),
        class_list=class_list(book),
        rules=articles.all(book.rules),
        overrides=articles.all(book.overrides),
        fallbacks=articles.all(book.fallbacks),
        substances=substances(knowledge, book),
        classes=classes(knowledge, book, articles),
        sources=sources(knowledge, fill),
        matrix=severity_matrix(book.pairs, knowledge),
    )


def _counts(knowledge: Knowledge, book: Book) -> dict[str, str]:
    rows = book.signable
    unopened = sum(source.url_status.startswith("NOT checked") for source in knowledge.sources.values())
    counted = {
        "rows": len(rows),
        "signed": sum(row.signed for row in rows),
        "substance_count": len(book.substances),
        "class_count": len(book.descriptions),
        "pair_count": len(book.pairs),
        "override_count": len(book.overrides),
        "fallback_count": len(book.fallbacks),
        "source_count": len(knowledge.sources),
        "unopened": unopened,
    }
    return {name: f"{count:,}" for name, count in counted.items()}


def _severities() -> str:
    rows = []
    for severity in reversed(ORDER):
        word = words().find("severity", severity)
        rows.append(
            f'<tr><th scope="row">{badge(severity)}</th><td>{word.letter}</td><td>{escape(word.meaning)}</td></tr>\n'
        )
    return "".join(rows)


def _tel(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:{digits}"
