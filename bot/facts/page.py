"""The page of all facts: one file without script, for reading, printing and saving."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from string import Template

from bot.facts.answers import answers, topic_links
from bot.facts.entries import Articles, Fill, badge
from bot.facts.listings import class_list, classes, sources, substances
from bot.facts.markup import escape
from bot.facts.matrix import STYLE as MATRIX_STYLE
from bot.facts.matrix import severity_matrix
from bot.facts.rows import signable
from bot.facts.words import words
from helpline.knowledge.severity import ORDER
from helpline.knowledge.topics import Topics

HERE = Path(__file__).parent
STYLE = MATRIX_STYLE + (HERE / "page.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The page carries its style in itself, so that a saved or printed copy looks the same.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def facts_page(topics: Topics, fill: Fill) -> str:
    """The whole page as HTML; `fill` writes out `[phone]` and the like."""
    knowledge = topics.knowledge
    articles = Articles(knowledge, fill)
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        style=STYLE,
        phone=_number(fill("[phone]")),
        poison_control=_number(fill("[poison_control]")),
        **_counts(topics),
        severities=_severities(),
        class_list=class_list(knowledge),
        rules=articles.all(knowledge.rules.values()),
        overrides=articles.all(knowledge.overrides.values()),
        fallbacks=articles.all(knowledge.fallbacks.values()),
        topic_links=topic_links(topics),
        topics=answers(topics, articles),
        substances=substances(knowledge),
        classes=classes(knowledge, articles),
        sources=sources(knowledge, fill),
        matrix=severity_matrix(knowledge),
    )


def _counts(topics: Topics) -> dict[str, str]:
    knowledge, rows = topics.knowledge, signable(topics)
    unopened = sum(source.url_status.startswith("NOT checked") for source in knowledge.sources.values())
    counted = {
        "rows": len(rows),
        "signed": sum(row.signed for row in rows),
        "substance_count": len(knowledge.substances),
        "class_count": len(knowledge.classes),
        "pair_count": len(knowledge.interactions),
        "override_count": len(knowledge.overrides),
        "fallback_count": len(knowledge.fallbacks),
        "topic_count": sum(len(texts) for texts in topics.texts.values()),
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


def _number(phone: str) -> str:
    """A number to tap."""
    digits = re.sub(r"\D", "", phone)
    prefix = {10: "+1", 11: "+"}.get(len(digits), "")
    return f'<a href="tel:{prefix}{digits}">{escape(phone)}</a>'
