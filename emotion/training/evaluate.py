"""What the served ensemble says to labelled faces, beside what its members and others would say.

The figures are in `metrics`, the fits in `ensembling`, the changed pictures in `robustness`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.ensemble import Runtime
from emotion.networks import INPUT_SIZE
from emotion.training.ensembling import cross_fitted
from emotion.training.facesets import FaceSet
from emotion.training.metrics import (
    Floats,
    Interval,
    Scores,
    evaluate,
    losses,
    paired_difference,
    rights,
)
from emotion.training.robustness import Change

STEP = 50  # faces between two lines of progress
FOLDS = 5

Say = Callable[[str], None]
Floats64 = NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """`ensemble` (n, 6) as served; `members` (n, 6) of each network by itself."""

    ensemble: Floats64
    members: Mapping[str, Floats64]

    def of(self, member: str | None) -> Floats64:
        """Return what the ensemble says, or one member. Raises KeyError."""
        return self.ensemble if member is None else self.members[member]


def predict(runtime: Runtime, images: NDArray[np.uint8], *, say: Say) -> Predictions:
    """Show stored faces, uint8 (n, height, width, 1 or 3), to the served runtime one by one."""
    moods, members = [], []
    for number, image in enumerate(images, start=1):
        ensemble, each = runtime.moods_and_members(face_input(image))
        moods.append(ensemble)
        members.append(each)
        if number % STEP == 0 or number == len(images):
            say(f"{number}/{len(images)}")
    stacked = np.stack(members, axis=1)
    names = [member.network for member in runtime.manifest.members]
    return Predictions(np.stack(moods), dict(zip(names, stacked, strict=True)))


def save_predictions(path: Path, said: Predictions, faces: FaceSet, *, model_version: str) -> None:
    """Write an .npz for programs that compare: one row a face, `names` says which."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez(
            file,
            names=np.array(faces.names),
            classes=np.array(faces.classes),
            targets=faces.targets,
            ensemble=said.ensemble,
            members=np.stack(list(said.members.values()), axis=1),
            member_names=np.array(list(said.members)),
            model_version=np.array(model_version),
        )


def face_input(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a stored face (height, width, 1 or 3) into the served input, as training saw it.

    Float32 RGB 0..255 (275, 205, 3): the full height and the middle of the width, which is
    what `layers.FaceFrame` does when it does not vary the face.
    """
    import cv2

    height, width = INPUT_SIZE
    wide = max(width, round(height * image.shape[1] / image.shape[0]))
    resized = cv2.resize(image.astype(np.float32), (wide, height), interpolation=cv2.INTER_LINEAR)
    left = (wide - width) // 2
    face = np.asarray(resized, np.float32).reshape(height, wide, -1)[:, left : left + width]
    return np.repeat(face, 3, axis=2) if face.shape[2] == 1 else face


def compare(said: Predictions, faces: FaceSet) -> dict[str, Scores]:
    """Score each member, their plain mean, what is served, and what a new fit would give.

    "cross_fitted" fits weights and temperature on four fifths of these very faces and is read
    on the last; it is left out where there are too few people for that.
    """
    rows = dict(said.members)
    rows["plain_mean"] = np.mean(list(said.members.values()), axis=0)
    rows["ensemble"] = said.ensemble
    if _parties(faces) >= FOLDS:
        rows["cross_fitted"] = cross_fitted(
            said.members, faces.targets, folds=FOLDS, people=faces.people or None
        )
    return {
        name: evaluate(probabilities, faces.targets, classes=faces.classes)
        for name, probabilities in rows.items()
    }


def _parties(faces: FaceSet) -> int:
    known = [code for code in faces.people if code]
    return len(set(known)) + len(faces) - len(known)


@dataclass(frozen=True)
class Drop:
    """Figures on changed faces, and by how much they are worse than on the same clean ones.

    `drop_accuracy` is clean less changed, `rise_nll` changed less clean, each with its paired
    95 % bootstrap interval.
    """

    n: int
    accuracy: float
    macro_f1: float
    nll: float
    ece: float
    drop_accuracy: float
    drop_accuracy_interval: Interval
    rise_nll: float
    rise_nll_interval: Interval


def measure_drops(
    read: Callable[[NDArray[np.uint8]], Floats64],
    faces: FaceSet,
    clean: Floats64,
    changes: Mapping[str, Change],
    *,
    say: Say,
) -> dict[str, Drop]:
    """Read `faces` under each change; `read` turns one stored face into probabilities.

    `clean` (n, k) is what was read without a change.
    """
    drops = {}
    for number, (name, change) in enumerate(changes.items(), start=1):
        say(f"{number}/{len(changes)} {name}")
        drops[name] = _drop(np.stack([read(change(face)) for face in faces.images]), faces, clean)
    return drops


def _drop(changed: Floats64, faces: FaceSet, clean: Floats) -> Drop:
    # The interval that matters is the paired one below, so no rounds are spent on others.
    scores = evaluate(changed, faces.targets, classes=faces.classes, rounds=1)
    drop, drop_interval = paired_difference(
        rights(clean, faces.targets), rights(changed, faces.targets)
    )
    rise, rise_interval = paired_difference(
        losses(changed, faces.targets), losses(clean, faces.targets)
    )
    return Drop(
        n=scores.n,
        accuracy=scores.accuracy,
        macro_f1=scores.macro_f1,
        nll=scores.nll,
        ece=scores.ece,
        drop_accuracy=drop,
        drop_accuracy_interval=drop_interval,
        rise_nll=rise,
        rise_nll_interval=rise_interval,
    )


@dataclass(frozen=True)
class Evaluation:
    """All figures of one archive. `member` is None where `scores` are the ensemble's."""

    model_version: str
    layout: str
    member: str | None
    skipped: int
    scores: Scores
    comparison: Mapping[str, Scores]
    robustness: Mapping[str, Drop]

    def as_dict(self) -> dict[str, Any]:
        """Return what `manage.py evaluate --json` prints: the scores' figures at the top."""
        compared = ("accuracy", "macro_f1", "nll", "ece")
        return {
            "model_version": self.model_version,
            "layout": self.layout,
            "member": self.member,
            "skipped": self.skipped,
            **self.scores.as_dict(),
            "comparison": {
                name: {figure: getattr(scores, figure) for figure in compared}
                for name, scores in self.comparison.items()
            },
            "robustness": {name: asdict(drop) for name, drop in self.robustness.items()},
        }
