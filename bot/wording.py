"""Every sentence that a visitor can see, with its place and reading grade: `python -m bot.wording` writes the list.

The sentences of data/knowledge stand in docs/clinical-review.md; only the openings of an answer and the signs are here.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

import textstat
import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "wording.md"
HEAD = Path(__file__).with_suffix(".md")
REPLIES, STEPS, MOVES = "data/safety/replies.csv", "data/safety/guide_steps.csv", "data/safety/guide_moves.csv"
CONCERNS, VERDICTS, DOMAIN, WIDGET, TEXTS = (
    "data/safety/concerns.csv",
    "data/knowledge/verdicts.csv",
    "domain.yml",
    "data/conversation/widget.csv",
    "data/conversation/sms.csv",
)
FACTS = ("interactions", "overrides", "fallbacks", "rules")
ENDS = re.compile(r"(?<=[.!?])\s+")
# What is filled in, and every number, is read as one short word.
SPOKEN = re.compile(r"\[\w+\]|\{\w+\}|\d[\d-]*")
LANGUAGES = ("en", "es")
FEWEST_WORDS = 5  # of which the grade says anything


@dataclass(frozen=True)
class Said:
    """One text as it stands in one cell or string. `level` is that of its concern, empty where it has none.

    `bubble` names what is read as a whole: the parts of one reply share it.
    """

    file: str
    bubble: str
    part: str
    language: str
    text: str
    level: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return " ".join(filter(None, (self.file.rpartition("/")[2], self.bubble, self.part, self.language)))


def grade(text: str) -> float:
    """The grade of Flesch and Kincaid."""
    return float(textstat.textstat.flesch_kincaid_grade(SPOKEN.sub("one", text)))


def sentences(text: str) -> list[str]:
    """The text's sentences in order."""
    return ENDS.split(text)


@lru_cache(maxsize=1)
def everything() -> tuple[Said, ...]:
    """Every text outside data/knowledge that a visitor can see, and the openings of verdicts.csv."""
    return (*_replies(), *_steps(), *_moves(), *_responses(), *_strings(WIDGET), *_strings(TEXTS), *_verdicts())


def rows(file: str) -> list[dict[str, str]]:
    """The lines of a table."""
    return list(csv.DictReader((ROOT / file).open(encoding="utf-8", newline="")))


def responses() -> dict[str, list[dict[str, Any]]]:
    """The responses of domain.yml."""
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load((ROOT / DOMAIN).read_text(encoding="utf-8"))["responses"]
    return found


def _replies() -> Iterator[Said]:
    levels: dict[str, str] = {}
    for row in rows(CONCERNS):
        levels.setdefault(row["reply"], row["level"])
    for row in rows(REPLIES):
        part = f"step {row['order']}" if row["part"] == "step" else row["part"]
        yield Said(REPLIES, row["key"], part, row["language"], row["text"], levels.get(row["key"], ""))


def _steps() -> Iterator[Said]:
    levels = {row["concern"]: row["level"] for row in rows(CONCERNS)}
    for row in rows(STEPS):
        if row["text"]:
            place = f"{row['guide']}/{row['step']}"
            yield Said(STEPS, place, "", row["language"], row["text"], levels[row["concern"]])


def _moves() -> Iterator[Said]:
    counted: Counter[str] = Counter()
    for row in rows(MOVES):
        place = f"{row['guide']}/{row['step']}"
        counted[place] += 1
        part = f"button {counted[place]} to {row['to'] or 'the same place'}"
        for language in LANGUAGES:
            yield Said(MOVES, place, part, language, row[f"title_{language}"])


def _responses() -> Iterator[Said]:
    for name, variations in responses().items():
        for number, variation in enumerate(variations, 1):
            bubble = f"{name} {number}"
            yield Said(DOMAIN, bubble, "", "en", variation["text"])
            for button in variation.get("buttons", ()):
                yield Said(DOMAIN, bubble, f"button {button['payload']}", "en", button["title"])


def _strings(file: str) -> Iterator[Said]:
    for row in rows(file):
        for language in LANGUAGES:
            yield Said(file, row["key"], "", language, row[language])


def _verdicts() -> Iterator[Said]:
    for row in rows(VERDICTS):
        yield Said(VERDICTS, row["verdict"], "", "en", row["text"])


def page() -> str:
    """The list as Markdown, the same for the same tables."""
    keyed = ("key", "text", "grade")
    return Template(HEAD.read_text(encoding="utf-8")).substitute(
        replies="\n\n".join(_section(said) for said in _grouped(_replies())),
        guide="\n\n".join(_section(said) for said in _grouped((*_steps(), *_moves()))),
        responses="\n\n".join(_response(name, found) for name, found in responses().items()),
        strings=_both(WIDGET),
        texts=_both(TEXTS),
        signs="\n".join(f"- {sign} · {count}" for sign, count in sorted(_signs().items())),
        verdicts=_table(keyed, ((f"`{said.bubble}`", said.text, _graded(said.text)) for said in _verdicts())),
    )


def _both(file: str) -> str:
    lines = ((f"`{row['key']}`", row["en"], row["es"], _graded(row["en"])) for row in rows(file))
    return _table(("key", "English", "Spanish", "grade"), lines)


def _signs() -> dict[str, int]:
    """Every sign to watch for and how many rows name it; docs/clinical-review.md leaves them out."""
    named = (row["signs"].split(";") for table in FACTS for row in rows(f"data/knowledge/{table}.csv"))
    return Counter(sign.strip() for signs in named for sign in signs if sign.strip())


def _grouped(texts: Iterable[Said]) -> list[list[Said]]:
    groups: dict[str, list[Said]] = {}
    for said in texts:
        groups.setdefault(said.bubble, []).append(said)
    return list(groups.values())


def _section(group: Sequence[Said]) -> str:
    """One reply or one step: its parts with English and Spanish beside each other, and what all of it reads like."""
    parts: dict[str, dict[str, str]] = {}
    for said in group:
        parts.setdefault(said.part, {}).setdefault(said.language, said.text)
    whole = " ".join(said.text for said in group if said.language == "en" and "button" not in said.part)
    notes = ", ".join(filter(None, (group[0].level, whole and f"grade {grade(whole):.1f}")))
    lines = (
        (part, *(texts.get(one, "") for one in LANGUAGES), _graded(texts.get("en", "")))
        for part, texts in parts.items()
    )
    heading = f"### {group[0].bubble} ({notes})" if notes else f"### {group[0].bubble}"
    return f"{heading}\n\n{_table(('part', 'English', 'Spanish', 'grade'), lines)}"


def _response(name: str, variations: Sequence[Mapping[str, Any]]) -> str:
    lines = ((_condition(each), each["text"], _buttons(each), _graded(each["text"])) for each in variations)
    return f"### {name}\n\n{_table(('when', 'text', 'buttons', 'grade'), lines)}"


def _condition(variation: Mapping[str, Any]) -> str:
    return ", ".join(f"`{each['name']}` is `{each['value']}`" for each in variation.get("condition", ()))


def _buttons(variation: Mapping[str, Any]) -> str:
    return ", ".join(f"{each['title']} (`{each['payload']}`)" for each in variation.get("buttons", ()))


def _graded(text: str) -> str:
    return f"{grade(text):.1f}" if len(text.split()) >= FEWEST_WORDS else ""


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in (head, rule, *lines))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def main() -> int:
    """Write docs/wording.md."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
