"""Where a face is: one rectangle and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

BoxSource = Literal["annotation", "opencv", "person"]
BOX_SOURCES: tuple[BoxSource, ...] = get_args(BoxSource)


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A face as found, in pixels of the upright photograph; (x, y) is the top left corner."""

    x: float
    y: float
    width: float
    height: float
    source: BoxSource

    def scaled(self, factor: float) -> FaceBox:
        """Return the same face in a picture `factor` times as large."""
        return FaceBox(
            self.x * factor,
            self.y * factor,
            self.width * factor,
            self.height * factor,
            self.source,
        )
