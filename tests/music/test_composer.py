"""A piece is long enough, clean, in its key, the same for the same day, and like its mood."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from django.utils import translation

from emotion.labels import KEYS, one_hot
from music.composer import VERSION, compose, piece_title
from music.composer.plan import CADENCES, FORMS, PROGRESSIONS, SCALES, mode_for, plan
from music.composer.score import _bars, _in_chord, _melody, _voicings, score
from music.composer.titles import TITLES

FLAT = (1 / 6,) * 6
PITCHED = {"pluck", "bell", "pad", "reed", "bass"}


def designed(vector, seed=0):
    rng = np.random.default_rng(seed)
    return plan(vector, rng), rng


@pytest.fixture(scope="module")
def pieces():
    return {key: compose(one_hot(key), seed="a day") for key in ("happy", "sad", "anger")}


def decoded(piece):
    samples, rate = soundfile.read(io.BytesIO(piece.audio))
    return samples, rate


def level(samples) -> float:
    return float(20 * np.log10(np.sqrt((samples**2).mean()) + 1e-12))


def centroid(samples, rate) -> float:
    power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / rate)).sum() / power.sum())


def onsets_per_second(samples, rate) -> float:
    """Return how often the loudness jumps, in frames of a fiftieth of a second."""
    mono, frame = samples.mean(axis=1), rate // 50
    power = (mono[: len(mono) // frame * frame].reshape(-1, frame) ** 2).mean(axis=1)
    rise = np.diff(10 * np.log10(power + 1e-9))
    peaks = (rise[1:-1] > 2) & (rise[1:-1] >= rise[:-2]) & (rise[1:-1] > rise[2:])
    return float(peaks.sum() / (len(samples) / rate))


@pytest.mark.parametrize("key", ["happy", "sad", "anger"])
def test_compose_makes_a_clean_mp3_of_about_a_minute(pieces, key):
    piece = pieces[key]
    samples, rate = decoded(piece)
    assert piece.version == VERSION
    assert 50 <= piece.seconds <= 80
    assert len(samples) / rate == pytest.approx(piece.seconds, abs=0.2)
    assert samples.shape[1] == 2
    assert 100_000 < len(piece.audio) < 2_000_000
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    assert -22 < level(samples) < -13
    # No hole in the middle: every second of it is heard.
    body = samples[2 * rate : -5 * rate]
    seconds = [body[at : at + rate] for at in range(0, len(body) - rate, rate)]
    assert min(map(level, seconds)) > -38
    # Neither the beginning nor the end clicks.
    assert np.abs(samples[:200]).max() < 0.02
    assert np.abs(samples[-200:]).max() < 0.01
    # Two sides that are not the same, and no constant pressure on the speaker.
    assert np.abs(samples[:, 0] - samples[:, 1]).max() > 0.01
    assert np.abs(samples.mean(axis=0)).max() < 1e-3


def test_compose_gives_the_same_bytes_for_the_same_day(pieces):
    again = compose([1.0 if key == "sad" else 0.0 for key in KEYS], seed="a day")
    assert again == pieces["sad"]


def test_score_differs_from_day_to_day():
    tunes = set()
    for seed in range(12):
        design, rng = designed(one_hot("sad"), seed)
        melody = _melody(design, list(_bars(design)), rng)
        tunes.add((design.mode, tuple((note.length, note.step) for note in melody)))
    assert len(tunes) == 12


def test_compose_sounds_like_the_mood(pieces):
    sound = {key: decoded(piece) for key, piece in pieces.items()}
    bright = {key: centroid(*both) for key, both in sound.items()}
    busy = {key: onsets_per_second(*both) for key, both in sound.items()}
    loud = {key: level(both[0]) for key, both in sound.items()}
    assert pieces["sad"].tempo + 25 < min(pieces["happy"].tempo, pieces["anger"].tempo)
    assert (pieces["happy"].mode, pieces["sad"].mode) == ("major", "aeolian")
    assert pieces["anger"].mode == "phrygian"
    assert bright["sad"] * 1.1 < min(bright["happy"], bright["anger"])
    assert busy["sad"] * 1.3 < min(busy["happy"], busy["anger"])
    assert loud["sad"] + 1 < min(loud["happy"], loud["anger"])


@pytest.mark.parametrize("vector", [*map(one_hot, KEYS), FLAT], ids=[*KEYS, "flat"])
def test_score_keeps_to_the_scale_and_fills_the_form(vector):
    for seed in range(12):
        design, rng = designed(vector, seed)
        notes = score(design, rng)
        allowed = {(design.tonic + degree) % 12 for degree in SCALES[design.mode]}
        pitched = [note for note in notes if note.voice in PITCHED]
        assert {note.pitch % 12 for note in pitched} <= allowed
        assert {note.voice for note in notes} >= {"pluck", "pad", "bass", "bell"}
        assert all(30 <= note.pitch <= 108 for note in pitched)
        seconds = design.form.bars * design.beats * 60 / design.tempo
        assert 52 <= seconds <= 74
        assert 62 <= design.tempo <= 132


@pytest.mark.parametrize("vector", [*map(one_hot, KEYS), FLAT], ids=[*KEYS, "flat"])
def test_melody_resolves_and_comes_home(vector):
    for seed in range(12):
        design, rng = designed(vector, seed)
        bars = list(_bars(design))
        melody = _melody(design, bars, rng)
        for note, following in pairwise(melody):
            if not _in_chord(note.chord, note.step):
                assert abs(following.step - note.step) == 1
        assert melody[-1].step % 7 == 0
        assert bars[-1].chord == 0
        assert tuple(bar.chord for bar in bars[-3:-1]) == CADENCES[design.mode]


def test_theme_comes_back_in_the_variation():
    design, rng = designed(one_hot("neutral"), 1)
    bars = list(_bars(design))
    melody = _melody(design, bars, rng)
    first = next(bar for bar in bars if bar.part == "theme")
    again = next(bar for bar in bars if bar.part == "variation")

    def rhythm(bar):
        return {
            note.start - bar.start
            for note in melody
            if bar.start <= note.start < bar.start + design.beats
        }

    assert rhythm(first) <= rhythm(again)


def test_chords_move_by_small_steps():
    for key in KEYS:
        design, _rng = designed(one_hot(key))
        voicings = _voicings(list(_bars(design)))
        for before, after in pairwise(voicings):
            assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) <= 6


def test_no_progression_uses_the_diminished_chord_of_its_mode():
    for mode, scale in SCALES.items():
        for degree in {d for circle in (*PROGRESSIONS[mode], CADENCES[mode]) for d in circle}:
            fifth = (scale[(degree + 4) % 7] - scale[degree]) % 12
            assert fifth == 7, f"degree {degree} of {mode}"


def test_mode_darkens_with_valence():
    assert [mode_for(v, 0.3) for v in (0.9, 0.55, 0.4, 0.2)] == [
        "lydian",
        "mixolydian",
        "dorian",
        "aeolian",
    ]
    assert mode_for(0.9, 0.7) == "major"
    assert mode_for(0.2, 0.8) == "phrygian"
    assert {form.bars for form in FORMS}


def test_compose_refuses_what_is_not_a_vector_of_six():
    with pytest.raises(ValueError, match="Expected six"):
        compose([1.0], seed="x")


def test_piece_title_is_the_same_for_the_same_day_and_fits_the_mood():
    with translation.override("ko"):
        for key in KEYS:
            assert len(set(TITLES[key])) == 6
            assert piece_title(one_hot(key), seed="x") == piece_title(one_hot(key), seed="x")
            titles = {piece_title(one_hot(key), seed=str(day)) for day in range(80)}
            assert titles == set(TITLES[key])
