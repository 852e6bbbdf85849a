"""Where a vector of six points on the plane of valence and energy, both from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotion.labels import MOODS, expected

# How far from the target a song may be drawn, on the plane of valence and energy: from a reading
# that says one mood and nothing else to one that says nothing at all.
SURE_SPREAD = 0.08
UNSURE_SPREAD = 0.22


@dataclass(frozen=True)
class Target:
    """Where a vector of six points on the plane (0 to 1 each), and how far around it to look."""

    valence: float
    energy: float
    spread: float


def target(probabilities: Sequence[float]) -> Target:
    """Return where the whole vector points: every mood pulls with its own probability.

    Raises ValueError unless there are six finite numbers, none negative and not all zero.
    """
    vector = np.asarray(probabilities, dtype=float)
    if vector.shape != (len(MOODS),) or not np.isfinite(vector).all() or (vector < 0).any():
        raise ValueError("Expected six finite probabilities, none of them negative.")
    if vector.sum() == 0:
        raise ValueError("Expected at least one probability above zero.")
    vector = vector / vector.sum()
    said = vector[vector > 0]
    unsure = float(-(said * np.log(said)).sum() / np.log(len(MOODS)))
    return Target(
        valence=(expected(vector.tolist(), "valence") + 1) / 2,
        energy=(expected(vector.tolist(), "arousal") + 1) / 2,
        spread=SURE_SPREAD + (UNSURE_SPREAD - SURE_SPREAD) * unsure,
    )
