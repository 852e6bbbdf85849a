"""The six moods: their order, names, colour tokens and place on the plane of valence and arousal.

Fixed here and nowhere else. Every vector of six in this project is in the order of `MOODS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """One of the six moods.

    `valence` (unpleasant -1 to pleasant 1) and `arousal` (calm -1 to stirred 1) place it on
    the circumplex of affect (Russell, 1980, doi:10.1037/h0077714).
    """

    key: str
    korean: str
    english: str
    colour: str
    valence: float
    arousal: float


MOODS: tuple[Mood, ...] = (
    Mood("happy", "기쁨", "happy", "--happy", 0.80, 0.45),
    Mood("anger", "분노", "anger", "--anger", -0.65, 0.75),
    Mood("sad", "슬픔", "sad", "--sad", -0.70, -0.45),
    Mood("anxiety", "불안", "anxiety", "--anxiety", -0.55, 0.45),
    Mood("neutral", "중립", "neutral", "--neutral", 0.10, -0.35),
    Mood("panic", "당황", "panic", "--panic", -0.15, 0.80),
)
KEYS: tuple[str, ...] = tuple(mood.key for mood in MOODS)
BY_KEY: Mapping[str, Mood] = {mood.key: mood for mood in MOODS}
INDEX: Mapping[str, int] = {key: index for index, key in enumerate(KEYS)}


def expected(probabilities: Sequence[float], attribute: str) -> float:
    """Return the expectation of `valence` or `arousal` (-1 to 1) under six probabilities."""
    return float(
        sum(p * getattr(mood, attribute) for p, mood in zip(probabilities, MOODS, strict=True))
    )


def dominant(probabilities: Sequence[float]) -> Mood:
    """Return the mood with the highest probability; the earlier one where two are equal."""
    best = max(range(len(MOODS)), key=lambda i: (probabilities[i], -i))
    return MOODS[best]


def one_hot(key: str) -> tuple[float, ...]:
    """Return the six probabilities that say `key` and nothing else."""
    return tuple(1.0 if mood.key == key else 0.0 for mood in MOODS)
