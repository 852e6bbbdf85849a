"""The day's own piece: six probabilities and a seed in, an original instrumental out.

`plan` decides tempo, mode and form, `score` writes the notes, `synth` makes the instruments and
`render` mixes them and writes the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from music.composer.titles import piece_title

__all__ = ["VERSION", "Piece", "compose", "piece_title"]

# Goes up with every change that is heard, so that a stored piece tells which composer made it.
VERSION = "1"


@dataclass(frozen=True)
class Piece:
    """A finished piece: an MP3 file, its length in seconds, beats per minute, and its mode."""

    audio: bytes
    seconds: float
    tempo: int
    mode: str
    version: str


def compose(probabilities: Sequence[float], *, seed: str) -> Piece:
    """Compose a piece of about a minute; the same vector and seed give the same bytes.

    Takes about two seconds of one core. Raises ValueError like `music.plane.target`.
    """
    import numpy as np

    from music.composer.plan import plan
    from music.composer.render import mp3, render
    from music.composer.score import score
    from music.composer.synth import RATE

    # Four digits: a vector that went through a database or JSON still gives the same piece.
    numbers = [round(float(p), 4) for p in probabilities]
    digest = hashlib.sha256(f"{VERSION} {seed} {numbers}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    design = plan(numbers, rng)
    samples = render(design, score(design, rng), rng)
    return Piece(
        audio=mp3(samples),
        seconds=len(samples) / RATE,
        tempo=design.tempo,
        mode=design.mode,
        version=VERSION,
    )
