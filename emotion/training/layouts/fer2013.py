"""FER2013 (Goodfellow et al., 2013, arXiv 1307.0414): its csv, or its labels beside FER+ votes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.labels import KEYS
from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions
from emotion.training.layouts.archive import Archive, csv_rows
from emotion.training.layouts.ferplus import read_faces
from emotion.training.layouts.names import MOODS_CALLED

# In the order of the csv's numbers, 0 to 6.
FER2013_CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SPLITS = ("Training", "PublicTest", "PrivateTest")
SIDE = 48


def load_fer2013(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load FER2013 with one label for each face: a csv, or a folder or zip that holds one.

    The csv has the columns emotion (0 to 6), pixels (2,304 numbers, 0 to 255) and Usage, which
    `options.split` picks. An archive of FER+ is taken too, for its column fer2013_label; every
    row counts then, and there are no splits. Raises DatasetError.
    """
    if options.split is not None and options.split not in SPLITS:
        raise DatasetError(f"FER2013 has the splits {', '.join(SPLITS)}, not {options.split}")
    if path.suffix.casefold() == ".csv":
        if not path.is_file():
            raise DatasetError(f"{path} does not exist")
        return _read_csv(path.read_bytes(), options, called=str(path))
    archive = Archive(path)
    tables = [m for m in archive.members if m.name.casefold().endswith("fer2013.csv")]
    if tables:
        return _read_csv(tables[0].read(), options, called=f"{path}: {tables[0].name}")
    return _read_labels(archive, options)


def _read_csv(data: bytes, options: LoadOptions, *, called: str) -> FaceSet:
    required = ("emotion", "pixels", *(("Usage",) if options.split else ()))
    faces, labels, names = [], [], []
    for number, (line, row) in enumerate(csv_rows(data, required, called=called)):
        if options.split and row["Usage"].strip() != options.split:
            continue
        faces.append(_pixels(row["pixels"], f"{called} line {line}"))
        labels.append(_label(row["emotion"], f"{called} line {line}"))
        # What FER+ calls the same face.
        names.append(f"fer{number:07}.png")
    if not names:
        raise DatasetError(f"{called} has no face" + f" of {options.split}" * bool(options.split))
    return _labelled(np.stack(faces)[..., None], labels, names, options)


def _pixels(text: str, where: str) -> NDArray[np.uint8]:
    try:
        values = bytes(map(int, text.split()))
    except ValueError as error:
        raise DatasetError(f"{where} has a pixel that is no number from 0 to 255") from error
    if len(values) != SIDE * SIDE:
        raise DatasetError(f"{where} has {len(values)} pixels and not {SIDE * SIDE}")
    return np.frombuffer(values, np.uint8).reshape(SIDE, SIDE)


def _label(text: str, where: str) -> str:
    numbers = {str(number): name for number, name in enumerate(FER2013_CLASSES)}
    try:
        return numbers[text.strip()]
    except KeyError as error:
        raise DatasetError(f"{where} has the emotion {text}, which is not 0 to 6") from error


def _read_labels(archive: Archive, options: LoadOptions) -> FaceSet:
    if options.split is not None:
        raise DatasetError(f"{archive.path}: only the csv has splits, so no {options.split}")
    root = archive.folder_of("labels.csv")
    labels, names = [], []
    for line, row in archive.rows(f"{root}labels.csv", ("image", "fer2013_label")):
        if row["fer2013_label"] not in FER2013_CLASSES:
            raise DatasetError(
                f"{archive.path}: labels.csv line {line} has the label {row['fer2013_label']}"
            )
        labels.append(row["fer2013_label"])
        names.append(row["image"])
    if not names:
        raise DatasetError(f"{archive.path} has no face")
    faces = read_faces(archive, [f"{root}images/{name}" for name in names])
    return _labelled(faces, labels, names, options)


def _labelled(
    faces: NDArray[np.uint8], labels: list[str], names: list[str], options: LoadOptions
) -> FaceSet:
    classes = FER2013_CLASSES if options.classes == "fer2013" else KEYS
    if options.classes == "moods":
        labels = [MOODS_CALLED[label] for label in labels]
    targets = np.zeros((len(labels), len(classes)), np.float32)
    targets[np.arange(len(labels)), [classes.index(label) for label in labels]] = 1
    return FaceSet(faces, targets, tuple(names), classes)
