"""The report's pictures as SVG without script; their colours are the page's, so that they follow light and dark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from bot.facts.markup import escape
from tests.report.figures import Bin, Outcome

WIDTH, HEIGHT = 360, 220  # drawn for a phone; a desk shows them larger
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 10, 36
CELL, LABELS = 17, 170
Scale = Callable[[float], float]


def x_of(value: float) -> float:
    """Where a value from 0 to 1 stands across."""
    return round(LEFT + value * (WIDTH - LEFT - RIGHT), 1)


def y_scale(most: float) -> Scale:
    """Where a value from 0 to `most` stands upwards."""
    return lambda value: round(HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM), 1)


def picture(label: str, body: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """An SVG with its name."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {size} role="img" aria-label="{escape(label)}">\n{body}</svg>\n'


def text(x: float, y: float, content: str, kind: str = "") -> str:
    """Some words."""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(content)}</text>\n'


def rectangle(x: float, y: float, width: float, height: float, kind: str, title: str, opacity: float = 1) -> str:
    """A box that tells what it is when pointed at."""
    box = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{kind}" fill-opacity="{opacity:.2f}"'
    return f"<rect {box}><title>{escape(title)}</title></rect>\n"


def axes(y: Scale, most: float, across: str, show: Callable[[float], str]) -> str:
    """Both axes with five marks each."""
    parts = []
    for step in range(5):
        share = step / 4
        parts.append(f'<path class="hair" d="M{LEFT} {y(most * share)}H{WIDTH - RIGHT}"/>\n')
        parts.append(text(LEFT - 4, y(most * share) + 3, show(most * share), "end"))
        parts.append(text(x_of(share), HEIGHT - BOTTOM + 14, f"{share:.2f}".rstrip("0").rstrip("."), "middle"))
    return "".join(parts) + text(x_of(0.5), HEIGHT - 6, across, "middle")


def percent(share: float) -> str:
    """75 %."""
    return f"{share * 100:.0f} %"


def histogram(right: Sequence[int], wrong: Sequence[int], label: str) -> str:
    """Right and wrong answers side by side, by tenths of confidence."""
    most = max(4, *right, *wrong)
    most += -most % (4 * 10 ** max(0, len(str(most)) - 2))
    y, step = y_scale(most), 1 / len(right)
    body = axes(y, most, "confidence", lambda value: f"{value:.0f}")
    for number, pair in enumerate(zip(right, wrong, strict=True)):
        for place, (kind, count) in enumerate(zip(("right", "wrong"), pair, strict=True)):
            x, width = x_of((number + 0.08 + 0.42 * place) * step), 0.42 * step * (WIDTH - LEFT - RIGHT)
            told = f"{count} {kind}, confidence {number * step:.1f} to {(number + 1) * step:.1f}"
            body += rectangle(x, y(count), width, y(0) - y(count), kind, told)
    return picture(label, body)


def curve(outcomes: Sequence[Outcome], now: float, label: str) -> str:
    """Shares answered right, asked back and answered wrong at each threshold, one above the other; `now` is marked."""
    y = y_scale(1)
    body = ""
    total = outcomes[0].right + outcomes[0].wrong + outcomes[0].asked_back
    floor = [0.0] * len(outcomes)
    for kind in ("right", "asked_back", "wrong"):
        roof = [low + getattr(one, kind) / total for low, one in zip(floor, outcomes, strict=True)]
        edge = [f"{x_of(one.threshold)} {y(high)}" for one, high in zip(outcomes, roof, strict=True)]
        back = [f"{x_of(one.threshold)} {y(low)}" for one, low in zip(outcomes, floor, strict=True)]
        body += f'<path class="{kind}" d="M{"L".join(edge + back[::-1])}z"/>\n'
        floor = roof
    mark = f'<path class="now" d="M{x_of(now)} {y(0)}V{y(1)}"/>\n' + text(x_of(now) + 4, y(0) - 6, f"now {now:g}", "on")
    return picture(label, body + axes(y, 1, "threshold of the fallback", percent) + mark)


def reliability(bins: Sequence[Bin], label: str) -> str:
    """Share right by confidence, beside the diagonal on which they would be equal; a dot grows with its messages."""
    y = y_scale(1)
    body = axes(y, 1, "mean confidence", percent) + f'<path class="diagonal" d="M{x_of(0)} {y(0)}L{x_of(1)} {y(1)}"/>\n'
    total = sum(one.messages for one in bins) or 1
    for one in bins:
        if one.messages:
            told = f"{one.messages} messages: confidence {one.confidence:.2f}, right {one.share_right:.2f}"
            radius = 3 + 12 * (one.messages / total) ** 0.5
            dot = f'cx="{x_of(one.confidence)}" cy="{y(one.share_right)}" r="{radius:.1f}"'
            body += f'<circle {dot} class="right dot"><title>{told}</title></circle>\n'
    return picture(label, body)


def heat_map(rows: Sequence[str], columns: Sequence[str], counts: Counter[tuple[str, str]], label: str) -> str:
    """The confusion matrix: what a message is, across what is heard; the darker, the larger its share of the row."""
    width, height = 2 * LABELS + CELL * len(columns), 2 * LABELS + CELL * len(rows)
    sums = {row: sum(counts[row, column] for column in columns) for row in rows}
    body = _hair_lines(len(rows), len(columns))
    for down, row in enumerate(rows):
        for across, column in enumerate(columns):
            count = counts[row, column]
            if count:
                x, y = LABELS + across * CELL, LABELS + down * CELL
                opacity = 0.12 + 0.4 * count / sums[row]
                kind, told = ("right", "right") if row == column else ("wrong", f"heard as {column}")
                body += rectangle(x, y, CELL - 1, CELL - 1, kind, f"{row}: {count} of {sums[row]} {told}", opacity)
                body += text(x + CELL / 2 - 0.5, y + 12, str(count), "middle")
    for down, row in enumerate(rows):
        y = LABELS + down * CELL + 12
        body += text(LABELS - 5, y, row, "end") + text(width - LABELS + 4, y, row)
    for across, column in enumerate(columns):
        x = LABELS + across * CELL + 12
        for kind, y in (("", LABELS - 5), ("end", height - LABELS + 4)):
            body += f'<text transform="translate({x} {y}) rotate(-90)" class="{kind}">{escape(column)}</text>\n'
    return picture(label, body, width, height)


def _hair_lines(rows: int, columns: int) -> str:
    """A line through every fifth row and column, so that the eye keeps them."""
    right, low = 2 * LABELS + CELL * columns, 2 * LABELS + CELL * rows
    across = "".join(f"M0 {LABELS + CELL * step - 0.5:g}H{right}" for step in range(0, rows + 1, 5))
    down = "".join(f"M{LABELS + CELL * step - 0.5:g} 0V{low}" for step in range(0, columns + 1, 5))
    return f'<path class="hair" d="{across}{down}"/>\n'
