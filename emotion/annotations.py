"""AI Hub label JSON ("한국인 감정인식을 위한 복합 영상") to one FaceBox.

Pure Python: the web process reads such a file while it takes the upload.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from statistics import median
from typing import Any

from emotion.boxes import FaceBox

# A record has about 600 bytes, so this takes the label file of a class with 30,000 photographs
# as it is, and bounds what the parser makes of a hostile file.
MAX_BYTES = 20 * 1024 * 1024
ANNOTATORS = ("annot_A", "annot_B", "annot_C")
# AI Hub's largest photographs have sides below 10,000 pixels; what is beyond is a slip.
LARGEST_COORDINATE = 50_000.0
# A face less than this many pixels wide or high is a slip of the mouse.
SMALLEST_SIDE = 4.0
# How far an annotator's rectangle may start outside the picture, as drawing tools allow.
LOWEST_COORDINATE = -1_000.0
# Two boxes of three that overlap less than this are not of the same face.
SAME_FACE = 0.1


class AnnotationError(ValueError):
    """A label file that gives no box; `code` is stable, the message says what is wrong.

    Codes: annotation_too_large, annotation_unreadable, annotation_no_record,
    annotation_no_box.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_annotation(data: bytes, *, filename: str) -> FaceBox:
    """Return the face box of the photograph called `filename` from an AI Hub label file.

    `data` holds one record or an array of records, in UTF-8 (with or without a mark) or
    CP949. A single record is taken whatever its name says. The box is in pixels of the
    photograph after EXIF orientation is applied, its source is "annotation". Raises
    AnnotationError.
    """
    return record_box(_find_record(read_records(data), filename))


def record_box(record: Mapping[str, Any]) -> FaceBox:
    """Return the box that the three annotators of one record make together.

    Raises AnnotationError with the code annotation_no_box.
    """
    boxes = list(_usable_boxes(record))
    if not boxes:
        raise AnnotationError("annotation_no_box", "no annotator's box in the record is usable")
    left, top, right, bottom = _combine(boxes)
    return FaceBox(left, top, right - left, bottom - top, "annotation")


def read_records(data: bytes, *, max_bytes: int | None = MAX_BYTES) -> list[Mapping[str, Any]]:
    """Return the records of a label file as they come; `max_bytes` None trusts its size.

    Raises AnnotationError.
    """
    if max_bytes is not None and len(data) > max_bytes:
        raise AnnotationError(
            "annotation_too_large", f"the label file is larger than {max_bytes} bytes"
        )
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            content = json.loads(text)
        # Deep nesting ends in a RecursionError and a number of 5,000 digits in a ValueError.
        except (ValueError, RecursionError) as error:
            raise AnnotationError("annotation_unreadable", "the label file is not JSON") from error
        break
    else:
        raise AnnotationError("annotation_unreadable", "the label file is neither UTF-8 nor CP949")
    records = content if isinstance(content, list) else [content]
    usable: list[Mapping[str, Any]] = [record for record in records if isinstance(record, dict)]
    if records and not usable:
        raise AnnotationError("annotation_unreadable", "the label file holds no records")
    return usable


def _find_record(records: list[Mapping[str, Any]], filename: str) -> Mapping[str, Any]:
    if len(records) == 1:
        return records[0]
    wanted = name_key(filename)
    for record in records:
        name = record.get("filename")
        if isinstance(name, str) and name_key(name) == wanted:
            return record
    raise AnnotationError(
        "annotation_no_record", "no record of the label file is for this photograph"
    )


def name_key(name: str) -> str:
    """Return what two names of one photograph share.

    macOS unpacks names to NFD, browsers on Windows may send a path, and `.jpeg`, `.jpg` and
    `.JPG` stand for each other.
    """
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    stem, dot, extension = base.rpartition(".")
    known = extension.casefold() in {"jpg", "jpeg", "png", "webp", "heic", "heif"}
    return unicodedata.normalize("NFC", (stem if dot and known else base).casefold())


def _usable_boxes(
    record: Mapping[str, Any],
) -> Iterator[tuple[float, float, float, float]]:
    for annotator in ANNOTATORS:
        annotation = record.get(annotator)
        boxes = annotation.get("boxes") if isinstance(annotation, dict) else None
        if not isinstance(boxes, dict):
            continue
        corners = [_number(boxes.get(key)) for key in ("minX", "minY", "maxX", "maxY")]
        if all(LOWEST_COORDINATE <= c <= LARGEST_COORDINATE for c in corners):
            left, top, right, bottom = corners
            if right - left >= SMALLEST_SIDE and bottom - top >= SMALLEST_SIDE:
                yield left, top, right, bottom


def _number(value: object) -> float:
    """Return a JSON number, or a number in a string, as a float; NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def _combine(
    boxes: list[tuple[float, float, float, float]],
) -> tuple[float, float, float, float]:
    """Return the median of each side.

    The median of two sides that have nothing in common lies between two faces, so of two
    boxes that hardly overlap the first is kept.
    """
    if len(boxes) == 2 and _overlap(*boxes) < SAME_FACE:
        return boxes[0]
    left, top, right, bottom = (median(side) for side in zip(*boxes, strict=True))
    return left, top, right, bottom


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return width * height / (sum(areas) - width * height)
