"""Find faces with OpenCV: its cascades, or YuNet where a person has its weights.

`benchmarks/detect.py` measures what stands here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from emotion.boxes import FaceBox
from emotion.errors import ModelUnavailable

Grey = NDArray[np.uint8]
Cascade = Literal["frontalface_alt2", "frontalface_default", "profileface"]

# Each side of the picture is widened by this part of its longer side, the edge repeated: a
# cascade wants a margin around the face, and without it 7 % of tight portraits are missed.
MARGIN = 0.2
# Two rectangles are one face when this part of the smaller lies in the larger.
SAME_FACE = 0.5
YUNET_SCORE = 0.7


@dataclass(frozen=True, slots=True)
class Pass:
    """One look at the picture, brought to `long_side` pixels and changed as said.

    `neighbours` is how many overlapping hits make a face, `smallest` the least face as a part
    of the picture's shorter side, `angle` a turn in degrees before looking.
    """

    cascade: Cascade = "frontalface_alt2"
    long_side: int = 640
    neighbours: int = 5
    smallest: float = 0.12
    equalised: bool = False
    angle: float = 0.0
    mirrored: bool = False


# The first is the ordinary case; each further one is tried only when those before it have
# found nothing, so a passer-by that only a later one sees does not compete with the owner.
# Each more look is one more chance to be wrong: it asks for more neighbours than the first,
# but for the profiles, which saw no face in 110 pictures without any.
PASSES: tuple[Pass, ...] = (
    Pass(neighbours=5),
    Pass("profileface", long_side=320, neighbours=3),
    Pass("profileface", long_side=320, neighbours=3, mirrored=True),
    Pass(long_side=320, neighbours=8),
    Pass(long_side=320, neighbours=8, equalised=True),
    Pass(neighbours=8, angle=15),
    Pass(neighbours=8, angle=-15),
    Pass(neighbours=12, angle=30),
    Pass(neighbours=12, angle=-30),
    Pass(neighbours=12, smallest=0.05),
)

_lock = threading.Lock()


def load_detectors(yunet: Path | None = None) -> None:
    """Load what `detect_faces` will need, so that the first photograph does not wait.

    Raises ModelUnavailable.
    """
    with _lock:
        if yunet is not None:
            _yunet(yunet)
            return
        for each in PASSES:
            _cascade(each.cascade)


def detect_faces(image: NDArray[np.uint8], *, yunet: Path | None = None) -> list[FaceBox]:
    """Return the faces in uint8 RGB (height, width, 3), the largest first, in its pixels.

    With the path of YuNet's weights, cv2.FaceDetectorYN looks instead of the cascades. Raises
    ModelUnavailable when those cannot be loaded.
    """
    found = _look_with_yunet(image, yunet) if yunet else _look(image)
    inside = (_clamped(box, *image.shape[:2]) for box in found)
    return merge_boxes(box for box in inside if box.width >= 1 and box.height >= 1)


def merge_boxes(boxes: Iterable[FaceBox]) -> list[FaceBox]:
    """Return one box per face, the largest first: a box mostly inside a larger one is dropped."""
    kept: list[FaceBox] = []
    for box in sorted(boxes, key=lambda box: box.width * box.height, reverse=True):
        if all(_shared(box, larger) < SAME_FACE for larger in kept):
            kept.append(box)
    return kept


def _shared(box: FaceBox, larger: FaceBox) -> float:
    width = min(box.x + box.width, larger.x + larger.width) - max(box.x, larger.x)
    height = min(box.y + box.height, larger.y + larger.height) - max(box.y, larger.y)
    return max(0.0, width) * max(0.0, height) / (box.width * box.height)


def _clamped(box: FaceBox, height: int, width: int) -> FaceBox:
    left, top = max(0.0, box.x), max(0.0, box.y)
    right = min(float(width), box.x + box.width)
    bottom = min(float(height), box.y + box.height)
    return FaceBox(left, top, right - left, bottom - top, box.source)


def _look(image: NDArray[np.uint8], passes: Sequence[Pass] = PASSES) -> list[FaceBox]:
    """Return what the first pass that finds anything has found; boxes may leave the picture."""
    greys: dict[int, Grey] = {}
    # A cascade keeps its scaled pictures between calls and must not be shared while it looks.
    with _lock:
        for each in passes:
            if each.long_side not in greys:
                greys[each.long_side] = _grey(image, each.long_side)
            found = _look_once(greys[each.long_side], each)
            if found:
                scale = max(image.shape[:2]) / each.long_side
                return [box.scaled(scale) for box in found]
    return []


def _grey(image: NDArray[np.uint8], long_side: int) -> Grey:
    import cv2

    height, width = image.shape[:2]
    scale = long_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(image, size, interpolation=method)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))


def _look_once(grey: Grey, each: Pass) -> list[FaceBox]:
    import cv2

    if each.equalised:
        grey = np.asarray(cv2.equalizeHist(grey))
    margin = round(MARGIN * max(grey.shape))
    sides = (margin,) * 4
    canvas = np.asarray(cv2.copyMakeBorder(grey, *sides, cv2.BORDER_REPLICATE))
    if each.mirrored:
        canvas = np.ascontiguousarray(canvas[:, ::-1])
    height, width = canvas.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), each.angle, 1.0)
    if each.angle:
        canvas = np.asarray(
            cv2.warpAffine(canvas, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        )
    # 20 pixels is the window the cascades were trained with.
    least = max(20, round(each.smallest * min(grey.shape)))
    hits = _cascade(each.cascade).detectMultiScale(
        canvas, scaleFactor=1.1, minNeighbors=each.neighbours, minSize=(least, least)
    )
    back = cv2.invertAffineTransform(turn)
    boxes = []
    for x, y, w, h in np.asarray(hits, float).reshape(-1, 4).tolist():
        centre_x, centre_y = (back @ (x + w / 2, y + h / 2, 1.0)).tolist()
        if each.mirrored:
            centre_x = width - centre_x
        left, top = centre_x - margin - w / 2, centre_y - margin - h / 2
        boxes.append(FaceBox(left, top, w, h, "opencv"))
    return boxes


@cache
def _cascade(name: Cascade) -> Any:
    import cv2
    import cv2.data

    classifier = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_{name}.xml")
    if classifier.empty():
        raise ModelUnavailable(f"this OpenCV has no cascade {name}; install a version below 5")
    return classifier


@cache
def _yunet(path: Path) -> Any:
    import cv2

    try:
        return cv2.FaceDetectorYN.create(str(path), "", (320, 320), YUNET_SCORE)
    except cv2.error as error:
        raise ModelUnavailable(f"YuNet's weights {path} cannot be loaded") from error


def _look_with_yunet(image: NDArray[np.uint8], path: Path) -> list[FaceBox]:
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, 640 / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    with _lock:
        detector = _yunet(path)
        detector.setInputSize(size)
        _, faces = detector.detect(small)
    return [
        FaceBox(x, y, w, h, "opencv").scaled(1 / scale)
        for x, y, w, h, *_ in (() if faces is None else faces.tolist())
    ]
