"""Face archives as arrays: uint8 faces and, for each, the distribution of what people saw in it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from emotion.labels import INDEX, MOODS


class DatasetError(ValueError):
    """An archive that is missing, malformed or empty; the message says which file and row."""


@dataclass(frozen=True)
class FaceSet:
    """`images` uint8 (n, height, width, 1 or 3); `targets` float32 (n, 6), rows sum to 1."""

    images: NDArray[np.uint8]
    targets: NDArray[np.float32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def take(self, count: int, *, seed: int) -> FaceSet:
        """Return `count` faces drawn without replacement, or all where there are fewer."""
        chosen = np.random.default_rng(seed).permutation(len(self))[:count]
        return FaceSet(
            self.images[chosen],
            self.targets[chosen],
            tuple(self.names[i] for i in chosen),
        )


# FER+ votes (Barsoum et al., 2016, arXiv 1608.01041) to the six moods.
FERPLUS_MOODS = {
    "happiness": "happy",
    "anger": "anger",
    "disgust": "anger",
    "sadness": "sad",
    "fear": "anxiety",
    "neutral": "neutral",
    "surprise": "panic",
}
FERPLUS_DROPPED = ("contempt", "unknown", "not_a_face")


class _Archive:
    """A folder or a zip with `labels.csv` and `images/`, read the same way."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise DatasetError(f"{path} does not exist")
        self.path = path
        self.zip = zipfile.ZipFile(path) if path.is_file() else None

    def read(self, name: str) -> bytes:
        try:
            return self.zip.read(name) if self.zip else (self.path / name).read_bytes()
        except (KeyError, OSError) as error:
            raise DatasetError(f"{self.path} has no {name}") from error

    def rows(self, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        text = self.read("labels.csv").decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text))
        missing = set(required) - set(reader.fieldnames or ())
        if missing:
            raise DatasetError(
                f"{self.path}: labels.csv has no column {', '.join(sorted(missing))}"
            )
        yield from enumerate(reader, start=2)


def load_ferplus(path: Path) -> FaceSet:
    """Load a FER+ archive: `images/*.png` (48 x 48, grey) and ten annotators' votes in labels.csv.

    Faces whose most frequent vote is contempt, unknown or not a face are left out; in the
    others those votes are dropped and the rest renormalised. Raises DatasetError.
    """
    archive = _Archive(path)
    columns = (*FERPLUS_MOODS, *FERPLUS_DROPPED)
    images, targets, names = [], [], []
    for line, row in archive.rows(("image", *columns)):
        try:
            votes = {column: float(row[column]) for column in columns}
        except (TypeError, ValueError) as error:
            raise DatasetError(
                f"{path}: labels.csv line {line} has a vote that is no number"
            ) from error
        target = np.zeros(len(MOODS), np.float32)
        for column, mood in FERPLUS_MOODS.items():
            target[INDEX[mood]] += votes[column]
        if target.max() <= max(votes[column] for column in FERPLUS_DROPPED):
            continue
        try:
            with Image.open(io.BytesIO(archive.read(f"images/{row['image']}"))) as picture:
                images.append(np.asarray(picture.convert("L")))
        except UnidentifiedImageError as error:
            raise DatasetError(f"{path}: {row['image']} is not a picture") from error
        targets.append(target / target.sum())
        names.append(row["image"])
    if not names:
        raise DatasetError(f"{path} holds no face that counts")
    return FaceSet(np.stack(images)[..., None], np.stack(targets), tuple(names))
