"""Firstlight next to a stock `rasa init` bot, in one run: `python -m tests.bench [--json FILE]`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from bot import train
from bot.visitor import Visitor
from tests.stack import Stack, free_port

AT_ONCE = (1, 8, 32)
MESSAGES = 12  # a conversation, of which the first two warm up
ROUNDS = 3
ASKED = ("hello", "can i mix xanax and percocet", "what about with beer", "thanks", "zanax and percs", "bye")
STOCK_SAID = ("hello", "i am feeling great", "are you a bot", "bye", "i am so sad", "yes")
QUIET = {**os.environ, **train.QUIET, "SANIC_HOST": "127.0.0.1"}

Say = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Load:
    """What one bot did at one number of conversations at once; seconds."""

    bot: str
    at_once: int
    p50: float
    p95: float
    per_second: float


def progress(sentence: str) -> None:
    """Tell how far the run is."""
    print(sentence, file=sys.stderr, flush=True)


async def conversation(say: Say, texts: tuple[str, ...]) -> list[float]:
    """The seconds of each message after the first two."""
    seconds = []
    for number in range(MESSAGES):
        started = time.perf_counter()
        await say(texts[number % len(texts)])
        if number >= 2:
            seconds.append(time.perf_counter() - started)
    return seconds


async def load(bot: str, at_once: int, open_one: Callable[[int], Awaitable[list[float]]]) -> Load:
    """Run that many conversations at once."""
    started = time.perf_counter()
    seconds = sorted(s for one in await asyncio.gather(*(open_one(i) for i in range(at_once))) for s in one)
    elapsed = time.perf_counter() - started
    p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
    return Load(bot, at_once, statistics.median(seconds), p95, at_once * MESSAGES / elapsed)


async def stock_load(port: int, at_once: int, run: int) -> Load:
    """The stock bot over its REST channel."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as http:

        async def one(number: int) -> list[float]:
            async def say(text: str) -> None:
                body = {"sender": f"{run}-{at_once}-{number}", "message": text}
                (await http.post("/webhooks/rest/webhook", json=body)).raise_for_status()

            return await conversation(say, STOCK_SAID)

        return await load("stock rasa init", at_once, one)


async def our_load(stack: Stack, at_once: int) -> Load:
    """Firstlight over the calls that the widget makes: stored, answered, streamed."""

    async def one(number: int) -> list[float]:
        async with Visitor(stack.url, stack.evaluate_key, 120) as visitor:

            async def say(text: str) -> None:
                turn = await visitor.say(text)
                assert turn.replies, text

            return await conversation(say, ASKED)

    return await load("firstlight", at_once, one)


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=QUIET, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, cpu


def megabytes(pid: int) -> float:
    """Resident memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
    return own + sum(megabytes(int(child)) for child in children)


def wait_for(port: int) -> None:
    """Wait until the stock bot answers."""
    for _ in range(240):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise SystemExit("The stock bot did not start.")


async def measure(port: int, stack: Stack) -> list[Load]:
    """Both bots in turn at each number of conversations; of each, the round with the median p95."""
    rounds: dict[tuple[str, int], list[Load]] = {}
    for run in range(ROUNDS):
        for at_once in AT_ONCE:
            for result in (await stock_load(port, at_once, run), await our_load(stack, at_once)):
                rounds.setdefault((result.bot, at_once), []).append(result)
                progress(f"round {run + 1}: {result}")
    return [sorted(loads, key=lambda one: one.p95)[len(loads) // 2] for loads in rounds.values()]


def table(loads: list[Load], figures: dict[str, dict[str, float]]) -> str:
    """The figures as text, ours beside the stock bot's, with the ratio."""
    lines = ["conversations  figure        stock    firstlight  ratio"]
    for at_once in AT_ONCE:
        stock, ours = (next(one for one in loads if one.bot == b and one.at_once == at_once) for b in figures)
        for name, factor, unit in (("p50", 1000, "ms"), ("p95", 1000, "ms"), ("per_second", 1, "/s")):
            a, b = getattr(stock, name) * factor, getattr(ours, name) * factor
            lines.append(f"{at_once:>13}  {name:<11} {a:>7.1f}  {b:>11.1f}  {b / a:>5.2f}  {unit}")
    for name in ("training_seconds", "training_cpu_seconds", "megabytes"):
        a, b = (figures[bot][name] for bot in figures)
        lines.append(f"{'':>13}  {name:<20} {a:.0f}  {b:.0f}  {b / a:.2f}")
    return "\n".join(lines)


def main() -> None:
    """Train and start both, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        progress("training the stock bot (minutes) ...")
        stock_wall, stock_cpu = timed([*train.RASA, "init", "--no-prompt", "--init-dir", name], folder)
        progress("training firstlight ...")
        our_wall, our_cpu = timed([sys.executable, "-m", "bot.train", "--force"], train.ROOT)
        port = free_port()
        stock = subprocess.Popen(
            [*train.RASA, "run", "--interface", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env=QUIET,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            with Stack() as stack:
                loads = asyncio.run(measure(port, stack))
                sizes = {"stock rasa init": megabytes(stock.pid), "firstlight": megabytes(stack.pid)}
        finally:
            stock.terminate()
            stock.wait()
        shutil.rmtree(folder / ".rasa", ignore_errors=True)
    training = {"stock rasa init": (stock_wall, stock_cpu), "firstlight": (our_wall, our_cpu)}
    figures = {
        bot: {"training_seconds": wall, "training_cpu_seconds": cpu, "megabytes": sizes[bot]}
        for bot, (wall, cpu) in training.items()
    }
    print(table(loads, figures))
    if arguments.json:
        arguments.json.write_text(json.dumps({"loads": [asdict(one) for one in loads], "bots": figures}, indent=2))


if __name__ == "__main__":
    main()
