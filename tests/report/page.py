"""The report as one page that brings everything along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from bot.facts.markup import escape
from tests.report.charts import curve, heat_map, histogram, reliability
from tests.report.coverage import missing
from tests.report.figures import Outcome, Score, wilson
from tests.report.results import Interval, Results

HERE = Path(__file__).parent
FRESH = {
    True: "The model was trained from the data as they are.",
    False: "The data have changed since the model was trained: these are the figures of an older model.",
}


def page(results: Results, order: Sequence[str], compared: Mapping[str, Any] | None) -> str:
    """The whole page; `order` is that of the intents in the matrix, `compared` what tests.report.compare wrote."""
    known = {one.intent for one in results.scores}
    rows = [intent for intent in order if intent in known] + sorted(known - set(order))
    columns = rows + sorted({heard for _, heard in results.matrix} - known)
    total, sizes = results.messages, {one.intent: one.messages for one in results.scores}
    return Template((HERE / "page.html").read_text("utf-8")).substitute(
        style=(HERE / "page.css").read_text("utf-8"),
        messages=total,
        intents=results.intents,
        trained=results.trained_messages,
        made=escape(results.made),
        fresh=FRESH[results.fresh],
        figures=_figures(results),
        comparison=_comparison(compared),
        scores="".join(_score(results, one) for one in results.scores),
        heat_map=heat_map(rows, columns, results.matrix, "Confusion matrix: what messages are, and what is heard"),
        commonest_count=len(results.commonest),
        commonest="".join(
            row(head(g), cell(h), number(count), number(share(count / sizes[g]))) for g, h, count in results.commonest
        ),
        histogram=histogram(
            results.right_by_confidence, results.wrong_by_confidence, "Right and wrong answers by confidence"
        ),
        calibration_error=f"{results.calibration_error:.3f}",
        reliability=reliability(results.bins, "Share right by mean confidence"),
        ambiguity=f"{results.ambiguity:g}",
        curve=curve(results.curve, results.now.threshold, "What is answered and asked back at each threshold"),
        thresholds="".join(_threshold(one, total) for one in results.curve[::2]),
        bins="".join(
            row(
                head(f"{one.low:.1f} to {one.high:.1f}"),
                number(one.messages),
                number(f"{one.confidence:.2f}" if one.messages else ""),
                number(share(one.share_right) if one.messages else ""),
            )
            for one in results.bins
        ),
        misses="".join(
            row(
                f'<td class="message">{escape(one.message)}</td>',
                cell(one.gold),
                cell(one.heard),
                number(one.confidence),
            )
            for one in results.misses
        ),
        dialogues=results.coverage.dialogues,
        turns=results.coverage.turns,
        named=results.coverage.named,
        unfollowed=results.coverage.unfollowed,
        coverage=_coverage(results),
    )


def share(value: float) -> str:
    """87.5 %."""
    return f"{value * 100:.1f} %"


def between(interval: Interval, percent: bool = True) -> str:
    """An interval in brackets."""
    low, high = interval
    return f"({low * 100:.1f} to {high * 100:.1f} %)" if percent else f"({low:.3f} to {high:.3f})"


def row(*cells: str) -> str:
    """A row of ready-made cells."""
    return f"<tr>{''.join(cells)}</tr>\n"


def head(text: str) -> str:
    """The cell that names its row."""
    return f'<th scope="row">{escape(text)}</th>'


def cell(text: str) -> str:
    """A cell with words."""
    return f"<td>{escape(text)}</td>"


def number(value: float | str) -> str:
    """A cell with a number."""
    return f'<td class="number">{escape(f"{value:.2f}" if isinstance(value, float) else str(value))}</td>'


def _figures(results: Results) -> str:
    now, total = results.now, results.messages
    tiles = [
        ("Macro F1", f"{results.macro_f1:.3f}", between(results.macro_f1_interval, percent=False)),
        ("Answered right", share(results.accuracy), f"{now.right} of {total} {between(results.accuracy_interval)}"),
        ("Answered wrong", share(now.wrong / total), f"{now.wrong} {between(results.wrong_interval)}"),
        ("Asked back", share(now.asked_back / total), f"{now.asked_back} {between(results.asked_back_interval)}"),
        ("Calibration error", f"{results.calibration_error:.3f}", "expected, in ten bins"),
        ("A message", f"{results.seconds / total * 1000:.0f} ms", f"{results.megabytes:.0f} MB at the most"),
    ]
    return "".join(f"<div><dt>{name}</dt><dd>{value}</dd><dd>{told}</dd></div>\n" for name, value, told in tiles)


def _score(results: Results, one: Score) -> str:
    low, high = (f"{end * 100:.0f}" for end in wilson(one.right, one.messages))
    wrong = ", ".join(f"{heard} {count}" for heard, count in results.mostly_heard_as(one.intent))
    return row(
        head(one.intent),
        number(one.messages),
        number(one.precision),
        number(one.recall),
        number(f"{low} to {high} %"),
        number(one.f1),
        cell(wrong),
    )


def _threshold(one: Outcome, total: int) -> str:
    shares = (number(share(count / total)) for count in (one.right, one.asked_back, one.wrong))
    return row(f'<th scope="row" class="number">{one.threshold:.1f}</th>', *shares)


def _coverage(results: Results) -> str:
    covered = results.coverage
    parts = []
    for kind, counts in (("Intents", covered.intents), ("Rules", covered.rules), ("Responses", covered.responses)):
        never = missing(counts)
        parts.append(f"<h3>{kind}: {len(counts) - len(never)} of {len(counts)}</h3>\n")
        parts.append(f"<p>Reached by no dialogue:</p>\n{_names(never)}" if never else "<p>All are reached.</p>\n")
        reached = sorted(((count, name) for name, count in counts.items() if count), key=lambda one: (-one[0], one[1]))
        listed = _names(f"{name} {count}" for count, name in reached)
        parts.append(f"<details><summary>Turns that reach them</summary>\n{listed}</details>\n")
    if covered.by_code:
        parts.append(f"<h3>Said by code alone, not counted</h3>\n{_names(covered.by_code)}")
    return "".join(parts)


def _names(names: Iterable[str]) -> str:
    return '<ul class="names">\n' + "".join(f"<li>{escape(name)}</li>\n" for name in names) + "</ul>\n"


COMPARED = (
    ("macro_f1", "Macro F1", "{:.3f}"),
    ("accuracy", "Accuracy", "{:.3f}"),
    ("macro_f1_without_fallback", "Macro F1 of first choices", "{:.3f}"),
    ("training_seconds", "Training, seconds", "{:.0f}"),
    ("training_cpu_seconds", "Training, seconds of CPU", "{:.0f}"),
    ("megabytes", "Resident memory at the most, MB", "{:.0f}"),
    ("milliseconds", "A message, milliseconds", "{:.1f}"),
)


def _comparison(compared: Mapping[str, Any] | None) -> str:
    if not compared:
        return ""
    bots = compared["bots"]
    names = "".join(f'<th scope="col" class="number">{escape(name)}</th>' for name in bots)
    lines = "".join(
        row(head(label), *(number(form.format(figures[key])) for figures in bots.values()))
        for key, label, form in COMPARED
    )
    both = compared["both"]
    told = (
        f"Trained and measured in one run on {escape(compared['made'])}, on the same {compared['trained']} training "
        f"and {compared['messages']} held-back messages of {compared['intents']} intents; the default pipeline "
        f"(that of <code>rasa init</code>) for {compared['epochs']} epochs. Right by both: {both['both']}; "
        f"by Firstlight only: {both['ours']}; by the default pipeline only: {both['stock']}; by none: {both['none']}."
    )
    if compared["partial"]:
        told = f"A trial on a part of the data, which says nothing about the whole. {told}"
    return (
        '<section id="comparison">\n'
        '<h2 id="comparison-title">Next to the default pipeline</h2>\n'
        f'<p>{told}</p>\n<div class="wide" role="region" aria-labelledby="comparison-title" tabindex="0">\n'
        f'<table>\n<thead><tr><th scope="col">Figure</th>{names}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n'
        "</div>\n</section>\n"
    )
