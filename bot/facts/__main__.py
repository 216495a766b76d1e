"""Writes what is made from the tables: `python -m bot.facts --review --matrix`, or `--page FILE` to look at."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.facts.entries import Fill
from bot.facts.matrix import severity_matrix
from bot.facts.page import facts_page
from bot.facts.review import clinical_review
from bot.facts.rows import FOLDER
from bot.settings import READERS
from helpline import escalation
from helpline.knowledge import KnowledgeError, load
from helpline.knowledge.topics import load_topics

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main(arguments: list[str]) -> int:
    """0 when everything asked for was written; 1, with one sentence, when a table is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bot.facts", description="Writes what is made from the tables.")
    parser.add_argument("--review", action="store_true", help="write docs/clinical-review.md")
    parser.add_argument("--matrix", action="store_true", help="write docs/severity-matrix.svg")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page of facts to FILE")
    asked = parser.parse_args(arguments)
    if not (asked.review or asked.matrix or asked.page):
        parser.error("say what to write")
    try:
        for path, text in _texts(asked):
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {path}.")
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _texts(asked: argparse.Namespace) -> list[tuple[Path, str]]:
    topics = load_topics(FOLDER, load(FOLDER))
    texts = []
    if asked.review:
        texts.append((DOCS / "clinical-review.md", clinical_review(topics)))
    if asked.matrix:
        texts.append((DOCS / "severity-matrix.svg", severity_matrix(topics.knowledge, alone=True)))
    if asked.page:
        texts.append((asked.page, facts_page(topics, _fill())))
    return texts


def _fill() -> Fill:
    contacts, phone = escalation.load(FOLDER.parent / "safety"), READERS["HELPLINE_PHONE"]("HELPLINE_PHONE", os.environ)
    return lambda text: contacts.fill(text, phone)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
