"""The door to labelled faces: `load` reads an archive of any layout into a FaceSet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from emotion.training.facesets import (
    Classes,
    DatasetError,
    FaceFinding,
    FaceSet,
    LoadOptions,
    join,
)
from emotion.training.layouts.aihub import load_aihub
from emotion.training.layouts.fer2013 import load_fer2013
from emotion.training.layouts.ferplus import FERPLUS_DROPPED, FERPLUS_MOODS, load_ferplus
from emotion.training.layouts.folders import load_folders
from emotion.training.layouts.npz import load_npz, save_npz
from emotion.training.layouts.portraits import load_portraits

__all__ = [
    "FERPLUS_DROPPED",
    "FERPLUS_MOODS",
    "LAYOUTS",
    "DatasetError",
    "FaceSet",
    "LoadOptions",
    "join",
    "load",
    "load_ferplus",
    "save_npz",
]

LAYOUTS: Mapping[str, Callable[[Path, LoadOptions], FaceSet]] = {
    "ferplus": load_ferplus,
    "fer2013": load_fer2013,
    "aihub": load_aihub,
    "folders": load_folders,
    "portraits": load_portraits,
    "npz": load_npz,
}
# Layouts that know parts of themselves by name, and those that have FER2013's seven classes.
WITH_SPLITS = ("fer2013", "aihub", "folders")
WITH_FER2013_CLASSES = ("fer2013",)


def load(
    path: Path,
    layout: str,
    *,
    classes: Classes = "moods",
    side: int | None = None,
    split: str | None = None,
    limit: int | None = None,
    seed: int = 0,
    faces: FaceFinding | None = None,
    workers: int | None = None,
    say: Callable[[str], None] = print,
) -> FaceSet:
    """Load the faces of an archive. Raises DatasetError.

    `classes`: the six moods, or FER2013's seven. `side`: pixels of a face; None is as stored,
    and for photographs `photographs.SIDE`. `split`: a part that the archive knows by name.
    `limit`: so many faces (of photographs: so many are tried), drawn with `seed`. `faces`: how
    the layout `folders` finds a face. `workers`: processes that decode photographs, one for
    each core when None. `say` hears the progress.
    """
    if layout not in LAYOUTS:
        raise DatasetError(f"there is no layout {layout}: {', '.join(LAYOUTS)}")
    if split is not None and layout not in WITH_SPLITS:
        raise DatasetError(f"the layout {layout} has no splits, so no {split}")
    if classes != "moods" and layout not in WITH_FER2013_CLASSES:
        raise DatasetError(f"the layout {layout} has the six moods only, not {classes}")
    options = LoadOptions(classes, side, split, limit, seed, faces, workers, say)
    loaded = LAYOUTS[layout](Path(path), options)
    if limit is not None and len(loaded) > limit:
        loaded = loaded.take(limit, seed=seed)
    return loaded.resized(side) if side else loaded
