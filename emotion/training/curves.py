"""Loss and accuracy against the faces seen, as a picture."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 640, 260, 44
INK, LEARNED, VALIDATED = "#3d3a35", "#8a8378", "#b4552d"


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch of a run measured; `stage` and `epoch` count from 0."""

    stage: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


def read_curves(run: Path) -> list[Epoch]:
    """Return the epochs of a run in order, from the CSV of each of its stages."""
    found: dict[tuple[int, int], Epoch] = {}
    for path in sorted(run.glob("stage*.csv")):
        stage = int(path.stem.removeprefix("stage"))
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                # An epoch repeated after a kill replaces what it had measured before.
                found[stage, int(row["epoch"])] = Epoch(
                    stage,
                    int(row["epoch"]),
                    float(row["loss"]),
                    float(row["categorical_accuracy"]),
                    float(row["val_loss"]),
                    float(row["val_categorical_accuracy"]),
                )
    return [found[key] for key in sorted(found)]


def draw_curves(epochs: Sequence[Epoch]) -> str:
    """Return an SVG: above the loss, below the accuracy, a line between two stages."""
    panels = [
        ("loss", [each.loss for each in epochs], [each.val_loss for each in epochs]),
        ("accuracy", [each.accuracy for each in epochs], [each.val_accuracy for each in epochs]),
    ]
    borders = [at for at in range(1, len(epochs)) if epochs[at].stage != epochs[at - 1].stage]
    drawn = [
        f'<g transform="translate(0 {number * HEIGHT})">{_panel(*panel, borders)}</g>'
        for number, panel in enumerate(panels)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * HEIGHT}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">{"".join(drawn)}</svg>'
    )


def _panel(
    title: str, learned: Sequence[float], validated: Sequence[float], borders: Sequence[int]
) -> str:
    low, high = min((*learned, *validated)), max((*learned, *validated))
    span = (high - low) or 1.0

    def x(at: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * at / max(1, len(learned) - 1)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / span

    def line(values: Sequence[float], colour: str) -> str:
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values))
        dots = "".join(
            f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="2.5" fill="{colour}"/>'
            for at, value in enumerate(values)
        )
        return f'<polyline points="{points}" fill="none" stroke="{colour}"/>{dots}'

    stages = "".join(
        f'<line x1="{x(at - 0.5):.1f}" x2="{x(at - 0.5):.1f}" y1="{MARGIN}" '
        f'y2="{HEIGHT - MARGIN}" stroke="{INK}" stroke-dasharray="2 4" stroke-width="0.6"/>'
        for at in borders
    )
    return (
        f'<text x="{MARGIN}" y="24">{title} '
        f'<tspan fill="{LEARNED}">learning</tspan> <tspan fill="{VALIDATED}">validation</tspan>'
        f"</text>"
        f'<text x="4" y="{y(high) + 4:.1f}">{high:.2f}</text>'
        f'<text x="4" y="{y(low) + 4:.1f}">{low:.2f}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 16}" text-anchor="end">'
        f"{len(learned)} epochs</text>{stages}{line(learned, LEARNED)}{line(validated, VALIDATED)}"
    )
