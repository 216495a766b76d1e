"""The messages that the model learns from, and those held back to measure it with."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
BORDERS = ROOT / "docs" / "intents.md"


def examples(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of every example in a Rasa NLU file."""
    return [
        (block["intent"], line.strip()[2:])
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip().startswith("- ")
    ]


def held_back() -> list[tuple[str, str]]:
    """Every message to measure with."""
    return [e for p in sorted(Path(__file__).parent.glob("heldout*.yml")) for e in examples(p)]


def training() -> list[tuple[str, str]]:
    """Every message to learn from."""
    return [e for p in sorted((ROOT / "data" / "nlu").glob("*.yml")) for e in examples(p)]


def bordered(page: str) -> list[str]:
    """The intents in the first columns of a page's tables; a row may name several, a bold cell is a heading."""
    cells = re.findall(r"^\| ([a-z_, ]+) \|", page, re.M)
    return [name for cell in cells for name in cell.split(", ") if name != "intent"]


def normal(text: str) -> str:
    """Letters and digits only, case folded: "What's up?" is "whats up"."""
    return re.sub(r"[\W_]+", " ", re.sub(r"['’`]", "", text.casefold())).strip()
