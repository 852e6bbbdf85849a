"""The ensemble fitted to votes: a weight for each network, then one temperature.

Plain NumPy. Everywhere `probabilities` and `targets` are (n, classes), rows sum to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from emotion.training.metrics import SMALLEST, Floats, negative_log_likelihood


def temper(probabilities: Floats, temperature: float) -> NDArray[np.float64]:
    """Return p ** (1 / temperature), renormalised: above 1 less sure, below 1 more."""
    powered = np.maximum(probabilities.astype(np.float64), 0) ** (1 / temperature)
    tempered: NDArray[np.float64] = powered / powered.sum(axis=1, keepdims=True)
    return tempered


def mix(
    member_probs: Mapping[str, Floats], weights: Mapping[str, float], temperature: float = 1.0
) -> NDArray[np.float64]:
    """Return the members' weighted mean, tempered: what is served."""
    mean = sum(
        weights[name] * np.asarray(probs, np.float64) for name, probs in member_probs.items()
    )
    return temper(np.asarray(mean), temperature)


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


def cross_fitted(
    member_probs: Mapping[str, Floats],
    targets: Floats,
    *,
    folds: int = 5,
    seed: int = 0,
    people: Sequence[str] | None = None,
) -> NDArray[np.float64]:
    """Return (n, classes): each face read with weights and temperature fitted on other folds.

    Figures of these do not flatter an ensemble that is fitted on the same faces. `people` has a
    code for each face, "" where a face's person is not known: one person's faces are in one
    fold. Raises ValueError where there are fewer people than folds.
    """
    codes = [code or number for number, code in enumerate(people or [""] * len(targets))]
    places = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    owners = np.array([places[code] for code in codes])
    count = len(places)
    if count < folds or folds < 2:
        raise ValueError(f"{count} cannot be divided into {folds} folds")
    fold_of = np.random.default_rng(seed).permutation(count) % folds
    said = np.empty(targets.shape)
    for fold in range(folds):
        held = fold_of[owners] == fold
        learned = {name: probs[~held] for name, probs in member_probs.items()}
        asked = {name: probs[held] for name, probs in member_probs.items()}
        said[held] = mix(asked, *fit_ensemble(learned, targets[~held]))
    return said
