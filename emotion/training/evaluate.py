"""How good probabilities are, against what people voted; and the ensemble fitted to votes.

Plain NumPy: it runs beside the served model, where there is no TensorFlow. Everywhere
`probabilities` and `targets` are (n, 6), rows sum to 1, columns in the order of `labels.MOODS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.labels import KEYS
from emotion.networks import INPUT_SIZE

Floats = NDArray[np.floating[Any]]
SMALLEST = 1e-12  # keeps the logarithm finite where a softmax says 0
CALIBRATION_BINS = 15


@dataclass(frozen=True)
class Scores:
    """`confusion[i][j]`: faces of mood i that were read as mood j; the votes' majority counts."""

    faces: int
    accuracy: float
    macro_f1: float
    nll: float
    ece: float
    precision: Mapping[str, float]
    recall: Mapping[str, float]
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(probabilities: Floats, targets: Floats) -> Scores:
    """Score predictions against the votes."""
    truth, said = targets.argmax(axis=1), probabilities.argmax(axis=1)
    confusion = np.zeros((len(KEYS), len(KEYS)), int)
    np.add.at(confusion, (truth, said), 1)
    right = np.diag(confusion).astype(float)
    precision = right / np.maximum(confusion.sum(axis=0), 1)
    recall = right / np.maximum(confusion.sum(axis=1), 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, SMALLEST)
    return Scores(
        faces=len(truth),
        accuracy=float((truth == said).mean()),
        macro_f1=float(f1.mean()),
        nll=negative_log_likelihood(probabilities, targets),
        ece=calibration_error(probabilities, targets),
        precision=dict(zip(KEYS, precision.tolist(), strict=True)),
        recall=dict(zip(KEYS, recall.tolist(), strict=True)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )


def negative_log_likelihood(probabilities: Floats, targets: Floats) -> float:
    """Return the mean cross-entropy in nats against the distribution of votes."""
    logs = np.log(np.maximum(probabilities, SMALLEST))
    return float(-(targets * logs).sum(axis=1).mean())


def calibration_error(
    probabilities: Floats, targets: Floats, *, bins: int = CALIBRATION_BINS
) -> float:
    """Return the expected calibration error (Guo et al., 2017, arXiv 1706.04599)."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets.argmax(axis=1)
    places = np.minimum((sure * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
    return float(error)


def temper(probabilities: Floats, temperature: float) -> NDArray[np.float64]:
    """Return p ** (1 / temperature), renormalised: above 1 less sure, below 1 more."""
    powered = np.maximum(probabilities.astype(np.float64), 0) ** (1 / temperature)
    return powered / powered.sum(axis=1, keepdims=True)


def fit_ensemble(
    member_probs: Mapping[str, Floats], targets: Floats, *, rounds: int = 500
) -> tuple[dict[str, float], float]:
    """Return the members' weights and one temperature that make the votes most likely.

    The weights of a mixture by expectation maximisation: each round keeps them on the simplex
    and never raises the loss. Then the temperature by golden section.
    """
    stacked = np.stack([probs.astype(np.float64) for probs in member_probs.values()])
    weights = np.full(len(stacked), 1 / len(stacked))
    for _ in range(rounds):
        shares = weights[:, None, None] * stacked
        shares /= np.maximum(shares.sum(axis=0), SMALLEST)
        fresh = (shares * targets).sum(axis=(1, 2))
        fresh /= fresh.sum()
        done = np.abs(fresh - weights).max() < 1e-7
        weights = fresh
        if done:
            break
    mixture = (weights[:, None, None] * stacked).sum(axis=0)
    return dict(zip(member_probs, weights.tolist(), strict=True)), fit_temperature(mixture, targets)


def fit_temperature(
    probabilities: Floats, targets: Floats, *, low: float = 0.2, high: float = 5.0
) -> float:
    """Return the temperature between `low` and `high` with the lowest loss."""

    def loss(log_temperature: float) -> float:
        tempered = temper(probabilities, float(np.exp(log_temperature)))
        return negative_log_likelihood(tempered, targets)

    golden = (np.sqrt(5) - 1) / 2
    a, b = float(np.log(low)), float(np.log(high))
    left, right = b - golden * (b - a), a + golden * (b - a)
    at_left, at_right = loss(left), loss(right)
    while b - a > 1e-4:
        if at_left < at_right:
            b, right, at_right = right, left, at_left
            left = b - golden * (b - a)
            at_left = loss(left)
        else:
            a, left, at_left = left, right, at_right
            right = a + golden * (b - a)
            at_right = loss(right)
    return float(np.exp((a + b) / 2))


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
