"""What `--data` and `--validate` name: archives of faces, their layout said or recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from emotion.training.datasets import LAYOUTS, load
from emotion.training.facesets import Classes, DatasetError, FaceSet, join
from emotion.training.layouts.archive import Archive

# Of the faces that a run may learn from, so many validate it where nothing else does.
VALIDATION_SHARE = 0.1


def load_sources(
    sources: Sequence[str],
    *,
    classes: Classes = "moods",
    side: int | None = None,
    split: str | None = None,
    say: Callable[[str], None] = print,
) -> FaceSet:
    """Load and join archives, each `PATH` or `LAYOUT=PATH`. Raises DatasetError."""
    sets = []
    for source in sources:
        layout, path = read_source(source)
        part = split if layout == "fer2013" and path.suffix == ".csv" else None
        sets.append(load(path, layout, classes=classes, side=side, split=part, say=say))
    return join(sets)


def load_both(
    data: Sequence[str],
    validate: Sequence[str],
    *,
    classes: Classes = "moods",
    side: int | None = None,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> tuple[FaceSet, FaceSet]:
    """Return the faces to learn from and those to validate with, at one side and in one colour.

    Without `validate` a FER2013 csv validates with its PublicTest and anything else with a
    tenth of its people. Raises DatasetError.
    """
    if validate or all(_is_fer2013_csv(source) for source in data):
        learn = load_sources(data, classes=classes, side=side, split="Training", say=say)
        held_back = load_sources(
            validate or data, classes=classes, side=side, split="PublicTest", say=say
        )
    else:
        everything = load_sources(data, classes=classes, side=side, say=say)
        held_back, learn = everything.split(VALIDATION_SHARE, seed=seed)
    return learn, like(held_back, learn)


def like(faces: FaceSet, other: FaceSet) -> FaceSet:
    """Return `faces` with the side and the channels of `other`."""
    joined = join([faces, other.select([0])]).select(range(len(faces)))
    joined = joined.resized(other.images.shape[1])
    if joined.images.shape[3] > other.images.shape[3]:
        grey = joined.images.mean(axis=3, keepdims=True).round().astype("uint8")
        joined = replace(joined, images=grey)
    return replace(joined, votes=faces.votes, skipped=faces.skipped)


def read_source(source: str) -> tuple[str, Path]:
    """Return the layout and the path of `PATH` or `LAYOUT=PATH`. Raises DatasetError."""
    layout, separator, rest = source.partition("=")
    if separator and layout in LAYOUTS:
        return layout, Path(rest)
    path = Path(source)
    if not path.exists():
        raise DatasetError(f"{path} does not exist")
    return recognise(path), path


def _is_fer2013_csv(source: str) -> bool:
    layout, path = read_source(source)
    return layout == "fer2013" and path.suffix == ".csv"


def recognise(path: Path) -> str:
    """Return the layout that an archive has by its own marks. Raises DatasetError."""
    if path.suffix == ".csv":
        return "fer2013"
    if path.suffix == ".npz":
        return "npz"
    archive = Archive(path)
    names = [PurePosixPath(member.name).name for member in archive.members]
    if "labels.csv" in names:
        labels = archive.member(f"{archive.folder_of('labels.csv')}labels.csv").read()
        columns = labels.partition(b"\n")[0]
        return "ferplus" if b"not_a_face" in columns else "portraits"
    if any(name.startswith("piece-") for name in names):
        return "npz"
    return "aihub" if any(name.endswith(".json") for name in names) else "folders"
