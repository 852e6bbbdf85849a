"""What kind of piece a vector of six asks for: tempo, mode, metre, form, register, colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from music.plane import target

SCALES: dict[str, tuple[int, ...]] = {
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
# Four chords each, as degrees of the scale from 0, none of them the diminished one of its mode.
PROGRESSIONS: dict[str, tuple[tuple[int, ...], ...]] = {
    "lydian": ((0, 1, 5, 4), (0, 4, 1, 0), (0, 1, 2, 4)),
    "major": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 2, 3, 4), (0, 3, 1, 4)),
    "mixolydian": ((0, 6, 3, 0), (0, 3, 6, 4), (0, 4, 3, 6)),
    "dorian": ((0, 3, 0, 6), (0, 2, 3, 6), (0, 6, 3, 4)),
    "aeolian": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 4)),
    "phrygian": ((0, 1, 0, 6), (0, 5, 1, 6), (0, 3, 1, 6)),
}
# Two chords that lead home to the tonic.
CADENCES: dict[str, tuple[int, int]] = {
    "lydian": (1, 4),
    "major": (3, 4),
    "mixolydian": (3, 6),
    "dorian": (3, 6),
    "aeolian": (5, 4),
    "phrygian": (3, 1),
}
SECONDS = 62.0


@dataclass(frozen=True)
class Form:
    """Bars of each part; the ending includes the cadence and the last, held chord."""

    intro: int
    theme: int
    contrast: int
    variation: int
    ending: int

    @property
    def bars(self) -> int:
        return self.intro + self.theme + self.contrast + self.variation + self.ending


FORMS = (
    Form(2, 8, 0, 4, 3),
    Form(2, 8, 0, 8, 3),
    Form(4, 8, 0, 8, 4),
    Form(2, 8, 4, 8, 4),
    Form(4, 8, 4, 8, 4),
    Form(4, 8, 8, 8, 4),
    Form(4, 8, 8, 12, 4),
    Form(4, 12, 8, 12, 4),
    Form(4, 16, 8, 16, 4),
)


@dataclass(frozen=True)
class Plan:
    """The decisions that precede the first note; shares run from 0 to 1.

    `density` is 0 (sparse), 1 or 2 (dense); `tonic` and `register` are MIDI note numbers.
    """

    tempo: int
    mode: str
    tonic: int
    beats: int
    form: Form
    density: int
    register: int
    brightness: float
    drive: float
    calm: float
    loudness_db: float
    progression: tuple[int, ...]
    contrast: tuple[int, ...]
    lead: str
    second_lead: str

    @property
    def scale(self) -> tuple[int, ...]:
        return SCALES[self.mode]


def plan(probabilities: Sequence[float], rng: np.random.Generator) -> Plan:
    """Return the plan for a vector of six; `rng` decides what the vector leaves open."""
    aim = target(probabilities)
    valence, energy = aim.valence, aim.energy
    tempo = round(52 + 76 * energy + 8 * (valence - 0.5) + rng.uniform(-3, 3))
    mode = mode_for(valence, energy)
    # Three beats to a bar sway, which suits calm; a march needs four.
    beats = 3 if energy < 0.55 and rng.random() < 0.35 else 4
    first, second = rng.permutation(len(PROGRESSIONS[mode]))[:2]
    drive = min(1.0, 3 * max(0.0, energy - 0.5) * (1 - valence))
    lead = "reed" if drive > 0.6 else "bell" if valence > 0.62 else "pluck"
    return Plan(
        tempo=tempo,
        mode=mode,
        tonic=55 + int(rng.integers(0, 9)),
        beats=beats,
        form=_form(tempo, beats),
        density=0 if energy < 0.42 else 1 if energy < 0.66 else 2,
        register=round(63 + 13 * (0.55 * valence + 0.45 * energy)),
        brightness=0.2 + 0.5 * energy + 0.3 * valence,
        drive=drive,
        calm=1 - energy,
        loudness_db=-20 + 4.5 * energy,
        progression=PROGRESSIONS[mode][first],
        contrast=PROGRESSIONS[mode][second],
        lead=lead,
        second_lead={"reed": "pluck", "bell": "reed", "pluck": "bell"}[lead],
    )


def mode_for(valence: float, energy: float) -> str:
    """Return the mode whose colour suits a place on the plane, from lydian to phrygian."""
    if valence >= 0.66:
        return "major" if energy >= 0.5 else "lydian"
    if valence >= 0.5:
        return "mixolydian"
    if valence >= 0.36:
        return "dorian"
    return "phrygian" if energy >= 0.62 else "aeolian"


def _form(tempo: int, beats: int) -> Form:
    bar = beats * 60 / tempo
    return min(FORMS, key=lambda form: abs(form.bars * bar - SECONDS))
