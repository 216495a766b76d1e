"""Firstlight's pipeline next to Rasa's default one, trained on the same messages: `python -m tests.report.compare`.

With all epochs it takes more than half an hour of all processors. `--intents N` makes a trial, which says nothing; with
`--epochs N` the default pipeline learns for fewer rounds, and the figures say for how many.
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot import train
from tests.nlu.messages import ROOT, held_back, training
from tests.nlu.understanding import Understanding, understand
from tests.report.__main__ import FOLDER, progress
from tests.report.figures import macro_f1, macro_f1_interval, scores

OURS, STOCK = "Firstlight", "rasa init"
EPOCHS = 100
Messages = Sequence[tuple[str, str]]


def stock_pipeline(epochs: int) -> str:
    """The pipeline that Rasa itself takes where a configuration names none, as `rasa init`'s does."""
    file = importlib.resources.files("rasa.engine.recipes.config_files") / "default_config.yml"
    default = yaml.safe_load(file.read_text("utf-8"))
    pipeline = [{**part, "epochs": epochs} if "epochs" in part else part for part in default["pipeline"]]
    head = {"recipe": "default.v1", "assistant_id": "stock", "language": default["language"]}
    return yaml.safe_dump({**head, "pipeline": pipeline, "policies": [{"name": "RulePolicy"}]}, sort_keys=False)


def our_pipeline(kept: Path) -> str:
    """Our own, which finds nothing embedded by an earlier training."""
    ours = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    for part in ours["pipeline"]:
        if part["name"].endswith("SentenceEmbeddingFeaturizer"):
            part["kept"] = str(kept)
    return yaml.safe_dump(ours, sort_keys=False)


def training_file(messages: Messages) -> str:
    """The messages as Rasa reads them."""
    texts: dict[str, list[str]] = {}
    for intent, text in messages:
        texts.setdefault(intent, []).append(f"- {text}\n")
    blocks = [{"intent": intent, "examples": "".join(lines)} for intent, lines in texts.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)


def trained(name: str, config: Path, data: Path, folder: Path) -> tuple[Path, float, float]:
    """A new model, and the seconds and seconds of CPU that it took; nothing comes from a cache."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = ["train", "nlu", "--config", str(config), "--nlu", str(data), "--out", str(folder)]
    environment = {**os.environ, **train.QUIET, "RASA_CACHE_DIRECTORY": str(folder / f"cache-{name}")}
    done = subprocess.run(
        [*train.RASA, *command, "--fixed-model-name", name],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    model = folder / f"{name}.tar.gz"
    if done.returncode != 0 or not model.is_file():
        raise SystemExit(f"Training {name} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return model, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(gold: list[str], heard: Understanding, seconds: float, cpu: float) -> dict[str, Any]:
    """What one pipeline reaches and costs."""
    acted = [one.intent for one in heard.heard]
    return {
        "macro_f1": macro_f1(scores(gold, acted)),
        "macro_f1_interval": macro_f1_interval(gold, acted),
        "accuracy": sum(g == h for g, h in zip(gold, acted, strict=True)) / len(gold),
        "macro_f1_without_fallback": macro_f1(scores(gold, [one.first for one in heard.heard])),
        "training_seconds": seconds,
        "training_cpu_seconds": cpu,
        "megabytes": heard.megabytes,
        "milliseconds": heard.seconds / len(gold) * 1000,
    }


def both_right(gold: list[str], ours: Understanding, stock: Understanding) -> dict[str, int]:
    """How many messages both, one or none hears rightly."""
    hits = [(a.intent == g, b.intent == g) for g, a, b in zip(gold, ours.heard, stock.heard, strict=True)]
    names = {"both": (True, True), "ours": (True, False), "stock": (False, True), "none": (False, False)}
    return {name: hits.count(pair) for name, pair in names.items()}


def compare(learned: Messages, messages: Messages, epochs: int) -> dict[str, Any]:
    """Train both one after the other, then let both hear the messages."""
    gold, texts = [intent for intent, _ in messages], [text for _, text in messages]
    bots: dict[str, dict[str, Any]] = {}
    heard: dict[str, Understanding] = {}
    with tempfile.TemporaryDirectory(prefix="firstlight-compare-") as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        (data / "nlu.yml").write_text(training_file(learned), "utf-8")
        shutil.copy(ROOT / "data" / "nlu" / "lookups.yml", data)  # both pipelines read lookup tables
        (folder / "ours.yml").write_text(our_pipeline(folder / "embedded.npz"), "utf-8")
        (folder / "stock.yml").write_text(stock_pipeline(epochs), "utf-8")
        for bot, short in ((OURS, "ours"), (STOCK, "stock")):
            progress(f"Training {bot} on {len(learned)} messages ...")
            model, seconds, cpu = trained(short, folder / f"{short}.yml", data, folder)
            progress(f"Trained in {seconds:.0f} s ({cpu:.0f} s of CPU). Hearing {len(texts)} messages ...")
            heard[bot] = understand(texts, model)
            bots[bot] = figures(gold, heard[bot], seconds, cpu)
    return {
        "made": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        "partial": False,
        "intents": len(set(gold)),
        "trained": len(learned),
        "messages": len(messages),
        "epochs": epochs,
        "bots": bots,
        "both": both_right(gold, heard[OURS], heard[STOCK]),
    }


def table(result: dict[str, Any]) -> str:
    """The figures as text."""
    ours, stock = result["bots"][OURS], result["bots"][STOCK]
    lines = [f"{'':28}{OURS:>12}{STOCK:>12}"]
    lines += [f"{key:28}{ours[key]:>12.3f}{stock[key]:>12.3f}" for key in ours if key != "macro_f1_interval"]
    return "\n".join([*lines, f"right by {result['both']}, of {result['messages']} messages"])


def main() -> None:
    """Compare, print, write var/report/compare.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--intents", type=int, help="only the first N intents: a trial")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the default pipeline")
    arguments = parser.parse_args()
    chosen = set(sorted({intent for intent, _ in training()})[: arguments.intents])
    learned, messages = ([one for one in each() if one[0] in chosen] for each in (training, held_back))
    result = compare(learned, messages, arguments.epochs)
    result["partial"] = bool(arguments.intents)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "compare.json").write_text(json.dumps(result, indent=1), "utf-8")
    print(table(result))
    progress(f"Written: {FOLDER / 'compare.json'}; the next report shows it.")


if __name__ == "__main__":
    main()
