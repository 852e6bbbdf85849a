"""Notes become sound: placed in time and between two speakers, given a room, written as MP3."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from music.composer.plan import Plan
from music.composer.score import Note
from music.composer.synth import RATE, Samples, tone


@dataclass(frozen=True)
class Seat:
    """Where an instrument sits: gain, place from left -1 to right 1, and its share of the room."""

    gain: float
    place: float
    room: float


SEATS: dict[str, Seat] = {
    "pluck": Seat(0.34, -0.22, 0.5),
    "bell": Seat(0.36, 0.18, 0.7),
    "reed": Seat(0.34, 0.08, 0.55),
    "pad": Seat(0.16, 0.0, 0.6),
    "bass": Seat(0.27, 0.0, 0.08),
    "kick": Seat(0.33, 0.0, 0.05),
    "snare": Seat(0.20, 0.05, 0.3),
    "shaker": Seat(0.10, 0.3, 0.2),
}
TAIL_S = 3.0
FADE_IN_S = 0.05
FADE_OUT_S = 2.4
# MP3 overshoots what it was given by up to a decibel; this leaves it room below -1 dBFS.
CEILING = 0.76
KNEE = 0.55
BLOCK = RATE
# Half-way between libsndfile's best and worst comes to 160 kbit/s.
COMPRESSION = 0.5


def render(plan: Plan, notes: list[Note], rng: np.random.Generator) -> Samples:
    """Return the piece as (samples, 2) float32 at `RATE`."""
    total = plan.form.bars * plan.beats
    length = int((_seconds(plan, total) + TAIL_S) * RATE)
    dry = np.zeros((2, length), dtype=np.float32)
    room = np.zeros(length, dtype=np.float32)
    played: dict[tuple[str, int, float], Samples] = {}
    for note in notes:
        start = _seconds(plan, note.start)
        # Lengths in steps of a tenth let equal notes be made once.
        held = round(_seconds(plan, note.start + note.length) - start, 1)
        key = (note.voice, note.pitch, held)
        if key not in played:
            played[key] = tone(
                note.voice, note.pitch, held, brightness=plan.brightness, drive=plan.drive
            )
        _place(dry, room, played[key], note, int(start * RATE))
    wet = _echo(room, seconds=1.3 + 1.5 * plan.calm, rng=rng)
    mixed = dry + (0.16 + 0.16 * plan.calm) * wet[:, :length]
    return _mastered(mixed, plan.loudness_db).T


def mp3(samples: Samples) -> bytes:
    """Return (samples, 2) as an MP3 file of constant bit rate, which a player can seek in."""
    import soundfile

    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        samplerate=RATE,
        channels=2,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=COMPRESSION,
    ) as sound:
        for start in range(0, len(samples), BLOCK):
            sound.write(samples[start : start + BLOCK])
    return file.getvalue()


def _seconds(plan: Plan, beat: float) -> float:
    """Return when a beat falls: in tempo up to the last two bars, which slow down."""
    beat_s = 60 / plan.tempo
    total = plan.form.bars * plan.beats
    slow = 2 * plan.beats
    into = max(0.0, beat - (total - slow)) / slow
    return beat_s * (beat + 0.13 * slow * into**2)


def _place(dry: Samples, room: Samples, sound: Samples, note: Note, start: int) -> None:
    seat = SEATS[note.voice]
    end = min(dry.shape[1], start + len(sound))
    if start >= end:
        return
    part = sound[: end - start] * np.float32(seat.gain * note.velocity)
    # Low strings to the left and high ones to the right, as a pianist hears them.
    spread = (note.pitch - 64) / 60 if note.voice in ("pluck", "pad") else 0.0
    angle = (float(np.clip(seat.place + spread, -0.8, 0.8)) + 1) * np.pi / 4
    dry[0, start:end] += part * np.float32(np.cos(angle))
    dry[1, start:end] += part * np.float32(np.sin(angle))
    room[start:end] += part * np.float32(seat.room)


def _echo(room: Samples, *, seconds: float, rng: np.random.Generator) -> Samples:
    """Return the room's answer on two sides: noise that dies away, folded with the sound."""
    length = int(seconds * RATE)
    t = np.arange(length) / RATE
    answer = rng.standard_normal((2, length)) * np.exp(-6.9 * t / seconds)
    answer[:, : int(0.012 * RATE)] = 0  # the walls are four metres away
    size = _quick_size(len(room) + length)
    hertz = np.fft.rfftfreq(size, 1 / RATE).astype(np.float32)
    # Air and curtains swallow the highs, and lows in a room only make it boom.
    colour = (hertz / (hertz + 180)) / (1 + (hertz / 3800) ** 2)
    source = np.fft.rfft(room, size) * colour
    sides = [
        np.fft.irfft(
            source * np.fft.rfft((side / np.sqrt((side**2).sum())).astype(np.float32), size), size
        )
        for side in answer
    ]
    return np.asarray(sides, dtype=np.float32)


def _quick_size(least: int) -> int:
    """Return the next length that the Fourier transform is quick at."""
    return min(
        factor * 2 ** max(0, int(np.ceil(np.log2(least / factor)))) for factor in (1, 3, 5, 9, 15)
    )


def _mastered(mixed: Samples, loudness_db: float) -> Samples:
    """Return the mix at its loudness, with rounded peaks and soft edges."""
    mixed = mixed - mixed.mean(axis=1, keepdims=True)
    rms = float(np.sqrt((mixed**2).mean()))
    mixed = mixed * np.float32(10 ** (loudness_db / 20) / max(rms, 1e-9))
    size = np.abs(mixed)
    rounded = KNEE + (CEILING - KNEE) * np.tanh((size - KNEE) / (CEILING - KNEE))
    mixed = np.where(size > KNEE, np.sign(mixed) * rounded, mixed).astype(np.float32)
    edge, close = int(FADE_IN_S * RATE), int(FADE_OUT_S * RATE)
    mixed[:, :edge] *= np.linspace(0, 1, edge, dtype=np.float32)
    mixed[:, -close:] *= (np.linspace(1, 0, close, dtype=np.float32)) ** 2
    return mixed
