"""Whether a talk arrives whole while everything on the way breaks: `python -m tests.bench.chaos [--turns N]`."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chaos.result import Result, together
from tests.browser.chaos.run import run
from tests.browser.conftest import NAMES

KILLS = 2  # of the whole run
LONGEST = 200  # turns of one talk, after which a new visitor goes on
TELL_EVERY = 25
HEAD = "| where | lost | doubled | out of order | strange |\n|---|---|---|---|---|"


def teller(before: int, turns: int) -> Callable[[int], None]:
    """Says now and then how far a run is, of which so much was done before."""
    started, told = time.monotonic(), 0

    def tell(sent: int) -> None:
        nonlocal told
        if sent - told >= TELL_EVERY:
            told = sent
            print(f"turn {before + sent} of {turns}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)

    return tell


def talks(turns: int, longest: int, folder: Path, seed: int) -> Iterator[Result]:
    """Run one talk after the other, each with a door of its own; the first ones see it killed."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    starts = range(0, turns, longest)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for number, start in enumerate(starts):
            here = folder / str(number)
            here.mkdir()
            kills = len(range(number, KILLS, len(starts)))
            yield run(browser, here, min(longest, turns - start), kills, seed + number, teller(start, turns))
        browser.close()


def table(result: Result, seed: int) -> str:
    """A result as text."""
    counts = [
        f"| {name} | {found.lost} | {found.doubled} | {found.out_of_order} | {found.strange} |"
        for name, found in result.counts.items()
    ]
    broken = [f"| {name} | {times} |" for name, times in sorted(result.broken.items())]
    cards = result.cards
    return "\n".join([
        f"{result.turns} turns in {result.seconds:.0f} s, seed {seed}\n",
        HEAD,
        *counts,
        "\n| broken | times |\n|---|---|",
        *broken,
        f"\nRasa was asked again after a kill: {result.asked_again}; conversations: {result.conversations}; "
        f"page loads that failed: {result.failed_loads}, slowest: {result.slowest_load} s; "
        f"states that do not say sent: {result.unsettled}",
        f"Cards that no answer came: {cards.shown} shown, {cards.reloaded} gone with a reloaded page, "
        f"{cards.stayed} stayed",
    ])  # fmt: skip


def main() -> int:
    """Run once and print; 1 when anything was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--longest", type=int, default=LONGEST, help="turns of one talk")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--json", type=Path, help="also write the result to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstlight-chaos-") as name:
        result = together(list(talks(arguments.turns, arguments.longest, Path(name), arguments.seed)))
    print(table(result, arguments.seed))
    if arguments.json:
        arguments.json.write_text(json.dumps({**asdict(result), "broken": result.broken}, indent=2))
    return 0 if result.right else 1


if __name__ == "__main__":
    sys.exit(main())
