"""FER+: FER2013's faces with ten annotators' votes (Barsoum et al., 2016, arXiv 1608.01041)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.labels import INDEX, MOODS
from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions
from emotion.training.layouts.archive import Archive
from emotion.training.layouts.names import MOODS_CALLED

FERPLUS_MOODS = {
    word: MOODS_CALLED[word]
    for word in ("happiness", "anger", "disgust", "sadness", "fear", "neutral", "surprise")
}
FERPLUS_DROPPED = ("contempt", "unknown", "not_a_face")


def load_ferplus(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load a FER+ archive: `images/*.png` (48 x 48, grey) and ten annotators' votes in labels.csv.

    Faces whose most frequent vote is contempt, unknown or not a face are left out; in the
    others those votes are dropped and the rest renormalised. Raises DatasetError.
    """
    archive = Archive(path)
    root = archive.folder_of("labels.csv")
    columns = (*FERPLUS_MOODS, *FERPLUS_DROPPED)
    targets, names = [], []
    for line, row in archive.rows(f"{root}labels.csv", ("image", *columns)):
        try:
            votes = {column: float(row[column]) for column in columns}
        except ValueError as error:
            raise DatasetError(
                f"{path}: labels.csv line {line} has a vote that is no number"
            ) from error
        if not all(0 <= count < np.inf for count in votes.values()):
            raise DatasetError(f"{path}: labels.csv line {line} has a vote that is no count")
        target = np.zeros(len(MOODS), np.float32)
        for column, mood in FERPLUS_MOODS.items():
            target[INDEX[mood]] += votes[column]
        if target.max() > max(votes[column] for column in FERPLUS_DROPPED):
            targets.append(target / target.sum())
            names.append(row["image"])
    if not names:
        raise DatasetError(f"{path} holds no face that counts")
    images = read_faces(archive, [f"{root}images/{name}" for name in names])
    return FaceSet(images, np.stack(targets), tuple(names), votes=True)


def read_faces(archive: Archive, names: Sequence[str]) -> NDArray[np.uint8]:
    """Return the pictures called `names`, squares of one size, as uint8 grey (n, side, side, 1).

    Raises DatasetError.
    """
    from PIL import Image

    faces = []
    for name in names:
        try:
            with Image.open(io.BytesIO(archive.member(name).read())) as picture:
                faces.append(np.asarray(picture.convert("L")))
        # What Pillow raises for no picture, a cut one, and one of a monstrous size.
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise DatasetError(f"{archive.path}: {name} is not a picture") from error
        side = len(faces[0])
        if faces[-1].shape != (side, side):
            height, width = faces[-1].shape
            raise DatasetError(
                f"{archive.path}: {name} is {width} x {height} pixels and not {side} x {side}"
            )
    return np.stack(faces)[..., None]
