"""Photographs of people, one label each: `images/` and labels.csv (image, label, person)."""

from __future__ import annotations

from pathlib import Path

from emotion.labels import one_hot
from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions
from emotion.training.layouts.archive import Archive
from emotion.training.layouts.names import UnknownName, mood_called
from emotion.training.layouts.photographs import Photograph, read_photographs


def load_portraits(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load portraits: the face is detected; `person`, a code, may be missing or empty.

    Rows labelled contempt, unknown or not_a_face are left out. Raises DatasetError.
    """
    archive = Archive(path)
    root = archive.folder_of("labels.csv")
    photographs, dropped = [], 0
    for line, row in archive.rows(f"{root}labels.csv", ("image", "label")):
        try:
            mood = mood_called(row["label"])
        except UnknownName as error:
            raise DatasetError(
                f"{path}: labels.csv line {line} has the unknown label {row['label']}"
            ) from error
        if mood is None:
            dropped += 1
            continue
        member = archive.member(f"{root}images/{row['image']}")
        photographs.append(Photograph(member, one_hot(mood), (row.get("person") or "").strip()))
    if dropped:
        options.say(f"{dropped} rows are labelled with what is no mood")
    return read_photographs(photographs, options, path=path)
