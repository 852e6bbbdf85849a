"""From boxes to the crop that the networks see: choose, bring to 205:275, cut out, resize."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion.boxes import BoxSource, FaceBox
from emotion.errors import BoxOutside, NoFace, SeveralFaces
from emotion.networks import INPUT_SIZE

# A face with twice the next one's area is held about 1.4 times as near to the camera: the
# owner at arm's length before a bystander, but not two friends cheek to cheek.
CLEARLY_LARGER = 2.0


@dataclass(frozen=True, slots=True)
class CropRule:
    """How a box of one source becomes the frame of the crop.

    `scale` multiplies the frame's height, `down` moves it by that part of its height.
    `cut_width` says that the height alone counts: a cascade's square has background or hair
    at its sides, and the training faces, squares like it, lose theirs too. Otherwise the
    frame covers the whole box.
    """

    scale: float
    down: float
    cut_width: bool


CROP_RULES: Mapping[BoxSource, CropRule] = {
    # FER's faces are OpenCV's squares; training keeps their height and the middle 205/275.
    "opencv": CropRule(scale=1.0, down=0.0, cut_width=True),
    # Forehead to chin, median width/height 0.73: nearly the frame itself.
    "annotation": CropRule(scale=1.0, down=0.0, cut_width=False),
    "person": CropRule(scale=1.0, down=0.0, cut_width=False),
}


def choose_face(boxes: Sequence[FaceBox]) -> FaceBox:
    """Return the owner's face: the only one, or one `CLEARLY_LARGER` than the next.

    Raises NoFace and SeveralFaces.
    """
    if not boxes:
        raise NoFace("no face in the photograph")
    ordered = sorted(boxes, key=lambda box: box.width * box.height, reverse=True)
    if len(ordered) > 1:
        first, second = (box.width * box.height for box in ordered[:2])
        if first < CLEARLY_LARGER * second:
            raise SeveralFaces(ordered)
    return ordered[0]


def clamp_box(box: FaceBox, *, height: int, width: int) -> FaceBox:
    """Return the part of `box` that lies in a picture of `height` x `width` pixels.

    Raises BoxOutside when that is nothing, or less than one pixel.
    """
    sides = (box.x, box.y, box.width, box.height)
    if not all(math.isfinite(side) for side in sides):
        raise BoxOutside("the face box has a side that is no number")
    left, top = max(0.0, box.x), max(0.0, box.y)
    right = min(float(width), box.x + box.width)
    bottom = min(float(height), box.y + box.height)
    if right - left < 1 or bottom - top < 1:
        raise BoxOutside("the face box does not lie in the photograph")
    return FaceBox(left, top, right - left, bottom - top, box.source)


def crop_frame(box: FaceBox, *, height: int, width: int) -> tuple[int, int, int, int]:
    """Return (left, top, width, height) in whole pixels of the 205:275 frame around `box`.

    The frame is moved into the picture where it leaves it. It is made smaller only if it is
    larger than the picture and the box itself still fits; where it cannot be, it sticks out
    and the crop repeats the edge. One place, so that the geometry can be tuned.
    """
    rule = CROP_RULES[box.source]
    aspect = INPUT_SIZE[1] / INPUT_SIZE[0]
    # A square that was cut at an edge of the picture still shows its side in the other one.
    needed = max(box.height, box.width if rule.cut_width else box.width / aspect)
    tall = needed * rule.scale
    if tall > height or tall * aspect > width:
        tall = max(needed, min(height, width / aspect))
    frame_height = max(1, round(tall))
    frame_width = max(1, round(tall * aspect))
    left = round(box.x + box.width / 2 - frame_width / 2)
    top = round(box.y + box.height / 2 + rule.down * tall - frame_height / 2)
    return (
        _moved_inside(left, frame_width, width),
        _moved_inside(top, frame_height, height),
        frame_width,
        frame_height,
    )


def _moved_inside(start: int, length: int, available: int) -> int:
    if length > available:
        return (available - length) // 2
    return min(max(start, 0), available - length)


def face_crop(image: NDArray[np.uint8], box: FaceBox) -> NDArray[np.uint8]:
    """Return the face in `box` as the networks see it: uint8 RGB (275, 205, 3), never stretched.

    `image` is uint8 RGB (height, width, 3).
    """
    import cv2

    height, width = image.shape[:2]
    frame = crop_frame(box, height=height, width=width)
    shrinks = frame[3] > INPUT_SIZE[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(
        cv2.resize(cut_out(image, *frame), INPUT_SIZE[::-1], interpolation=method), dtype=np.uint8
    )


def cut_out(
    image: NDArray[np.uint8], left: int, top: int, width: int, height: int
) -> NDArray[np.uint8]:
    """Return the pixels of a frame as (height, width, 3); outside the image its edge repeats."""
    import cv2

    right, bottom = left + width, top + height
    tall, wide = image.shape[:2]
    cut = image[max(top, 0) : min(bottom, tall), max(left, 0) : min(right, wide)]
    outside = (max(-top, 0), max(bottom - tall, 0), max(-left, 0), max(right - wide, 0))
    if any(outside):
        cut = np.asarray(cv2.copyMakeBorder(cut, *outside, cv2.BORDER_REPLICATE), np.uint8)
    return np.ascontiguousarray(cut)
