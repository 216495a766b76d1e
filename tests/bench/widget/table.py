"""The figures of all widgets as one Markdown table, and what has to be said about them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from tests.bench.widget.measure import Figures
from tests.bench.widget.visit import CPU

HEAD = (
    "widget",
    "before the tap, bytes",
    "in all, bytes",
    "third-party requests",
    "cookies",
    "localStorage keys",
    "axe violations",
    "quick replies by Tab",
    "scripts before the tap, ms",
    "main thread before the tap, ms",
    "to the launcher, s",
    "tap to focused input, s",
)
NOTES = (
    "Bytes: scripts, styles, fonts and images as gzip -9 packs them, without the page; in all: open, with one answer.",
    "Third-party requests: to any host but 127.0.0.1, none of which is let through, so what they would fetch is not in "
    "the bytes. The widgets' own files come from 127.0.0.1, also where a README loads them from a CDN.",
    "axe: rules broken, opened with one answer, at 390x844.",
    f"Milliseconds: processor time at {CPU}x CPU throttling, less that of the same page without its script files.",
    f"Seconds: 400 ms latency, 400 kbit/s both ways, {CPU}x CPU throttling.",
    "†: it stands open in the page, so this is the time from navigation until its input can be used.",
    "‡: its input can be used then, but does not take the focus.",
)


def medians(runs: Sequence[Figures]) -> Figures:
    """The median of every figure; of words, the commonest."""
    return Figures(*(_middle([getattr(run, field.name) for run in runs]) for field in fields(Figures)))


def _middle(values: list[Any]) -> Any:
    return statistics.mode(values) if isinstance(values[0], str | bool | None) else statistics.median(values)


def table(measured: dict[str, list[Figures]], missing: dict[str, str]) -> str:
    """All of it; a widget without a figure stands there with its reason."""
    lines = [HEAD, ("---",) * len(HEAD)]
    lines += [(name, *cells(medians(runs))) for name, runs in measured.items()]
    lines += [(name, reason, *[""] * (len(HEAD) - 2)) for name, reason in missing.items()]
    return "\n".join(["| " + " | ".join(line) + " |" for line in lines] + ["", *(f"- {note}" for note in NOTES)])


def cells(one: Figures) -> list[str]:
    """The figures of one widget in the order of HEAD."""
    counts = (one.bytes_before, one.bytes_in_all, one.third_party, one.cookies, one.local_storage, one.axe)
    inline = one.launcher_seconds is None
    mark = "†" if inline else "" if one.focused else "‡"
    return [
        *(f"{count:,.0f}" for count in counts),
        one.by_tab,
        f"{one.script_ms:,.0f}",
        f"{one.task_ms:,.0f}",
        "inline" if inline else f"{one.launcher_seconds:.1f}",
        f"{one.input_seconds:.1f}{mark}",
    ]
