"""Counts of emergencies heard and of false alarms on held-back messages, never their texts.

`python -m tests.held_back.emergencies [FILE.jsonl]` reads messages with label, number and form, as rules and classifier
would hear each of them by itself; `--rules` leaves the classifier out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.frontdoor.opinion import load_classifier
from helpline import safety
from helpline.safety import Attention
from tests.report.figures import wilson

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def measures(row: dict[str, Any], alarm: bool, said: str) -> Iterator[tuple[str, bool]]:
    """What one message counts for."""
    if row["label"] == "none":
        yield "no false alarm", not alarm
        yield f"no false alarm: {row.get('form', row.get('kind'))}", not alarm
        return
    number = row.get("number") or ("988" if row["label"] == "suicide" else "911")
    yield "caught with the right number", alarm and number in said
    form = row.get("form", row.get("kind"))
    yield f"caught with the right number: {form}", alarm and number in said
    yield f"caught with the right number: {row['label']}, {form}", alarm and number in said


def main(arguments: list[str]) -> None:
    """Print a line a measure."""
    files = [Path(each) for each in arguments if not each.startswith("-")] or [HERE / "emergencies.jsonl"]
    rules = safety.load(ROOT / "data" / "safety")
    classifier = None
    if "--rules" not in arguments:
        classifier = load_classifier(ROOT / "models" / "concerns.npz", ROOT / "config.yml")
    hits, all_of = Counter[str](), Counter[str]()
    for line in files[0].read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        ruled = rules.triage(row["text"])
        likely = classifier.read(row["text"], ruled) if classifier else {}
        heard, _ = rules.judge(ruled, likely, Attention())
        alarm = heard.level in ("crisis", "emergency")
        said = rules.reply(heard.concern, heard.language).text if alarm else ""
        for measure, right in measures(row, alarm, said):
            hits[measure] += right
            all_of[measure] += 1
    for measure, of in all_of.items():
        low, high = wilson(hits[measure], of)
        print(f"{measure:52} {hits[measure]}/{of} ({hits[measure] / of:.3f}, 95 % {low:.3f}-{high:.3f})")


if __name__ == "__main__":
    main(sys.argv[1:])
