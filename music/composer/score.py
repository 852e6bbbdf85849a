"""A plan becomes notes: chords that lead into each other, a motif that comes back, bass, drums.

Pitches are counted in steps of the scale from the tonic and turned into MIDI numbers at the very
end, so no note can leave the scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from music.composer.plan import CADENCES, Plan

# Lengths in beats that fill a bar, by beats to the bar and density.
RHYTHMS: dict[tuple[int, int], tuple[tuple[float, ...], ...]] = {
    (4, 0): ((2, 1, 1), (3, 1), (1.5, 0.5, 2), (1, 1, 2)),
    (4, 1): ((1, 1, 0.5, 0.5, 1), (1.5, 0.5, 1, 1), (1, 0.5, 0.5, 2), (0.5, 0.5, 1, 2)),
    (4, 2): ((0.5, 0.5, 0.5, 0.5, 1, 1), (1, 0.5, 0.5, 0.5, 0.5, 1), (1.5, 0.5, 0.5, 0.5, 1)),
    (3, 0): ((2, 1), (1, 2), (1, 1, 1)),
    (3, 1): ((1, 1, 1), (1.5, 0.5, 1), (2, 0.5, 0.5)),
    (3, 2): ((0.5, 0.5, 1, 1), (1, 0.5, 0.5, 1), (0.5, 0.5, 0.5, 0.5, 1)),
}
# Steps are likelier than leaps, as in most songs that people can sing after one hearing.
MOVES = (-2, -1, -1, -1, 1, 1, 1, 2)
AMBITUS = 6
# The three notes of a chord, as steps of the scale, low to high.
Voicing = tuple[int, ...]
LOUDNESS = {"intro": 0.72, "theme": 0.88, "contrast": 0.8, "variation": 1.0, "ending": 0.74}


@dataclass(frozen=True)
class Note:
    """A note for one instrument: start and length in beats, MIDI pitch, velocity 0 to 1."""

    voice: str
    start: float
    length: float
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Bar:
    """A bar of the form: its part, its number within the part, and its chord's degree."""

    part: str
    number: int
    size: int
    start: float
    chord: int


@dataclass(frozen=True)
class _Step:
    """A note of the melody while its pitch is still a step of the scale."""

    start: float
    length: float
    step: int
    chord: int


@dataclass(frozen=True)
class _Motif:
    """A bar of melody without a place: lengths in beats, and moves in steps between them."""

    lengths: tuple[float, ...]
    moves: tuple[int, ...]

    def inverted(self) -> _Motif:
        return _Motif(self.lengths, tuple(-move for move in self.moves))


def score(plan: Plan, rng: np.random.Generator) -> list[Note]:
    """Return every note of the piece, in no particular order."""
    bars = list(_bars(plan))
    melody = _melody(plan, bars, rng)
    voicings = _voicings(bars)
    notes = [
        *_sung(plan, bars, melody),
        *_pad(plan, bars, voicings),
        *_figures(plan, bars, voicings),
        *_bass(plan, bars),
        *_drums(plan, bars),
    ]
    return [_by_hand(note, rng) for note in notes]


def midi(plan: Plan, step: int) -> int:
    """Return the MIDI number of a step of the scale, counted from the tonic."""
    octave, degree = divmod(step, 7)
    return plan.tonic + 12 * octave + plan.scale[degree]


def _bars(plan: Plan) -> Iterator[Bar]:
    form, start = plan.form, 0
    home = (*CADENCES[plan.mode], 0)
    for part in ("intro", "theme", "contrast", "variation", "ending"):
        size = getattr(form, part)
        circle = plan.contrast if part == "contrast" else plan.progression
        chords = [circle[i % 4] for i in range(size)]
        if part in ("theme", "variation"):
            chords[-2:] = [home[1], 0]
        if part == "ending":
            chords[-3:] = home
        for number, chord in enumerate(chords):
            yield Bar(part, number, size, float(start * plan.beats), chord)
            start += 1


# --- melody -----------------------------------------------------------------------------------


def _melody(plan: Plan, bars: list[Bar], rng: np.random.Generator) -> list[_Step]:
    motif, answer = _motif(plan, rng), _motif(plan, rng)
    centre = min(range(-7, 21), key=lambda step: abs(midi(plan, step) - plan.register))
    steps: list[_Step] = []
    last = centre
    for bar in bars:
        low = centre - 2 if bar.part == "contrast" else centre
        if bar.part == "intro":
            continue
        if bar.part == "ending":
            made = _farewell(plan, bar, motif, last, low)
        elif bar.number % 4 == 3 or bar.number == bar.size - 1:
            made = _close(plan, bar, last, full=bar.number == bar.size - 1)
        else:
            source = answer if bar.number % 4 == 2 else motif
            if bar.part == "contrast":
                source = source.inverted()
            made = _set(plan, bar, source, last, low)
        if bar.part == "variation":
            made = [part for step in made for part in _adorned(step, rng)]
        steps.extend(made)
        if made:
            last = made[-1].step
    return _resolved(steps)


def _motif(plan: Plan, rng: np.random.Generator) -> _Motif:
    """Return the best of a few: one that stays on two notes is soon tiresome."""
    lengths = RHYTHMS[plan.beats, plan.density]
    chosen = lengths[int(rng.integers(len(lengths)))]
    drafts = [_moves(len(chosen) - 1, rng) for _ in range(5)]
    return _Motif(chosen, min(drafts, key=lambda moves: abs(_span(moves) - 4)))


def _moves(count: int, rng: np.random.Generator) -> tuple[int, ...]:
    moves = [int(move) for move in rng.choice(MOVES, count)]
    for i in range(1, count):
        if abs(moves[i - 1]) == 2:  # a leap is answered by a step back, as singers expect
            moves[i] = -1 if moves[i - 1] > 0 else 1
    return tuple(moves)


def _span(moves: tuple[int, ...]) -> int:
    places = np.cumsum((0, *moves))
    return int(places.max() - places.min())


def _set(plan: Plan, bar: Bar, motif: _Motif, last: int, centre: int) -> list[_Step]:
    """Return the motif on the bar's chord, near the last note and not far from the centre."""
    step = _chord_tone(bar.chord, round((2 * last + centre) / 3))
    made, start = [], 0.0
    for i, length in enumerate(motif.lengths):
        if i:
            move = motif.moves[i - 1]
            step += move if abs(step + move - centre) <= AMBITUS else -move
            strong = start % (2 if plan.beats == 4 else 3) == 0
            step = _chord_tone(bar.chord, step) if strong else step
        made.append(_Step(bar.start + start, length, step, bar.chord))
        start += length
    return made


def _close(plan: Plan, bar: Bar, last: int, *, full: bool) -> list[_Step]:
    """Return the end of a phrase: home on the tonic, or open on a tone of the chord."""
    if full:
        goal = 7 * round(last / 7)
        path = (goal + 2, goal + 1, goal) if last >= goal else (goal - 1, goal)
    else:
        goal = _chord_tone(bar.chord, last + 1)
        path = (_chord_tone(bar.chord, last), goal)
    made = [_Step(bar.start + i * 0.5, 0.5, step, bar.chord) for i, step in enumerate(path[:-1])]
    start = 0.5 * len(made)
    return [*made, _Step(bar.start + start, plan.beats - start - 0.5, goal, bar.chord)]


def _farewell(plan: Plan, bar: Bar, motif: _Motif, last: int, centre: int) -> list[_Step]:
    """Return the ending: the head of the motif, slower each time, and a last long tonic."""
    if bar.number == bar.size - 1:
        return [_Step(bar.start, float(plan.beats), 7 * round(last / 7), bar.chord)]
    head = _set(plan, bar, motif, last, centre)[:2]
    if bar.number == bar.size - 2 or len(head) == 1:
        return [replace(head[0], length=plan.beats - 0.5)]
    half = plan.beats / 2
    return [
        replace(head[0], length=half),
        replace(head[1], start=bar.start + half, length=half - 0.25),
    ]


def _adorned(step: _Step, rng: np.random.Generator) -> Iterator[_Step]:
    """Yield the note, or the note with a turn to its upper neighbour and back."""
    if step.length < 1 or step.length > 2 or rng.random() < 0.45:
        yield step
        return
    half, quarter = step.length / 2, step.length / 4
    yield replace(step, length=half)
    yield replace(step, start=step.start + half, length=quarter, step=step.step + 1)
    yield replace(step, start=step.start + half + quarter, length=quarter)


def _resolved(steps: list[_Step]) -> list[_Step]:
    """Return the melody with every note outside its chord moving on by one step."""
    made = list(steps)
    for i in range(len(made) - 1, -1, -1):
        step = made[i]
        following = made[i + 1].step if i + 1 < len(made) else None
        goes_on = following is not None and abs(following - step.step) == 1
        if not goes_on:
            made[i] = replace(step, step=_chord_tone(step.chord, step.step))
    return made


def _chord_tone(chord: int, near: int) -> int:
    return min(
        (near + offset for offset in (0, 1, -1, 2, -2)), key=lambda s: not _in_chord(chord, s)
    )


def _in_chord(chord: int, step: int) -> bool:
    return (step - chord) % 7 in (0, 2, 4)


def _sung(plan: Plan, bars: list[Bar], melody: list[_Step]) -> Iterator[Note]:
    parts = {bar.start: bar.part for bar in bars}
    for step in melody:
        part = parts[step.start // plan.beats * plan.beats]
        voice = plan.second_lead if part == "contrast" else plan.lead
        velocity = 0.9 * LOUDNESS[part] * (1.0 if step.start % plan.beats == 0 else 0.88)
        pitch = midi(plan, step.step)
        yield Note(voice, step.start, step.length * 0.96, pitch, velocity)
        if part == "variation" and step.length >= 0.5:
            # The theme comes back with a second voice an octave above.
            yield Note("bell", step.start, step.length, pitch + 12, 0.34 * velocity)


# --- accompaniment ----------------------------------------------------------------------------


def _voicings(bars: list[Bar]) -> list[Voicing]:
    """Return three steps for each bar, as near to those of the bar before as the chord allows."""
    centre = 2
    made: list[Voicing] = []
    for bar in bars:
        options = [
            tuple(
                sorted(
                    bar.chord + third + 7 * octave
                    for third, octave in zip((0, 2, 4), at, strict=True)
                )
            )
            for at in ((-1, -1, -1), (0, -1, -1), (0, 0, -1), (0, 0, 0), (-1, 0, 0), (-1, -1, 0))
        ]
        close = [option for option in options if option[2] - option[0] <= 6]
        before = made[-1] if made else (0, 2, 4)
        made.append(
            min(
                close,
                key=lambda option: (
                    sum(abs(a - b) for a, b in zip(option, before, strict=True))
                    + 0.5 * abs(sum(option) / 3 - centre)
                ),
            )
        )
    return made


def _pad(plan: Plan, bars: list[Bar], voicings: list[Voicing]) -> Iterator[Note]:
    for bar, voicing in zip(bars, voicings, strict=True):
        last = bar is bars[-1]
        for step in voicing:
            velocity = 0.5 * LOUDNESS[bar.part]
            yield Note(
                "pad", bar.start, plan.beats + (2 if last else 0), midi(plan, step), velocity
            )


def _figures(plan: Plan, bars: list[Bar], voicings: list[Voicing]) -> Iterator[Note]:
    """Yield broken chords, or struck ones off the beat where the piece is dense."""
    for bar, voicing in zip(bars, voicings, strict=True):
        loud = 0.5 * LOUDNESS[bar.part]
        steps = (*voicing, voicing[0] + 7)
        if bar is bars[-1]:
            for i, step in enumerate(steps):
                yield Note("pluck", bar.start + i * 0.12, plan.beats, midi(plan, step), loud)
            return
        if plan.density == 2 and bar.part not in ("intro", "ending"):
            for at in (0, 0.75, 1.5, 2.5, 3.25) if plan.beats == 4 else (0, 1, 1.5, 2.5):
                for step in voicing:
                    yield Note("pluck", bar.start + at, 0.5, midi(plan, step), 0.7 * loud)
            continue
        gap = 1.0 if plan.density == 0 else 0.5
        order = (0, 2, 1, 3, 2, 1, 3, 1)
        for i in range(int(plan.beats / gap)):
            accent = 1.0 if i == 0 else 0.8
            pitch = midi(plan, steps[order[i % 8]])
            yield Note("pluck", bar.start + i * gap, 2 * gap, pitch, accent * loud)


def _bass(plan: Plan, bars: list[Bar]) -> Iterator[Note]:
    for bar, following in pairwise([*bars, bars[-1]]):
        if bar.part == "intro" and bar.number < bar.size - 2:
            continue
        loud = 0.8 * LOUDNESS[bar.part]
        root = midi(plan, bar.chord)
        root -= 12 * ((root - 34) // 12)  # into the octave from B flat 1
        if plan.density == 0 or bar.part == "ending":
            yield Note("bass", bar.start, plan.beats, root, loud)
        elif plan.density == 1:
            half = plan.beats / 2
            yield Note("bass", bar.start, half, root, loud)
            fifth = root + (midi(plan, bar.chord + 4) - midi(plan, bar.chord))
            same = following.chord == bar.chord
            yield Note("bass", bar.start + half, half, fifth if same else root, 0.8 * loud)
        else:
            for i in range(2 * plan.beats):
                jump = 12 if i % 4 == 3 else 0
                accent = 1.0 if i % 4 == 0 else 0.78
                yield Note("bass", bar.start + i / 2, 0.45, root + jump, accent * loud)


def _drums(plan: Plan, bars: list[Bar]) -> Iterator[Note]:
    if plan.density == 0:
        return
    for bar in bars:
        if bar.part in ("intro", "ending"):
            continue
        loud = LOUDNESS[bar.part] * (0.5 + 0.5 * plan.drive)
        for i in range(2 * plan.beats):
            yield Note("shaker", bar.start + i / 2, 0.1, 0, (0.3 if i % 2 else 0.18) * loud)
        if plan.density < 2:
            continue
        for beat in range(plan.beats):
            if beat % 2 == 0 or plan.drive < 0.3:
                yield Note("kick", bar.start + beat, 0.3, 0, 0.85 * loud)
            if beat % 2 == 1 and bar.part != "contrast":
                yield Note("snare", bar.start + beat, 0.2, 0, 0.5 * loud)


def _by_hand(note: Note, rng: np.random.Generator) -> Note:
    """Return the note as a hand would play it: not quite on the beat, not quite as loud."""
    late = float(np.clip(rng.normal(0, 0.008), -0.02, 0.02))
    velocity = note.velocity * float(rng.uniform(0.92, 1.05))
    return replace(note, start=max(0.0, note.start + late), velocity=velocity)
