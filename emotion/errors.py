"""Why a photograph got no reading; `code` is stable, the message is for a log or a shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from emotion.boxes import FaceBox


class ReadingError(Exception):
    """A photograph that cannot be read, or a machine that cannot read it."""

    code: ClassVar[str] = "failed"


class PhotoUnreadable(ReadingError):
    """The bytes are no picture that can be decoded."""

    code = "photo_unreadable"


class NoFace(ReadingError):
    """No face was found in the picture."""

    code = "no_face"


class BoxOutside(NoFace):
    """The box that came with the photograph has no pixel in it: what is in the box is no face."""

    code = "box_outside"


class SeveralFaces(ReadingError):
    """Several faces were found and none is clearly the owner's; `boxes` holds them by area."""

    code = "several_faces"

    def __init__(self, boxes: Sequence[FaceBox]) -> None:
        super().__init__(f"{len(boxes)} faces and none is clearly the largest")
        self.boxes = tuple(boxes)


class ModelUnavailable(ReadingError):
    """The weights are missing or damaged, or cannot be loaded; the message says which and why."""

    code = "model_unavailable"
