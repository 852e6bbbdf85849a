"""Geometry of what pages draw: brush strokes, the window of a photograph, faces to tap.

Pure functions of numbers; templates put the results into SVG attributes, so that a page needs
no style attribute, which a strict content security policy forbids.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

STROKE_LENGTH, STROKE_HEIGHT = 240.0, 16.0
POLAROID = 205 / 275


@dataclass(frozen=True)
class Stroke:
    """One stroke of a brush as SVG paths: the wash, and the dry streaks in it."""

    wash: str
    streaks: str


@dataclass(frozen=True)
class Window:
    """The part of a photograph that is shown, in its pixels."""

    x: float
    y: float
    width: float
    height: float


def brush_stroke(share: float, seed: int) -> Stroke:
    """Draw a stroke that covers `share` (0 to 1) of STROKE_LENGTH; the same seed gives the same."""
    length = max(4.0, min(1.0, share) * STROKE_LENGTH)
    steps = max(2, round(length / 16))
    # The brush lifts off unevenly: the right end is frayed.
    fray = min(6.0, length / 5)
    xs = [(length - fray) * i / steps for i in range(steps + 1)]
    top = [(x, 2.4 + 1.1 * _noise(seed, i)) for i, x in enumerate(xs)]
    bottom = [(x, 13.6 + 1.1 * _noise(seed + 50, i)) for i, x in enumerate(xs)]
    end = [(length - fray * (i % 2) * 0.8, 3.5 + 3.0 * i) for i in range(4)]
    wash = f"M{_point(top[0])}{_curve(top)}L{'L'.join(map(_point, end))}"
    wash += f"L{_point(bottom[-1])}{_curve(bottom[::-1])}Q-1.6 8 {_point(top[0])}Z"
    streaks = [
        ((length * (0.5 + 0.13 * i), 5.2 + 2.8 * i), (length - fray, 5.0 + 2.9 * i))
        for i in range(3)
        if length > 40
    ]
    return Stroke(wash, "".join(f"M{_point(a)}L{_point(b)}" for a, b in streaks))


def photo_window(width: float, height: float, centre: tuple[float, float] | None = None) -> Window:
    """Return the largest part of a photograph in a polaroid's shape, around `centre` if it can."""
    x, y = centre or (width / 2, height / 2)
    wide, high = min(width, height * POLAROID), min(height, width / POLAROID)
    left = min(max(0.0, x - wide / 2), width - wide)
    upper = min(max(0.0, y - high / 2), height - high)
    return Window(round(left, 1), round(upper, 1), round(wide, 1), round(high, 1))


def face_window(box: dict[str, float], width: float, height: float) -> Window:
    """Return a square around a found face with some air, inside the photograph."""
    side = min(1.6 * max(box["width"], box["height"]), width, height)
    left = box["x"] + box["width"] / 2 - side / 2
    upper = box["y"] + box["height"] / 2 - side / 2
    return Window(
        round(min(max(0.0, left), width - side), 1),
        round(min(max(0.0, upper), height - side), 1),
        round(side, 1),
        round(side, 1),
    )


def box_start(width: float, height: float) -> Window:
    """Return where a face most often is, as the box that a person begins with."""
    high = round(0.4 * min(width, height))
    wide = round(high * POLAROID)
    return Window(round((width - wide) / 2), round((height - high) * 0.42), wide, high)


def _point(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _curve(points: list[tuple[float, float]]) -> str:
    """Go softly through the points: each is the handle of a curve between two middles."""
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(points)]
    curves = [f"Q{_point(a)} {_point(m)}" for a, m in zip(points, middles, strict=False)]
    return "".join(curves) + f"L{_point(points[-1])}"


def _noise(seed: int, index: int) -> float:
    """Return a number from -1 to 1 that looks random and is always the same."""
    value = math.sin(seed * 12.9898 + index * 78.233) * 43758.5453
    return 2 * (value - math.floor(value)) - 1
