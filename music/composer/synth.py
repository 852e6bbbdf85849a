"""Instruments made of sums of sines and of noise: each call returns one note, mono, as float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
Samples = NDArray[np.float32]

# A partial above this would fold back as a wrong pitch, or is too high to be missed.
HIGHEST_HZ = 12_000.0


def tone(voice: str, pitch: int, seconds: float, *, brightness: float, drive: float) -> Samples:
    """Return one note at about full scale; `seconds` is how long it is held, its ring not counted.

    Raises KeyError for a voice that does not exist.
    """
    return {
        "pluck": _pluck,
        "bell": _bell,
        "pad": _pad,
        "reed": _reed,
        "bass": _bass,
        "kick": _kick,
        "snare": _snare,
        "shaker": _shaker,
    }[voice](pitch, seconds, brightness, drive)


def _hertz(pitch: int) -> float:
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(max(1, int(seconds * RATE))) / RATE


def _partials(hertz: float, most: int) -> int:
    return max(1, min(most, int(HIGHEST_HZ / hertz)))


def _harmonics(
    phase: NDArray[np.float64], weights: list[float], fade: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the weighted sum of sin(k * phase); with `fade`, partial k dies as fade ** k.

    Each sine comes from the two before it, which is several times faster than calling sin again.
    """
    twice = 2 * np.cos(phase)
    before, now = np.zeros_like(phase), np.sin(phase)
    level = fade.copy() if fade is not None else None
    total = np.zeros_like(phase)
    for weight in weights:
        total += weight * now * level if level is not None else weight * now
        before, now = now, twice * now - before
        if level is not None and fade is not None:
            level *= fade
    return total


def _swell(length: int, attack: float, release: float) -> NDArray[np.float64]:
    """Return an envelope that rises and falls as a cosine does, so that nothing clicks."""
    shape = np.ones(length)
    rise, fall = min(length // 2, int(attack * RATE)), min(length // 2, int(release * RATE))
    if rise:
        shape[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    if fall:
        shape[-fall:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(fall) / fall)
    return shape


def _finished(samples: NDArray[np.float64]) -> Samples:
    return (samples / max(1e-9, float(np.abs(samples).max()))).astype(np.float32)


def _pluck(pitch: int, seconds: float, brightness: float, _drive: float) -> Samples:
    """A struck string, near a felt piano: high partials die first, low notes ring longer."""
    hertz = _hertz(pitch)
    t = _time(seconds + 0.9)
    weights = [k ** -(2.4 - 1.4 * brightness) for k in range(1, _partials(hertz, 14) + 1)]
    fade = np.exp(-t * (0.55 + 0.5 * brightness) * (pitch / 60) ** 2)
    body = _harmonics(2 * np.pi * hertz * t, weights, fade) * np.exp(-t * 1.1)
    return _finished(body * _swell(len(t), 0.004, 0.5))


def _bell(pitch: int, seconds: float, brightness: float, _drive: float) -> Samples:
    """A soft bell: few partials, slightly out of tune with each other, long decay."""
    hertz = _hertz(pitch)
    t = _time(seconds + 1.3)
    body = np.zeros_like(t)
    for ratio, weight, decay in (
        (1.0, 1.0, 1.6),
        (2.003, 0.42 * brightness, 2.4),
        (3.01, 0.2 * brightness, 4.0),
        (4.98, 0.12 * brightness, 7.0),
    ):
        if hertz * ratio < HIGHEST_HZ:
            body += weight * np.sin(2 * np.pi * hertz * ratio * t) * np.exp(-t * decay)
    return _finished(body * _swell(len(t), 0.006, 0.6))


def _pad(pitch: int, seconds: float, brightness: float, _drive: float) -> Samples:
    """Held strings: two voices a little apart, which beat slowly against each other."""
    hertz = _hertz(pitch)
    t = _time(seconds + 0.7)
    weights = [k ** -(2.6 - 1.0 * brightness) for k in range(1, _partials(hertz, 9) + 1)]
    body = sum(
        _harmonics(2 * np.pi * hertz * apart * t + turn, weights)
        for apart, turn in ((0.9985, 0.0), (1.0015, 1.3))
    )
    return _finished(body * _swell(len(t), min(0.5, seconds / 2), 0.8))


def _reed(pitch: int, seconds: float, brightness: float, drive: float) -> Samples:
    """A sung or blown line, with vibrato once the note stands; `drive` roughens it."""
    hertz = _hertz(pitch)
    t = _time(seconds + 0.18)
    depth = 0.0035 * np.clip((t - 0.2) / 0.3, 0, 1)
    phase = 2 * np.pi * hertz * t + depth * hertz / 5.3 * (1 - np.cos(2 * np.pi * 5.3 * t))
    falloff = 1.9 - 0.5 * brightness - 0.35 * drive
    weights = [k**-falloff for k in range(1, _partials(hertz, 16) + 1)]
    body = np.tanh((0.6 + 1.8 * drive) * _harmonics(phase, weights))
    return _finished(body * _swell(len(t), 0.03, 0.16) * np.exp(-t * 0.35))


def _bass(pitch: int, seconds: float, brightness: float, drive: float) -> Samples:
    """A round bass, with enough upper partials to be heard on a telephone."""
    hertz = _hertz(pitch)
    t = _time(seconds + 0.12)
    body = _harmonics(2 * np.pi * hertz * t, [1.0, 0.5, 0.22 + 0.2 * brightness, 0.12, 0.06])
    body = np.tanh((0.8 + 2.2 * drive) * body) * np.exp(-t * 0.9)
    return _finished(body * _swell(len(t), 0.008, 0.1))


def _kick(_pitch: int, _seconds: float, _brightness: float, drive: float) -> Samples:
    t = _time(0.3)
    phase = 2 * np.pi * (48 * t + 3.2 * (1 - np.exp(-t * 34)))
    return _finished(
        np.tanh((1 + drive) * np.sin(phase)) * np.exp(-t * 13) * _swell(len(t), 0.002, 0.05)
    )


def _snare(_pitch: int, _seconds: float, brightness: float, _drive: float) -> Samples:
    t = _time(0.22)
    body = _noise(len(t), 700, 3500 + 4500 * brightness) * np.exp(-t * 22)
    body += 0.35 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 30)
    return _finished(body * _swell(len(t), 0.002, 0.05))


def _shaker(_pitch: int, _seconds: float, brightness: float, _drive: float) -> Samples:
    t = _time(0.09)
    body = _noise(len(t), 3500, 6500 + 4000 * brightness) * np.exp(-t * 45)
    return _finished(body * _swell(len(t), 0.012, 0.03))


def _noise(length: int, low: float, high: float) -> NDArray[np.float64]:
    """Return noise between two frequencies, the same at every call."""
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    return np.fft.irfft(spectrum, length)
