"""Faces as arrays, and for each the distribution of what people saw in it. Needs NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotion.labels import KEYS
from emotion.training.errors import TrainingError

Classes = Literal["moods", "fer2013"]
FaceFinding = Literal["detect", "whole"]
# Faces that are resized at a time: bounds the float copy to some hundred megabytes.
CHUNK = 1024


class DatasetError(TrainingError):
    """An archive that is missing, malformed or empty; the message says which file and row."""


@dataclass(frozen=True)
class FaceSet:
    """`images` uint8 (n, side, side, 1 or 3); `targets` float32 (n, k), rows sum to 1.

    Networks see the full height and the middle 205/275 of the width. `classes` names the k
    columns. `people` has one code for each face, "" where a face's person is not known, and is
    empty where nobody's is. `votes` says that targets are several annotators' distributions
    and not one label. `skipped` counts the photographs that gave no face.
    """

    images: NDArray[np.uint8]
    targets: NDArray[np.float32]
    names: tuple[str, ...]
    classes: tuple[str, ...] = KEYS
    people: tuple[str, ...] = ()
    votes: bool = False
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.names)

    def select(self, indices: Sequence[int] | NDArray[np.integer]) -> FaceSet:
        """Return the faces at `indices`, in that order."""
        chosen = np.asarray(indices, np.int64)
        return replace(
            self,
            images=self.images[chosen],
            targets=self.targets[chosen],
            names=tuple(self.names[i] for i in chosen),
            people=tuple(self.people[i] for i in chosen) if self.people else (),
        )

    def take(self, count: int, *, seed: int) -> FaceSet:
        """Return `count` faces drawn without replacement, or all where there are fewer."""
        return self.select(np.random.default_rng(seed).permutation(len(self))[:count])

    def split(self, share: float, *, seed: int) -> tuple[FaceSet, FaceSet]:
        """Return about `share` (0 to 1) of the faces, and the others; nobody is on both sides.

        A face whose person is not known counts as a person. Raises DatasetError when one side
        would be empty.
        """
        persons = np.array(self.people or [""] * len(self))
        alone = persons == ""
        _, groups = np.unique(persons, return_inverse=True)
        groups[alone] = len(self) + np.arange(len(self))[alone]
        _, groups, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        order = np.random.default_rng(seed).permutation(len(sizes))
        # A person goes to the first side while at least half of that person's faces fit in it.
        ends = np.cumsum(sizes[order]) - sizes[order] / 2
        first = np.isin(groups, order[ends <= share * len(self)])
        if first.all() or not first.any():
            raise DatasetError(f"{len(self)} faces of {len(sizes)} people do not split at {share}")
        return self.select(np.flatnonzero(first)), self.select(np.flatnonzero(~first))

    def resized(self, side: int) -> FaceSet:
        """Return the same faces `side` pixels wide and high.

        Each pixel is the mean of those it covers when a face shrinks, and interpolated between
        the two nearest when it grows, in each direction.
        """
        n, height, width, channels = self.images.shape
        if (height, width) == (side, side):
            return self
        down, across = _weights(side, height), _weights(side, width)
        images = np.empty((n, side, side, channels), np.uint8)
        for start in range(0, n, CHUNK):
            part = self.images[start : start + CHUNK].astype(np.float32).transpose(0, 3, 1, 2)
            small = (down @ part @ across.T).transpose(0, 2, 3, 1)
            images[start : start + CHUNK] = np.rint(small).clip(0, 255)
        return replace(self, images=images)


def _weights(to: int, have: int) -> NDArray[np.float32]:
    """Return (to, have): how much each of `have` pixels in a row counts for each of `to`."""
    if to < have:
        edges = np.arange(to + 1) * have / to
        cells = np.arange(have)
        covered = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
        shares = covered.clip(0)
    else:
        centres = ((np.arange(to) + 0.5) * have / to - 0.5).clip(0, have - 1)
        shares = (1 - np.abs(centres[:, None] - np.arange(have))).clip(0)
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)


def join(sets: Sequence[FaceSet]) -> FaceSet:
    """Return all faces in one set, at the largest side, in colour where any set has colour.

    A person is known by the code alone, so the same code in two sets is the same person.
    `votes` is True where all sets have votes. Raises DatasetError for no set and for different
    classes.
    """
    if not sets:
        raise DatasetError("there is no set of faces to join")
    if len({each.classes for each in sets}) > 1:
        raise DatasetError("sets of faces with different classes do not join")
    side = max(each.images.shape[1] for each in sets)
    channels = max(each.images.shape[3] for each in sets)
    images = np.empty((sum(map(len, sets)), side, side, channels), np.uint8)
    start = 0
    for each in sets:
        # One channel spreads over three.
        images[start : start + len(each)] = each.resized(side).images
        start += len(each)
    known = any(each.people for each in sets)
    return FaceSet(
        images,
        np.concatenate([each.targets for each in sets]),
        tuple(name for each in sets for name in each.names),
        sets[0].classes,
        tuple(p for each in sets for p in each.people or ("",) * len(each)) if known else (),
        all(each.votes for each in sets),
        sum(each.skipped for each in sets),
    )


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a layout's loader is asked for; `datasets.load` says what each means."""

    classes: Classes = "moods"
    side: int | None = None
    split: str | None = None
    limit: int | None = None
    seed: int = 0
    faces: FaceFinding | None = None
    workers: int | None = None
    say: Callable[[str], None] = print


DEFAULTS = LoadOptions()
