"""Answers a file of messages through the running stack: `python -m bot.evaluate IN.jsonl OUT.jsonl`.

Each line in: {"id", "text"} and optionally "history": [texts]. Each line out: id, text, concern, emergency, intent,
confidence, substances, severity, fallback, replies, seconds. A stack is started when none runs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from bot import environment
from bot.settings import Settings
from bot.store import Store
from bot.visitor import Turn, Visitor
from helpline.knowledge import Knowledge, load

ROOT = Path(__file__).parent.parent
AT_ONCE = 8
START_SECONDS = 600
ALARMS = ("emergency", "crisis")


async def ready(base_url: str) -> bool:
    """Whether a whole stack, Rasa included, answers at this address."""
    try:
        async with httpx.AsyncClient(base_url=base_url, timeout=5, trust_env=False) as http:
            return bool((await http.get("/health/ready")).json().get("conversation"))
    except (httpx.HTTPError, ValueError):
        return False


@contextlib.asynccontextmanager
async def running_stack(base_url: str) -> AsyncIterator[None]:
    """Use the stack that runs, or start one and stop it again."""
    if await ready(base_url):
        yield
        return
    print("No stack is running; starting one.", file=sys.stderr, flush=True)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.launch", cwd=ROOT, stdout=sys.stderr)
    try:
        until = time.monotonic() + START_SECONDS
        while not await ready(base_url):
            if process.returncode is not None or time.monotonic() > until:
                raise SystemExit("The stack did not start; its messages above say why.")
            await asyncio.sleep(1)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def heard(knowledge: Knowledge, entities: list[dict[str, Any]], answered: list[str]) -> list[str]:
    """Generic names of what was heard for sure, or of what the answer was about while it asked which one was meant.

    A product counts as its ingredients, a class word as nothing; `answered` are the names on the interaction card.
    """
    substances = [e for e in entities if e.get("entity") == "substance"]
    names = [e["value"] for e in substances if e.get("certain", True)]
    open_ones = [name for e in substances if not e.get("certain", True) for name in e["candidates"]]
    names += [name for name in open_ones if knowledge.display(name) in answered]
    generic = {part for name in names for part in knowledge.ingredients(name)}
    return sorted(n for n in generic if n not in knowledge.substances or knowledge.substances[n].kind != "class_term")


def line_out(row: dict[str, Any], turn: Turn, understood: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """One answer as the evaluation's readers expect it."""
    replies: list[dict[str, Any]] = [
        {"text": r.get("text"), "card": r.get("card"), "buttons": r.get("buttons") or []} for r in turn.replies
    ]
    if turn.status != 202:
        replies = [{"text": turn.body.get("text"), "card": turn.body.get("card"), "buttons": []}]
    answered = [n for r in replies for n in (r["card"] or {}).get("substances") or []]
    return {
        "id": row["id"],
        "text": row["text"],
        "concern": understood.get("concern") or "none",
        "emergency": any((r["card"] or {}).get("kind") in ALARMS for r in replies),
        "intent": understood.get("intent"),
        "confidence": understood.get("confidence") or 0.0,
        "substances": heard(knowledge, understood.get("entities") or [], answered),
        "severity": understood.get("severity"),
        "fallback": bool(understood.get("fallback")),
        "replies": replies,
        "seconds": round(turn.seconds, 4),
    }


class Evaluation:
    """Asks every message of a file, several sessions at once, and writes the answers in the order asked."""

    def __init__(self, settings: Settings, base_url: str) -> None:
        """Reads what was understood from the store that the settings name."""
        self._settings = settings
        self._base_url = base_url
        self._store = Store(settings)
        self._knowledge = load(ROOT / "data" / "knowledge")
        self._places = asyncio.Semaphore(AT_ONCE)
        self._done = 0

    async def answer(self, row: dict[str, Any], total: int) -> dict[str, Any]:
        """One row: a session of its own, the history first, then the message."""
        async with self._places, Visitor(self._base_url, self._settings.evaluate_key) as visitor:
            for text in row.get("history") or []:
                await visitor.say(text)
            turn = await visitor.say(row["text"])
            understood = await asyncio.to_thread(self._store.understood, visitor.token, turn.message_id)
        self._done += 1
        if self._done % 50 == 0 or self._done == total:
            print(f"{self._done} of {total} messages answered", file=sys.stderr, flush=True)
        return line_out(row, turn, understood or {}, self._knowledge)

    async def run(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """All answers, in order."""
        return list(await asyncio.gather(*(self.answer(row, len(rows)) for row in rows)))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The messages in `path`; a bad line ends the command with its number."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows.append({"id": row["id"], "text": row["text"], "history": row.get("history")})
            except (ValueError, KeyError, TypeError) as error:
                raise SystemExit(f"{path}:{number}: a line must be an object with id and text ({error}).") from None
    return rows


async def evaluate(source: Path, target: Path) -> None:
    """Answer `source` into `target`."""
    environment.prepare()
    settings = Settings.from_environment(os.environ)
    base_url = os.environ.get("EVALUATE_URL") or f"http://127.0.0.1:{settings.front_door_port}"
    rows, started = read_rows(source), time.monotonic()
    async with running_stack(base_url):
        answers = await Evaluation(settings, base_url).run(rows)
    target.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in answers), encoding="utf-8")
    print(f"{len(rows)} messages in {time.monotonic() - started:.0f} s, written to {target}", file=sys.stderr)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    if not arguments.source.is_file():
        raise SystemExit(f"{arguments.source} does not exist: make evaluate IN=messages.jsonl OUT=answers.jsonl")
    os.chdir(ROOT)
    asyncio.run(evaluate(arguments.source.absolute(), arguments.target.absolute()))


if __name__ == "__main__":
    main()
