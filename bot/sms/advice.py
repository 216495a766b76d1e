"""Why a text did not arrive, in words that help operators, by the provider's code or ours: advice.csv."""

from __future__ import annotations

import csv
from pathlib import Path


def _read() -> dict[str, str]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["reason"]: row["advice"] for row in csv.DictReader(file)}


ADVICE = _read()
