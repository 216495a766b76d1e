"""Builds the chat widget from widget/src and the tables of its words: `python -m bot.widget` writes widget/dist.

The result is committed, so that serving it needs no Node; a test builds it again and compares.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from functools import reduce
from pathlib import Path
from typing import Any

from bot.frontdoor.voice import Voice
from bot.store.records import Words

ROOT = Path(__file__).resolve().parents[1]
WIDGET = ROOT / "widget"
DIST = WIDGET / "dist"
TOOLS = WIDGET / "node_modules" / ".bin"
SENTENCES = ROOT / "data" / "conversation" / "widget.csv"
PATTERNS = ROOT / "data" / "conversation" / "offline.csv"
LANGUAGES = ("en", "es")
ONLY_LAUNCHER = ("label", "opening", "unopened")
OF_THE_LAUNCHER = (*ONLY_LAUNCHER, "call")
OF_PAGES = ("link-", "try-")
OF_TEXTING = "texting-"
OF_OTHERS = (*OF_PAGES, OF_TEXTING)
# What is built from which script, and as what.
BUNDLES = {
    "launcher": ("widget.js", "iife"),
    "panel": ("panel.js", "esm"),
    "texting": ("texting.js", "esm"),
    "handoff": ("handoff.js", "iife"),
    "try": ("try.js", "iife"),
}
STYLES = {"launcher": "launcher.css", "texting": "texting.css"}
# What the widget says by itself to each kind of offline.csv: the words of a concern, or of a step of its guide.
CONCERNS = {"emergency": "overdose_other", "crisis": "suicide_active"}
STEPS = {"wait": "overdose/wait"}
TARGET = "es2020"


def words() -> dict[str, Any]:
    """Everything that the widget can show by itself, by language, and the patterns that it listens for offline.

    `said` gives for each key of widget.csv its texts in the order of LANGUAGES.
    """
    table = csv.DictReader(SENTENCES.open(encoding="utf-8", newline=""))
    said = {row["key"]: [row[each] for each in LANGUAGES] for row in table}
    return {"languages": LANGUAGES, "said": said, "offline": [*map(_offline, LANGUAGES)], "patterns": _patterns()}


def _offline(language: str) -> dict[str, Any]:
    voice = Voice(ROOT / "data" / "safety", "{phone}")
    heard = {kind: voice.concern(concern, language) for kind, concern in CONCERNS.items()}
    said = {kind: words for kind, words in heard.items() if words is not None}
    said |= {kind: voice.step(place, language) for kind, place in STEPS.items()}
    gave = [button for button in said["emergency"].buttons if button["choice"] == f"guide:{STEPS['wait']}"]
    # Pressed while nothing is connected, it is sent as words, and heard as words.
    buttons = {"buttons": [{"title": button["title"]} for button in gave]}
    return {kind: {**_shown(words), **(buttons if kind == "emergency" else {})} for kind, words in said.items()}


def _shown(words: Words) -> dict[str, Any]:
    """A reply without what the card says already."""
    card = {key: value for key, value in (words.card or {}).items() if key != "concern"}
    text = reduce(lambda left, step: left.replace(step, ""), card.get("steps", ()), str(words.text))
    return {"text": "\n".join(filter(None, map(str.strip, text.splitlines()))), "card": card}


def _patterns() -> dict[str, str]:
    kinds: dict[str, list[str]] = {}
    for row in csv.DictReader(PATTERNS.open(encoding="utf-8", newline="")):
        kinds.setdefault(row["kind"], []).append(row["pattern"])
    return {kind: "|".join(patterns) for kind, patterns in kinds.items()}


def build(dist: Path) -> None:
    """Write every bundle into a folder; raises CalledProcessError where the source is wrong."""
    _install()
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        for name, part in _parts().items():
            (stage / f"{name}.json").write_text(json.dumps(part, ensure_ascii=False), encoding="utf-8")
        for entry, (name, form) in BUNDLES.items():
            _bundle(stage, entry, dist / name, form)


def _parts() -> dict[str, Any]:
    """The words that each bundle brings along; those of pages stand in the pages."""
    all_words = words()
    said = all_words["said"]
    launcher = {each: {key: said[key][at] for key in OF_THE_LAUNCHER} for at, each in enumerate(LANGUAGES)}
    others = (*ONLY_LAUNCHER, *(key for key in said if key.startswith(OF_OTHERS)))
    panel = {**all_words, "said": {key: texts for key, texts in said.items() if key not in others}}
    texting = {key: texts for key, texts in said.items() if key.startswith(OF_TEXTING)}
    return {"words": panel, "launcher": launcher, "texting": texting}


def _install() -> None:
    lock, installed = WIDGET / "package-lock.json", WIDGET / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


def _bundle(stage: Path, entry: str, out: Path, form: str) -> None:
    style = STYLES.get(entry, "style.css")
    _esbuild(f"src/{style}", "--minify", f"--outfile={stage / style}")
    _esbuild(
        f"src/{entry}.js",
        "--bundle",
        "--minify",
        "--charset=utf8",
        "--legal-comments=none",
        "--loader:.css=text",
        f"--alias:words={stage / 'words.json'}",
        *(f"--alias:words/{part}={stage / part}.json" for part in ("launcher", "texting")),
        f"--alias:style={stage / style}",
        f"--target={TARGET}",
        f"--format={form}",
        f"--outfile={out}",
    )
    squeeze = ["--compress", "passes=3,ecma=2020", "--mangle", *(["--module"] if form == "esm" else [])]
    _run(str(TOOLS / "terser"), str(out), *squeeze, "--output", str(out))


def _esbuild(*arguments: str) -> None:
    _run(str(TOOLS / "esbuild"), *arguments, "--log-level=warning")


def _run(*command: str, check: bool = True) -> int:
    """Run with the Node that uv.lock names, whatever the machine has; the exit code."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(command, cwd=WIDGET, check=check, env={**os.environ, "PATH": path}).returncode


def main() -> int:
    """Build and say how large the files are, or with --lint check the style of the source."""
    if "--lint" in sys.argv[1:]:
        _install()
        return _run(str(TOOLS / "biome"), "ci", ".", check=False)
    build(DIST)
    for file in sorted(DIST.glob("*.js")):
        print(f"Wrote {file.relative_to(ROOT)}, {file.stat().st_size} bytes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
