"""Our chat widget next to four open-source ones, in one run: `python -m tests.bench.widget [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser, Error

from tests.bench.widget.install import NotInstalled, installed
from tests.bench.widget.measure import Figures, measured
from tests.bench.widget.ours import our_page
from tests.bench.widget.site import Site
from tests.bench.widget.table import medians, table
from tests.bench.widget.visit import NeverCame, chromium
from tests.bench.widget.widgets import OURS, PEERS, Widget
from tests.pace import slowness

RUNS = 3


def progress(sentence: str) -> None:
    """Tell how far the run is."""
    print(sentence, file=sys.stderr, flush=True)


class Bench:
    """Every widget's runs, and why some have none."""

    def __init__(self) -> None:
        self.runs: dict[str, list[Figures]] = {}
        self.missing: dict[str, str] = {}

    def install(self) -> dict[str, Path]:
        """The folders of the peers that npm has."""
        folders = {}
        for peer in PEERS:
            progress(f"installing {peer.package} {peer.version} ...")
            try:
                folders[peer.widget.name] = installed(peer.package, peer.version)
            except NotInstalled as reason:
                self.missing[f"{peer.widget.name} {peer.version}"] = str(reason)
        return folders

    def measure(self, browser: Browser, name: str, widget: Widget, url: str) -> None:
        """One run of one widget; a run that fails is told, and the widget listed as missing until one succeeds."""
        try:
            figures = measured(browser, widget, url)
        except (NeverCame, Error) as error:
            progress(f"{name}: {error}")
            if name not in self.runs:
                self.missing[name] = f"{str(error).splitlines()[0].rstrip('.')}."
            return
        progress(f"{name}: {figures}")
        self.missing.pop(name, None)
        self.runs.setdefault(name, []).append(figures)

    def json(self) -> str:
        """The medians, every run, and the reasons."""
        widgets = [
            {"name": name, "median": asdict(medians(runs)), "runs": [asdict(run) for run in runs]}
            for name, runs in self.runs.items()
        ]
        return json.dumps({"widgets": widgets, "missing": self.missing}, indent=2)


def main() -> None:
    """Install, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    bench = Bench()
    folders = bench.install()
    with ExitStack() as stack:
        site = stack.enter_context(Site({peer.widget.name: peer.embed for peer in PEERS}, folders))
        pages = [(OURS.name, OURS, stack.enter_context(our_page()))]
        for peer in PEERS:
            if peer.widget.name in folders:
                url = f"{site.url}/{peer.widget.name}/"
                pages.append((f"{peer.widget.name} {peer.version}", peer.widget, url))
        browser = stack.enter_context(chromium())
        for number in range(RUNS):
            progress(f"run {number + 1} of {RUNS}")
            for name, widget, url in pages:
                bench.measure(browser, name, widget, url)
    print(table(bench.runs, bench.missing))
    print(f"\nMedians of {RUNS} runs. This machine was {slowness():.1f} times as slow as a quiet one (tests/pace.py).")
    if arguments.json:
        arguments.json.write_text(bench.json())


if __name__ == "__main__":
    main()
