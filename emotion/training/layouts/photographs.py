"""From photographs to face crops, in several processes."""

from __future__ import annotations

import io
import math
import multiprocessing
import shutil
import struct
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.boxes import FaceBox
from emotion.ensemble import available_cores
from emotion.errors import NoFace, PhotoUnreadable, SeveralFaces
from emotion.faces import choose_face, clamp_box, crop_frame, cut_out
from emotion.training.facesets import DatasetError, FaceFinding, FaceSet, LoadOptions
from emotion.training.layouts.archive import Member

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
SIDE = 144
# A picture whose shorter side has no more pixels than this is taken for a face already.
LARGEST_FACE_PICTURE = 100
# The detector looks at 640 pixels; a JPEG is decoded to no less than twice that.
DETECTION_PIXELS = 1280
# Photographs that one process gets at a time; below the second number no process is started.
BATCH, WORTH_PROCESSES = 16, 100
SECONDS_BETWEEN_WORDS = 10.0
# Crops beyond this are kept in a file that the system pages in and out, not in memory.
IN_MEMORY_BYTES = 1 << 30
NAMED_AT_MOST = 20
REASONS: Mapping[str, str] = {
    "photo_unreadable": "cannot be decoded",
    "no_face": "without a face",
    "several_faces": "with several faces and no clear owner",
    "box_outside": "with a box outside the picture",
}


@dataclass(frozen=True, slots=True)
class Photograph:
    """One labelled photograph.

    The face is in `box`, in pixels of the upright photograph. Without a box it is looked for
    as `finding` says; None looks for it in what is larger than LARGEST_FACE_PICTURE.
    """

    member: Member
    target: tuple[float, ...]
    person: str = ""
    box: FaceBox | None = None
    finding: FaceFinding | None = "detect"


def read_photographs(
    photographs: Sequence[Photograph], options: LoadOptions, *, path: Path, votes: bool = False
) -> FaceSet:
    """Return the faces of photographs, `options.side` (SIDE when None) pixels wide and high.

    With `options.limit`, so many are drawn and tried. A photograph that gives no face is
    counted and left out, one that cannot be decoded is named. Grey when all are grey. Raises
    DatasetError where nothing is left.
    """
    if options.limit is not None and options.limit < len(photographs):
        drawn = np.random.default_rng(options.seed).permutation(len(photographs))[: options.limit]
        photographs = [photographs[i] for i in sorted(drawn)]
    side = options.side or SIDE
    images = _room((len(photographs), side, side, 3))
    kept: list[Photograph] = []
    left_out: Counter[str] = Counter()
    broken: list[str] = []
    colour = False
    progress = _progress(len(photographs), options.say)
    for photograph, crop in zip(
        photographs, _crops(photographs, side, options.workers), strict=True
    ):
        if isinstance(crop, str):
            left_out[crop] += 1
            if crop == PhotoUnreadable.code:
                broken.append(photograph.member.name)
        else:
            colour = colour or crop.shape[2] == 3
            images[len(kept)] = crop
            kept.append(photograph)
        progress()
    _report(len(kept), left_out, broken, options.say)
    if not kept:
        raise DatasetError(f"{path}: none of {len(photographs)} photographs gives a face")
    return FaceSet(
        images[: len(kept), ..., : 3 if colour else 1],
        np.array([photograph.target for photograph in kept], np.float32),
        tuple(photograph.member.name for photograph in kept),
        people=tuple(p.person for p in kept) if any(p.person for p in kept) else (),
        votes=votes,
        skipped=left_out.total(),
    )


def square_crop(image: NDArray[np.uint8], box: FaceBox, side: int) -> NDArray[np.uint8]:
    """Return the face as training stores it: (side, side, 3) of `image` (height, width, 3).

    The square has the height of the served frame and its centre, so its middle 205/275 is what
    `emotion.faces.face_crop` cuts out. Outside the image its edge repeats.
    """
    left, top, width, height = crop_frame(box, height=image.shape[0], width=image.shape[1])
    return _shrunk(cut_out(image, left - (height - width) // 2, top, height, height), side)


def _shrunk(square: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import cv2

    method = cv2.INTER_AREA if len(square) > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (side, side), interpolation=method), np.uint8)


def crop_photograph(photograph: Photograph, side: int) -> NDArray[np.uint8]:
    """Return one face, uint8 (side, side, 3), or (side, side, 1) where it has no colour.

    Raises PhotoUnreadable, NoFace, BoxOutside and SeveralFaces.
    """
    image, scale = _upright(photograph, side)
    height, width = image.shape[:2]
    if photograph.box is not None:
        box = clamp_box(photograph.box.scaled(scale), height=height, width=width)
        crop = square_crop(image, box, side)
    elif _is_face(photograph.finding, min(height, width) / scale):
        crop = _shrunk(cut_out(image, (width - height) // 2, 0, height, height), side)
    else:
        from emotion.detectors import detect_faces

        crop = square_crop(image, choose_face(detect_faces(image)), side)
    return crop[..., :1] if (crop == crop[..., :1]).all() else crop


def _is_face(finding: FaceFinding | None, shorter_side: float) -> bool:
    return finding == "whole" or (finding is None and shorter_side <= LARGEST_FACE_PICTURE)


def _upright(photograph: Photograph, side: int) -> tuple[NDArray[np.uint8], float]:
    """Decode with EXIF orientation applied; return uint8 RGB and its scale, 1 or below.

    A JPEG of several megapixels is decoded at 1/2, 1/4 or 1/8 where that is enough.
    """
    from PIL import Image, ImageOps

    try:
        data = photograph.member.read()
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if photograph.box is not None:
                enough = side / photograph.box.height
            elif _is_face(photograph.finding, min(width, height)):
                enough = side / min(width, height)
            else:
                enough = DETECTION_PIXELS / max(width, height)
            if enough < 1:
                picture.draft(None, (math.ceil(width * enough), math.ceil(height * enough)))
            scale = max(picture.size) / max(width, height)
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB")), scale
    # What Pillow raises for no picture, a cut one, one of a monstrous size, and broken EXIF.
    except (
        DatasetError,
        OSError,
        ValueError,
        TypeError,
        SyntaxError,
        EOFError,
        struct.error,
        Image.DecompressionBombError,
    ) as error:
        raise PhotoUnreadable(f"{photograph.member.name}: {error}") from error


def _crops(
    photographs: Sequence[Photograph], side: int, workers: int | None
) -> Iterator[NDArray[np.uint8] | str]:
    """Yield, in order, crops or the codes of why there is none."""
    workers = workers or available_cores()
    starts = range(0, len(photographs), BATCH)
    if workers == 1 or len(photographs) < WORTH_PROCESSES:
        for photograph in photographs:
            yield from _crop_batch([photograph], side)
        return
    # Spawned, not forked: a fork of a process that has run OpenCV or TensorFlow may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_use_one_core) as pool:
        waiting: deque[Future[list[NDArray[np.uint8] | str]]] = deque()
        for start in starts:
            # No more than this is under way, whatever the number of photographs.
            if len(waiting) == 4 * workers:
                yield from waiting.popleft().result()
            waiting.append(pool.submit(_crop_batch, photographs[start : start + BATCH], side))
        while waiting:
            yield from waiting.popleft().result()


def _use_one_core() -> None:
    import cv2

    cv2.setNumThreads(1)


def _crop_batch(photographs: Sequence[Photograph], side: int) -> list[NDArray[np.uint8] | str]:
    crops: list[NDArray[np.uint8] | str] = []
    for photograph in photographs:
        try:
            crops.append(crop_photograph(photograph, side))
        except (PhotoUnreadable, NoFace, SeveralFaces) as error:
            crops.append(error.code)
    return crops


def _room(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    needed = math.prod(shape)
    if needed <= IN_MEMORY_BYTES:
        return np.empty(shape, np.uint8)
    folder = tempfile.gettempdir()
    if shutil.disk_usage(folder).free < needed:
        raise DatasetError(f"{folder} has less than the {needed} bytes that the faces need")
    return np.memmap(tempfile.TemporaryFile(), np.uint8, "w+", shape=shape)


def _progress(total: int, say: Callable[[str], None]) -> Callable[[], None]:
    start = last = time.monotonic()
    done = 0

    def step() -> None:
        nonlocal done, last
        done += 1
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_WORDS:
            last = now
            say(f"{done} of {total} photographs, {done / (now - start):.0f} a second")

    return step


def _report(
    kept: int, left_out: Mapping[str, int], broken: Sequence[str], say: Callable[[str], None]
) -> None:
    words = [f"{count} {REASONS[code]}" for code, count in left_out.items()]
    say(f"{kept} faces; left out: {', '.join(words) or 'none'}")
    if broken:
        more = len(broken) - NAMED_AT_MOST
        said = ", ".join(broken[:NAMED_AT_MOST])
        say(f"cannot be decoded: {said}" + (f" and {more} more" if more > 0 else ""))
