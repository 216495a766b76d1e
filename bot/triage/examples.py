"""Reads the messages that the classifier learns from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

NONE = "none"
# Of each intent so many examples, evenly spread over its list, and of what is out of scope more, because that is the
# widest. Harmless talk of the helpline's own kind tells false alarms apart: with 120 instead of 45 of each, and a limit
# at which as many emergencies are caught, a third fewer of other harmless messages raise an alarm. More cost time.
OF_AN_INTENT = 120
WIDEST, OF_THE_WIDEST = "out_of_scope", 2500
# In Rasa's files an example may hold `[text](entity)` or `[text]{"entity": ...}`.
MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


class ExamplesError(Exception):
    """An example file cannot be used; the message is one sentence that names the file."""


class Example(NamedTuple):
    """A message and what it is: a concern of concerns.csv, or `none-...` for one of the many kinds of no alarm."""

    text: str
    label: str


def load_examples(folder: Path, intents: Path, concerns: Collection[str]) -> list[Example]:
    """The messages of `folder`, one file a label, and those of Rasa's intents, none of which is an alarm."""
    examples = [*_written(folder, concerns), *_of_intents(intents)]
    missing = [name for name in ("suicide_active", "overdose_other") if all(e.label != name for e in examples)]
    if missing:
        raise ExamplesError(f"{folder}: no examples of {missing[0]}.")
    return examples


def _written(folder: Path, concerns: Collection[str]) -> Iterator[Example]:
    for path in sorted(folder.glob("*.txt")):
        if path.stem not in concerns and not path.stem.startswith(f"{NONE}-"):
            raise ExamplesError(f"{path.name}: '{path.stem}' is neither a concern nor begins with 'none-'.")
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("# "):
                yield Example(line.strip(), path.stem)


def _of_intents(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines() if "intent" in block else []
            texts = [MARKED.sub(r"\1", line.strip().removeprefix("-").strip()) for line in lines]
            kind = f"{NONE}-{WIDEST}" if block.get("intent") == WIDEST else f"{NONE}-asked"
            most = OF_THE_WIDEST if kind.endswith(WIDEST) else OF_AN_INTENT
            step = max(1, round(len(texts) / most))
            yield from (Example(text, kind) for text in texts[::step] if text)
