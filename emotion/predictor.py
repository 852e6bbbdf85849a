"""The one door: a photograph in, six probabilities out."""

from __future__ import annotations

import io
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from emotion import ensemble
from emotion.boxes import FaceBox
from emotion.errors import (
    BoxOutside,
    ModelUnavailable,
    NoFace,
    PhotoUnreadable,
    ReadingError,
    SeveralFaces,
)
from emotion.labels import dominant as dominant_mood
from emotion.precision import FAST

logger = logging.getLogger(__name__)

__all__ = [
    "BoxOutside",
    "FaceReading",
    "ModelUnavailable",
    "NoFace",
    "PhotoUnreadable",
    "PredictorOptions",
    "ReadingError",
    "SeveralFaces",
    "read_face",
    "warm",
]


@dataclass(frozen=True, slots=True)
class PredictorOptions:
    """Where the weights and the cache are; `threads` 0 means all cores this process may use.

    `yunet` is the path of FaceDetectorYN's weights, used instead of the cascades when set.
    `precision` is one of `emotion.precision.SETTINGS`.
    """

    model_dir: Path
    cache_dir: Path
    threads: int = 0
    yunet: Path | None = None
    precision: str = FAST


@dataclass(frozen=True, slots=True)
class FaceReading:
    """What the ensemble reads in one face.

    `probabilities` are six, in the order of `labels.MOODS`, and sum to 1; `box` is the face as
    found, in pixels of the photograph; `milliseconds` has decode, detect, crop and infer.
    """

    probabilities: tuple[float, ...]
    box: FaceBox
    model_version: str
    milliseconds: Mapping[str, float]

    @property
    def dominant(self) -> str:
        """The key of the mood with the highest probability."""
        return dominant_mood(self.probabilities).key


_runtimes: dict[PredictorOptions, ensemble.Runtime] = {}
_lock = threading.Lock()


def warm(
    options: PredictorOptions, *, say: Callable[[str], None] = lambda _: None
) -> ensemble.Runtime:
    """Prepare and load the ensemble, once per process; later calls return at once.

    A worker calls it after its fork, before it takes work. Raises ModelUnavailable.
    """
    with _lock:
        if options not in _runtimes:
            _runtimes[options] = _load(options, say)
        return _runtimes[options]


def _load(options: PredictorOptions, say: Callable[[str], None]) -> ensemble.Runtime:
    from emotion.detectors import load_detectors

    choice = ensemble.choose(options.model_dir, options.precision)
    logger.info("faces are read in %s", choice)
    load_detectors(options.yunet)

    def prepare() -> Path:
        return ensemble.prepare(
            options.model_dir, options.cache_dir, precision=choice.precision, say=say
        )

    def load(prepared: Path) -> ensemble.Runtime:
        return ensemble.load_runtime(
            options.model_dir, prepared, precision=choice.precision, threads=options.threads
        )

    prepared = prepare()
    try:
        return load(prepared)
    except ModelUnavailable:
        # The weights are sound, so it is the cached graph that is not: make it anew, once.
        shutil.rmtree(prepared, ignore_errors=True)
        return load(prepare())


def read_face(
    photo: bytes, *, options: PredictorOptions, box: FaceBox | None = None
) -> FaceReading:
    """Read the mood of the face in an upright JPEG, PNG or WebP.

    With `box`, in pixels of this photograph, no detector is asked. Raises PhotoUnreadable,
    NoFace, SeveralFaces, BoxOutside and ModelUnavailable.
    """
    from emotion.detectors import detect_faces
    from emotion.faces import choose_face, clamp_box, face_crop

    runtime = warm(options)
    milliseconds: dict[str, float] = {}
    with _timed(milliseconds, "decode"):
        image = _decode(photo)
    height, width = image.shape[:2]
    with _timed(milliseconds, "detect"):
        found = box or choose_face(detect_faces(image, yunet=options.yunet))
        found = clamp_box(found, height=height, width=width)
    with _timed(milliseconds, "crop"):
        crop = face_crop(image, found)
    with _timed(milliseconds, "infer"):
        probabilities = runtime.probabilities(crop)
    return FaceReading(
        tuple(map(float, probabilities)),
        found,
        runtime.manifest.version,
        milliseconds,
    )


@contextmanager
def _timed(milliseconds: dict[str, float], step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    milliseconds[step] = round((time.perf_counter() - start) * 1000, 2)


def _decode(photo: bytes) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as picture:
            # Converting what is RGB already would copy it, for a fifth of the decoder's time.
            return np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    # Pillow's decoders raise these for what is no picture, is cut off, or claims a huge size.
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
    ) as error:
        raise PhotoUnreadable(f"the photograph cannot be decoded: {error}") from error
