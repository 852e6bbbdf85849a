"""How good probabilities are, against what people voted; each figure with its interval.

Plain NumPy: it runs beside the served model, where there is no TensorFlow. Everywhere
`probabilities` and `targets` are (n, classes), rows sum to 1. A target is the distribution of the
annotators' votes, or one label as 0 and 1; its largest part is the truth of accuracy and confusion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.labels import KEYS

Floats = NDArray[np.floating[Any]]
Figure = NDArray[np.float64]
Interval = tuple[float, float]

SMALLEST = 1e-12  # keeps the logarithm finite where a softmax says 0
CALIBRATION_BINS = 15
ROUNDS = 1000
COVERED = (2.5, 97.5)  # percentiles: 95 % lie between
CHUNK = 1 << 22  # resampling weights held at a time, so that 28,000 faces fit a small machine


@dataclass(frozen=True)
class ClassScores:
    """How one class fares; `n` faces are of it. 0 stands where nothing could be divided by."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True)
class Intervals:
    """95 % bootstrap intervals (low, high) of the figures in `Scores` of the same name."""

    accuracy: Interval
    macro_f1: Interval
    nll: Interval
    nll_floor: Interval
    ece: Interval
    per_class: Mapping[str, Mapping[str, Interval]]
    confusion: tuple[tuple[Interval, ...], ...]


@dataclass(frozen=True)
class Scores:
    """`confusion[i][j]`: faces of class i that were read as class j.

    `nll` and `nll_floor` are in nats; the floor is the votes' own entropy, which no
    prediction can beat. `macro_f1` is over the classes that occur or were said.
    """

    n: int
    accuracy: float
    macro_f1: float
    nll: float
    nll_floor: float
    ece: float
    per_class: Mapping[str, ClassScores]
    confusion: tuple[tuple[int, ...], ...]
    intervals: Intervals

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    probabilities: Floats,
    targets: Floats,
    *,
    classes: Sequence[str] = KEYS,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> Scores:
    """Score predictions against the votes; intervals from `rounds` resamplings of the faces.

    Raises ValueError where the shapes do not fit each other or `classes`.
    """
    if probabilities.shape != targets.shape or targets.shape[1:] != (len(classes),):
        raise ValueError(
            f"{probabilities.shape} probabilities, {targets.shape} targets, {len(classes)} classes"
        )
    if not len(targets):
        raise ValueError("no face to score")
    addends = _addends(probabilities, targets)
    once = _figures(addends.sum(axis=0, keepdims=True), len(targets), len(classes))
    drawn = _figures(_resampled(addends, rounds, seed), len(targets), len(classes))
    value = {name: figure[0] for name, figure in once.items()}
    span = {name: np.percentile(figure, COVERED, axis=0) for name, figure in drawn.items()}
    counts = value["confusion"].astype(int)
    return Scores(
        n=len(targets),
        accuracy=float(value["accuracy"]),
        macro_f1=float(value["macro_f1"]),
        nll=float(value["nll"]),
        nll_floor=float(value["nll_floor"]),
        ece=float(value["ece"]),
        per_class={
            name: ClassScores(
                precision=float(value["precision"][i]),
                recall=float(value["recall"][i]),
                f1=float(value["f1"][i]),
                n=int(counts[i].sum()),
            )
            for i, name in enumerate(classes)
        },
        confusion=tuple(tuple(row) for row in counts.tolist()),
        intervals=_intervals(span, classes),
    )


def _intervals(span: Mapping[str, Figure], classes: Sequence[str]) -> Intervals:
    def interval(name: str, *place: int) -> Interval:
        low, high = span[name]
        return float(low[place]), float(high[place])

    places = range(len(classes))
    return Intervals(
        accuracy=interval("accuracy"),
        macro_f1=interval("macro_f1"),
        nll=interval("nll"),
        nll_floor=interval("nll_floor"),
        ece=interval("ece"),
        per_class={
            name: {figure: interval(figure, i) for figure in ("precision", "recall", "f1")}
            for i, name in enumerate(classes)
        },
        confusion=tuple(tuple(interval("confusion", i, j) for j in places) for i in places),
    )


def losses(probabilities: Floats, targets: Floats) -> NDArray[np.float64]:
    """Return (n,): each face's cross-entropy in nats against the distribution of its votes."""
    logs = np.log(np.maximum(probabilities.astype(np.float64), SMALLEST))
    each: NDArray[np.float64] = -(targets * logs).sum(axis=1)
    return each


def rights(probabilities: Floats, targets: Floats) -> NDArray[np.float64]:
    """Return (n,): 1 where the likeliest class is the votes' majority, else 0."""
    return (probabilities.argmax(axis=1) == targets.argmax(axis=1)).astype(np.float64)


def negative_log_likelihood(probabilities: Floats, targets: Floats) -> float:
    """Return the mean cross-entropy in nats against the distribution of votes."""
    return float(losses(probabilities, targets).mean())


@dataclass(frozen=True)
class Bin:
    """Faces about which the model is equally sure: its mean confidence, and what people say."""

    n: int
    confidence: float
    agreement: float


def reliability(
    probabilities: Floats, targets: Floats, *, bins: int = CALIBRATION_BINS
) -> tuple[Bin, ...]:
    """Return the bins of equal width that hold a face, least sure first.

    `agreement` is the share of annotators who say what the model says; with one label a face
    this is the share of faces on which the model is right.
    """
    places, sure, agreed = _calibration(probabilities, targets, bins)
    return tuple(
        Bin(int(inside.sum()), float(sure[inside].mean()), float(agreed[inside].mean()))
        for inside in (places == place for place in range(bins))
        if inside.any()
    )


def calibration_error(
    probabilities: Floats, targets: Floats, *, bins: int = CALIBRATION_BINS
) -> float:
    """Return the expected calibration error (Guo et al., 2017, arXiv 1706.04599) of such bins."""
    gaps = [
        each.n * abs(each.agreement - each.confidence)
        for each in reliability(probabilities, targets, bins=bins)
    ]
    return sum(gaps) / len(targets)


def _calibration(
    probabilities: Floats, targets: Floats, bins: int
) -> tuple[NDArray[np.intp], Floats, Floats]:
    said = probabilities.argmax(axis=1)
    rows = np.arange(len(said))
    sure = probabilities[rows, said]
    places = np.minimum((sure * bins).astype(np.intp), bins - 1)
    return places, sure, targets[rows, said]


def paired_difference(
    first: Floats, second: Floats, *, rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, Interval]:
    """Return the mean of `first` - `second`, both (n,) over the same faces, and its interval.

    Resampling faces, not each side by itself: what is hard for both does not widen it.
    """
    gap = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    drawn = _resampled(gap[:, None], rounds, seed)[:, 0] / len(gap)
    low, high = np.percentile(drawn, COVERED).tolist()
    return float(gap.mean()), (low, high)


def _addends(probabilities: Floats, targets: Floats) -> Figure:
    """Return (n, columns) whose sums over faces give every figure.

    So one product with the resampling weights gives the sums of a thousand resamplings.
    Columns: loss, entropy, then the confusion's cells, then each bin's agreement less confidence.
    """
    n, classes = targets.shape
    rows = np.arange(n)
    cells = np.zeros((n, classes * classes))
    cells[rows, targets.argmax(axis=1) * classes + probabilities.argmax(axis=1)] = 1
    places, sure, agreed = _calibration(probabilities, targets, CALIBRATION_BINS)
    gaps = np.zeros((n, CALIBRATION_BINS))
    gaps[rows, places] = agreed - sure
    return np.column_stack([losses(probabilities, targets), losses(targets, targets), cells, gaps])


def _resampled(addends: Figure, rounds: int, seed: int) -> Figure:
    """Return (rounds, columns): the sums over as many faces, drawn with replacement."""
    n = len(addends)
    rng = np.random.default_rng(seed)
    step = max(1, CHUNK // n)
    sums = []
    for start in range(0, rounds, step):
        count = min(step, rounds - start)
        drawn = rng.integers(0, n, (count, n)) + n * np.arange(count)[:, None]
        times = np.bincount(drawn.ravel(), minlength=count * n).reshape(count, n)
        sums.append(times.astype(np.float64) @ addends)
    return np.concatenate(sums)


def _figures(sums: Figure, n: int, classes: int) -> dict[str, Figure]:
    """Turn sums of `_addends`, (rounds, columns), into figures with one row a round."""
    cells = 2 + classes * classes
    confusion = sums[:, 2:cells].reshape(-1, classes, classes)
    right = np.diagonal(confusion, axis1=1, axis2=2)
    said, true = confusion.sum(axis=1), confusion.sum(axis=2)
    f1 = 2 * right / np.maximum(said + true, 1)
    occurs = (said + true > 0).sum(axis=1)
    return {
        "accuracy": right.sum(axis=1) / n,
        "macro_f1": f1.sum(axis=1) / occurs,
        "nll": sums[:, 0] / n,
        "nll_floor": sums[:, 1] / n,
        "ece": np.abs(sums[:, cells:]).sum(axis=1) / n,
        "precision": right / np.maximum(said, 1),
        "recall": right / np.maximum(true, 1),
        "f1": f1,
        "confusion": confusion,
    }
