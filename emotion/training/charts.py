"""Charts as inline SVG: no library, no script, the page's own colours.

Names and titles are given in the reader's language. Colours are classes that the page's style
sheet defines: `plot`, `grid`, `cell`, `gap` and `dot`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from emotion.training.metrics import Bin, Interval

# Pixels: a plot's side, its margin for words, what is above it, and a cell of the matrix.
SIDE, EDGE, TOP, CELL = 320, 56, 8, 72


def confusion_chart(
    counts: Sequence[Sequence[int]],
    intervals: Sequence[Sequence[Interval]],
    names: Sequence[str],
    *,
    people: str,
    model: str,
) -> str:
    """Draw counts[true][said]: a cell's ink is its share of the row, its number that share.

    The count and its interval show where the pointer rests.
    """
    left, top, size = EDGE + 24, EDGE, CELL * len(names)
    parts = [
        _text(left + size / 2, 16, model, "middle"),
        _text(14, top + size / 2, people, "middle", turned=True),
    ]
    for place, name in enumerate(names):
        middle = place * CELL + CELL / 2
        parts.append(_text(left + middle, top - 10, name, "middle"))
        parts.append(_text(left - 10, top + middle + 5, name, "end"))
    for i, row in enumerate(counts):
        total = sum(row)
        for j, count in enumerate(row):
            share = count / total if total else 0.0
            low, high = intervals[i][j]
            x, y = left + j * CELL, top + i * CELL
            parts.append(
                f"<g><title>{escape(names[i])} → {escape(names[j])}: "
                f"{count} ({low:.0f}…{high:.0f})</title>"
                f'<rect class="cell" x="{x}" y="{y}" width="{CELL}" height="{CELL}" '
                f'style="fill-opacity:{share:.3f}"/>'
                f"{_text(x + CELL / 2, y + CELL / 2 + 5, f'{share:.0%}', 'middle')}</g>"
            )
    return _svg(left + size + 8, top + size + 8, parts, f"{people} × {model}")


def reliability_chart(bins: Sequence[Bin], *, confidence: str, agreement: str) -> str:
    """Draw what people say against how sure the model is; the diagonal is an honest model.

    A dot's area is its bin's share of the faces.
    """
    parts = [
        f'<rect class="plot" x="{EDGE}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>',
        _text(EDGE + SIDE / 2, TOP + SIDE + 38, confidence, "middle"),
        _text(12, TOP + SIDE / 2, agreement, "middle", turned=True),
        f'<line class="grid" x1="{EDGE}" y1="{TOP + SIDE}" x2="{EDGE + SIDE}" y2="{TOP}"/>',
    ]
    for mark in (0.0, 0.5, 1.0):
        parts.append(_text(EDGE + SIDE * mark, TOP + SIDE + 18, f"{mark:g}", "middle"))
        parts.append(_text(EDGE - 6, TOP + SIDE * (1 - mark) + 5, f"{mark:g}", "end"))
    largest = max(each.n for each in bins)
    for each in bins:
        x, y = EDGE + SIDE * each.confidence, TOP + SIDE * (1 - each.agreement)
        honest = TOP + SIDE * (1 - each.confidence)
        radius = max(2.0, 14 * math.sqrt(each.n / largest))
        parts.append(
            f'<line class="gap" x1="{x:.1f}" y1="{honest:.1f}" x2="{x:.1f}" y2="{y:.1f}"/>'
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
            f"<title>{each.confidence:.2f} → {each.agreement:.2f}, {each.n}</title></circle>"
        )
    return _svg(EDGE + SIDE + 16, TOP + SIDE + 48, parts, f"{agreement} × {confidence}")


def _text(x: float, y: float, words: str, anchor: str, *, turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape(words)}</text>'


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
