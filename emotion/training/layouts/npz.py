"""Faces that were collected once: one .npz, or a folder of pieces below a number of bytes."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions, join

PIECE = "piece-{number:04}-of-{count:04}.npz"
# What headers take, and what deflate adds to bytes that it cannot compress.
OVERHEAD_BYTES, OVERHEAD_SHARE = 8192, 1.001


def save_npz(faces: FaceSet, path: Path, *, piece_bytes: int | None = None) -> list[Path]:
    """Write `faces` without pickle and return the files.

    `path` is one compressed file; with `piece_bytes` it is a folder of pieces, each smaller than
    that, in which older pieces are replaced. A file appears when it is complete. Raises
    DatasetError where not even one face fits into a piece.
    """
    if piece_bytes is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        return [_write(faces, path)]
    names, people = np.array(faces.names), np.array(faces.people)
    each = faces.images[0].nbytes + faces.targets[0].nbytes + names.itemsize + people.itemsize
    # The length of the longest name is what every name takes, so no piece is larger than this.
    rows = int((piece_bytes / OVERHEAD_SHARE - OVERHEAD_BYTES) // each)
    if rows < 1:
        raise DatasetError(f"a piece of {piece_bytes} bytes has no room for a face of {each} bytes")
    path.mkdir(parents=True, exist_ok=True)
    for old in path.glob("piece-*.npz"):
        old.unlink()
    starts = range(0, len(faces), rows)
    written = []
    for number, start in enumerate(starts, start=1):
        piece = faces.select(range(start, min(start + rows, len(faces))))
        # The first says for all how many photographs gave no face.
        piece = replace(piece, skipped=faces.skipped if number == 1 else 0)
        written.append(_write(piece, path / PIECE.format(number=number, count=len(starts))))
    return written


def _write(faces: FaceSet, path: Path) -> Path:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(
            file,
            images=faces.images,
            targets=faces.targets,
            names=np.array(faces.names),
            classes=np.array(faces.classes),
            people=np.array(faces.people, dtype=str),
            votes=np.array(faces.votes),
            skipped=np.array(faces.skipped),
        )
    part.replace(path)
    return path


def load_npz(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load what `save_npz` wrote: a file, or a folder of all its pieces. Raises DatasetError."""
    if not path.exists():
        raise DatasetError(f"{path} does not exist")
    if path.is_file():
        return _read(path)
    pieces = sorted(path.glob("piece-*.npz"))
    if not pieces:
        raise DatasetError(f"{path} holds no piece-*.npz")
    expected = int(pieces[0].stem.rpartition("-")[2])
    names = {piece.name for piece in pieces}
    for number in range(1, expected + 1):
        name = PIECE.format(number=number, count=expected)
        if name not in names:
            raise DatasetError(f"{path} has no {name}")
    return join([_read(piece) for piece in pieces])


def _read(path: Path) -> FaceSet:
    try:
        with np.load(path, allow_pickle=False) as stored:
            faces = FaceSet(
                stored["images"],
                stored["targets"],
                tuple(stored["names"].tolist()),
                tuple(stored["classes"].tolist()),
                tuple(stored["people"].tolist()),
                bool(stored["votes"]),
                int(stored["skipped"]),
            )
    # ValueError: an array of objects, or a file that is no npz.
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError(f"{path} is not a file of collected faces: {error}") from error
    n = len(faces)
    square = faces.images.shape[1:2] * 2
    shapes = [(n, *square, channels) for channels in (1, 3)]
    if faces.images.dtype != np.uint8 or faces.images.shape not in shapes:
        raise DatasetError(f"{path}: images are {faces.images.dtype} {faces.images.shape}")
    if faces.targets.shape != (n, len(faces.classes)) or len(faces.people) not in (0, n):
        raise DatasetError(f"{path}: {n} names, but targets or people of another number")
    if not np.allclose(faces.targets.sum(axis=1), 1, atol=1e-4):
        raise DatasetError(f"{path}: a row of targets does not sum to 1")
    return faces
