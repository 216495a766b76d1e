"""The checklist for clinicians, written from the tables: what has to be signed, the most dangerous rows first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

from bot.facts.checklist import item, keys, pair, plain, row_item, text_item
from bot.facts.rows import facts, signable
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.severity import ORDER
from helpline.knowledge.topics import AVOID, Topics

TREATMENT = frozenset({"buprenorphine", "methadone", "naltrexone"})
TREATMENT_TAGS = frozenset({"opioid_partial", "opioid_antagonist"})
TREATMENT_TOPIC = "moud"
HEAD = Path(__file__).parent / "review.md"
PAIRS_SHOWN = 4


def clinical_review(topics: Topics) -> str:
    """The checklist as Markdown; a row is ticked once its status is no longer `not signed`."""
    knowledge, rows = topics.knowledge, facts(topics.knowledge)
    dangerous = [row for row in rows if row.severity == "dangerous"]
    treatment = [row for row in rows if _treats(knowledge, row)]
    rest = [row for row in rows if row not in dangerous and row not in treatment]
    return Template(HEAD.read_text(encoding="utf-8")).substitute(
        **_counts(topics),
        dangerous_pairs=_rows(topics, (row for row in dangerous if row.kind == "class")),
        dangerous_others=_rows(topics, (row for row in dangerous if row.kind != "class")),
        treatment_above=_lines(f"- {pair(knowledge, row)}" for row in treatment if row in dangerous),
        treatment=_rows(topics, (row for row in treatment if row not in dangerous)),
        treatment_texts=_texts(topics, treatment=True),
        prescribed=_prescribed(rows),
        advice=_advice(knowledge, rows),
        texts=_texts(topics, treatment=False),
        kinds=_kinds(topics),
        rest=_rest(topics, rest),
        extras=_extras(knowledge),
        sources=_sources(knowledge),
    )


def _counts(topics: Topics) -> dict[str, int]:
    rows, substances = signable(topics), topics.knowledge.substances.values()
    return {
        "rows": len(rows),
        "unsigned": sum(not row.signed for row in rows),
        "substances": len(substances),
        "unsigned_substances": sum(not substance.signed for substance in substances),
    }


def _treats(knowledge: Knowledge, row: PairFact) -> bool:
    if row.kind == "rule":
        return False
    if row.kind == "tag":
        return bool(TREATMENT_TAGS & set(row.pair))
    return any(_is_treatment(knowledge, name) for name in row.pair)


def _is_treatment(knowledge: Knowledge, name: str) -> bool:
    substance = knowledge.substances.get(name)
    return name in TREATMENT or bool(substance and TREATMENT & substance.classes)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) or "None."


def _rows(topics: Topics, rows: Iterable[PairFact]) -> str:
    knowledge = topics.knowledge
    return _lines(row_item(knowledge, row, _treats(knowledge, row)) for row in rows)


def _texts(topics: Topics, treatment: bool) -> str:
    knowledge = topics.knowledge
    return _lines(
        text_item(knowledge, topic, name, text)
        for topic, texts in topics.texts.items()
        for name, text in texts.items()
        if (topic == TREATMENT_TOPIC or _is_treatment(knowledge, name)) == treatment
    )


def _kinds(topics: Topics) -> str:
    signed = all(text.signed for text in topics.texts[AVOID].values())
    return _lines(item(signed, f"`{name}`", plain(words)) for name, words in topics.class_words.items())


def _prescribed(rows: Iterable[PairFact]) -> str:
    used: dict[str, list[PairFact]] = {}
    for row in rows:
        if row.if_prescribed:
            used.setdefault(row.if_prescribed, []).append(row)
    lines = []
    for text, saying in used.items():
        named = "; ".join(keys(row) for row in saying[:PAIRS_SHOWN])
        more = f"; and {len(saying) - PAIRS_SHOWN} more" if len(saying) > PAIRS_SHOWN else ""
        lines.append(item(all(row.signed for row in saying), plain(text), named + more))
    return _lines(lines)


def _advice(knowledge: Knowledge, rows: Iterable[PairFact]) -> str:
    lines = []
    for code, text in knowledge.advice.items():
        saying = [row.signed for row in rows if row.advice == code]
        lines.append(item(bool(saying) and all(saying), f"`{code}`", plain(text), f"{len(saying)} rows"))
    return _lines(lines)


def _rest(topics: Topics, rows: list[PairFact]) -> str:
    parts = []
    for severity in reversed(ORDER):
        found = [row for row in rows if row.severity == severity]
        if found:
            parts.append(f"### {severity} ({len(found)})\n\n{_rows(topics, found)}")
    return "\n\n".join(parts)


def _extras(knowledge: Knowledge) -> str:
    return _lines(
        item(
            extra.signed,
            f"`{extra.classes[0]}` + `{extra.classes[1]}`",
            plain(extra.text),
            ", ".join(extra.sources),
            plain(extra.status),
        )
        for extra in knowledge.facts
    )


def _sources(knowledge: Knowledge) -> str:
    return _lines(
        item(False, f"`{name}`", plain(f"{source.publisher}: {source.title} ({source.date})"), plain(source.url_status))
        for name, source in knowledge.sources.items()
    )
