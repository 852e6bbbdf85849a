"""Pictures in folders that are named after moods."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path, PurePosixPath

from emotion.labels import one_hot
from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions
from emotion.training.layouts.archive import Archive
from emotion.training.layouts.names import UnknownName, mood_called
from emotion.training.layouts.photographs import PICTURES, Photograph, read_photographs


def load_folders(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load pictures below folders named in Korean, English or FER's words, at any depth.

    The nearest folder that names a mood counts. `options.split` is a folder above the picture,
    such as `train`. `options.faces` "whole" takes each picture as a face, "detect" looks for
    one; by default it is looked for where the shorter side has more than 100 pixels. Pictures
    in folders that name no mood are left out and said. Raises DatasetError.
    """
    archive = Archive(path)
    photographs: list[Photograph] = []
    elsewhere: Counter[str] = Counter()
    for member in archive.members:
        at = PurePosixPath(member.name)
        if at.suffix.casefold() not in PICTURES:
            continue
        if options.split is not None and not _lies_in(at, options.split):
            continue
        try:
            mood = _mood_of(at)
        except UnknownName:
            elsewhere[at.parent.as_posix()] += 1
            continue
        if mood is not None:
            photographs.append(Photograph(member, one_hot(mood), finding=options.faces))
    if elsewhere:
        named = ", ".join(f"{folder} ({count})" for folder, count in elsewhere.most_common(10))
        options.say(f"{elsewhere.total()} pictures in folders that name no mood: {named}")
    if not photographs:
        below = f"{path}/.../{options.split}" if options.split else f"{path}"
        raise DatasetError(f"{below} has no picture in a folder that is named after a mood")
    return read_photographs(photographs, options, path=path)


def _lies_in(at: PurePosixPath, folder: str) -> bool:
    wanted = unicodedata.normalize("NFC", folder).casefold()
    return wanted in (parent.name.removesuffix(".zip").casefold() for parent in at.parents)


def _mood_of(at: PurePosixPath) -> str | None:
    """Return what `mood_called` says of the nearest folder that it knows."""
    for folder in at.parents:
        try:
            return mood_called(folder.name.removesuffix(".zip"))
        except UnknownName:
            continue
    raise UnknownName(at.as_posix())
