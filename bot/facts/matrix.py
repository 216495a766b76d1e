"""What the chat would say of every two classes as one picture: a letter and a color in every cell with a fact."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bot.facts.grid import Cells, ordered_classes, severities
from bot.facts.markup import escape
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge

CELL = 16
LABELS = 262
LEGEND = 130
STYLE = (Path(__file__).parent / "matrix.css").read_text(encoding="utf-8")
SHOWN = ("dangerous", "serious", "caution", "check", "reversal")


def severity_matrix(knowledge: Knowledge, alone: bool = False) -> str:
    """The picture as SVG; `alone` makes it a file of its own that brings its style along."""
    order = ordered_classes(knowledge)
    cells = severities(knowledge, order)
    width, height = 2 * LABELS + CELL * len(order), LEGEND + 2 * LABELS + CELL * len(order)
    body = [
        _title(),
        f"<style>{STYLE}</style>\n" if alone else "",
        _ground(width, height),
        _legend(),
        _lines(len(order)),
    ]
    body += [_boxes(cells), _letters(cells), _labels(order)]
    name_space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    opening = f'<svg{name_space} class="matrix" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'{opening} role="img" aria-labelledby="matrix-title matrix-desc">\n{"".join(body)}</svg>\n'


def _title() -> str:
    return (
        f'<title id="matrix-title">{escape(words().line("matrix_title"))}</title>\n'
        f'<desc id="matrix-desc">{escape(words().line("matrix_desc"))}</desc>\n'
    )


def _ground(width: int, height: int) -> str:
    heading = escape(words().line("matrix_title"))
    ground = f'<path class="ground" d="M0 0h{width}v{height}h-{width}z"/>\n'
    return f'{ground}<text class="big" x="16" y="36">{heading}</text>\n'


def _legend() -> str:
    parts = []
    for number, severity in enumerate(SHOWN):
        word = words().find("severity", severity)
        x = 16 + number * 190
        parts.append(f'<path class="{severity}" d="M{x} 56h28v28h-28z"/>')
        parts.append(f'<text class="on-{severity} key" x="{x + 14}" y="76">{escape(word.letter)}</text>')
        parts.append(f'<text class="word" x="{x + 38}" y="77">{escape(word.word)}</text>\n')
    told = escape(" ".join(words().line(f"matrix_{kind}") for kind in ("own", "pale", "empty")))
    return "".join(parts) + f'<text class="word" x="16" y="118">{told}</text>\n'


def _lines(count: int) -> str:
    """Hair lines through every fifth class, so that the eye keeps its row and column."""
    far, low, top = 2 * LABELS + CELL * count - 20, LEGEND + 2 * LABELS + CELL * count - 20, LEGEND + LABELS
    steps = [number * CELL for number in range(0, count + 1, 5)]
    across = "".join(f"M20 {top + step}H{far}" for step in steps)
    down = "".join(f"M{LABELS + step} {LEGEND + 20}V{low}" for step in steps)
    return f'<path class="hair" d="{across}{down}"/>\n'


def _boxes(cells: Cells) -> str:
    boxes: dict[str, list[str]] = defaultdict(list)
    size = CELL - 1
    for (row, column), severity in sorted(cells.items()):
        boxes[severity].append(f"M{_x(column)} {_y(row)}h{size}v{size}h-{size}z")
    return "".join(f'<path class="{severity}" d="{"".join(parts)}"/>\n' for severity, parts in boxes.items())


def _letters(cells: Cells) -> str:
    """One text for each row and severity: its letters stand at the x given for each of them."""
    rows: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (row, column), severity in sorted(cells.items()):
        rows[row, severity].append(_x(column) + 7)
    parts = []
    for (row, severity), places in rows.items():
        letters = words().find("severity", severity.split()[0]).letter * len(places)
        spots = " ".join(str(place) for place in places)
        parts.append(f'<text class="on-{severity}" x="{spots}" y="{_y(row) + 12}">{letters}</text>\n')
    return "".join(parts)


def _labels(order: list[str]) -> str:
    """The names on all four sides: a hundred rows are too many to follow from one of them."""
    parts = []
    left, right = LABELS - 6, _x(len(order)) + 5
    above, below = LEGEND + LABELS - 6, _y(len(order)) + 5
    for number, name in enumerate(order):
        label = escape(words().label("class", name))
        x, y = _x(number) + 12, _y(number) + 12
        parts.append(f'<text class="end" x="{left}" y="{y}">{label}</text><text x="{right}" y="{y}">{label}</text>')
        parts.append(f'<text transform="translate({x} {above}) rotate(-90)">{label}</text>')
        parts.append(f'<text class="end" transform="translate({x} {below}) rotate(-90)">{label}</text>\n')
    return "".join(parts)


def _x(column: int) -> int:
    return LABELS + column * CELL


def _y(row: int) -> int:
    return LEGEND + LABELS + row * CELL
