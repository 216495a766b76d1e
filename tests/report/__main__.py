"""Measures the trained model and writes var/report/index.html and report.json: `python -m tests.report`."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot import train
from tests.nlu.messages import BORDERS, ROOT, bordered, held_back, training
from tests.nlu.understanding import MODEL, Understanding, understand
from tests.report.coverage import Coverage, cover, missing, read, typed
from tests.report.page import between, page
from tests.report.results import Results, reckon

FOLDER = ROOT / "var" / "report"


def progress(sentence: str) -> None:
    """Tell how far the run is."""
    print(sentence, file=sys.stderr, flush=True)


def rules() -> list[dict[str, Any]]:
    """Every rule of the dialogues."""
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return [rule for file in files for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]]


def measure() -> Results:
    """Hear every held-back message and every text of the dialogues, with one load of the model."""
    messages, dialogues = held_back(), read(ROOT / "tests" / "conversations")
    texts = typed(dialogues)
    progress(f"Hearing {len(messages)} held-back messages and {len(texts)} of the dialogues (under a minute) ...")
    started = time.monotonic()
    whole = understand([*(text for _, text in messages), *texts])
    progress(f"Heard in {time.monotonic() - started:.0f} s. Reckoning ...")
    seconds = whole.seconds * len(messages) / len(whole.heard)
    own = Understanding(whole.heard[: len(messages)], whole.threshold, whole.ambiguity, seconds, whole.megabytes)
    heard = {text: one.intent for text, one in zip(texts, whole.heard[len(messages) :], strict=True)}
    responses = list(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"])
    coverage = cover(dialogues, heard, rules(), responses)
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    return reckon(messages, own, coverage, len(training()), train.CONVERSATION.fresh(), made)


def summary(results: Results) -> str:
    """The figures as text, without a message."""
    now, total = results.now, results.messages
    weakest = ", ".join(f"{one.intent} {one.f1:.2f}" for one in results.scores[:10])
    misses = ", ".join(f"{g} as {h} {count}" for g, h, count in results.commonest[:10])
    return "\n".join(
        (
            f"macro F1           {results.macro_f1:.3f} {between(results.macro_f1_interval, percent=False)}",
            f"answered right     {now.right}/{total} {results.accuracy:.3f} {between(results.accuracy_interval)}",
            f"answered wrong     {now.wrong}/{total} {now.wrong / total:.3f} {between(results.wrong_interval)}",
            f"asked back         {now.asked_back}/{total} {now.asked_back / total:.3f}",
            f"calibration error  {results.calibration_error:.3f}",
            f"weakest of {results.intents}      {weakest}",
            f"commonest misses   {misses}",
            *(_covered(kind, results.coverage) for kind in ("intents", "rules", "responses")),
        )
    )


def _covered(kind: str, coverage: Coverage) -> str:
    counts = getattr(coverage, kind)
    never = missing(counts)
    told = f"; not {', '.join(never)}" if never else ""
    return f"{kind + ' in dialogues':24} {len(counts) - len(never)}/{len(counts)}{told}"


def as_json(results: Results) -> str:
    """Everything, for machines; the matrix as a list, since a key of JSON is one text."""
    plain = asdict(results)
    plain["matrix"] = [[g, h, count] for (g, h), count in sorted(results.matrix.items())]
    plain["scores"] = [
        {**asdict(one), "precision": one.precision, "recall": one.recall, "f1": one.f1} for one in results.scores
    ]
    return json.dumps(plain, indent=1, ensure_ascii=False)


def compared(folder: Path) -> dict[str, Any] | None:
    """What the comparison with the default pipeline wrote, when it was made."""
    file = folder / "compare.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else None


def main() -> int:
    """Measure, write, print."""
    if not MODEL.is_file():
        print("There is no trained model yet: make train", file=sys.stderr)
        return 1
    if not train.CONVERSATION.fresh():
        progress("The data have changed since the model was trained; these are the figures of the model as it is.")
    results = measure()
    FOLDER.mkdir(parents=True, exist_ok=True)
    order = bordered(BORDERS.read_text("utf-8"))
    (FOLDER / "index.html").write_text(page(results, order, compared(FOLDER)), "utf-8")
    (FOLDER / "report.json").write_text(as_json(results), "utf-8")
    print(summary(results))
    progress(f"Written: {FOLDER / 'index.html'}, report.json beside it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
