"""Scores of predictions whose worth is known, and an ensemble whose best mixture is known."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.labels import KEYS
from emotion.networks import INPUT_SIZE
from emotion.training.evaluate import (
    calibration_error,
    evaluate,
    face_input,
    fit_ensemble,
    fit_temperature,
    negative_log_likelihood,
    temper,
)

SIX = np.eye(6)


def random_probabilities(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(6), count)


def test_perfect_predictions_score_perfectly():
    scores = evaluate(SIX[[0, 1, 2, 3, 4, 5]], SIX)
    assert (scores.accuracy, scores.macro_f1) == (1, 1)
    assert scores.nll == pytest.approx(0, abs=1e-9)
    assert scores.ece == 0
    assert scores.confusion == tuple(tuple(row) for row in np.eye(6, dtype=int).tolist())


def test_scores_count_what_was_confused():
    said, truth = SIX[[0, 0, 0, 1]], SIX[[0, 0, 1, 1]]
    scores = evaluate(said, truth)
    assert scores.accuracy == 0.75
    assert scores.precision["happy"] == pytest.approx(2 / 3)
    assert scores.recall["anger"] == 0.5
    assert scores.confusion[1][:2] == (1, 1)
    assert scores.macro_f1 == pytest.approx((0.8 + 2 / 3) / 6)
    assert list(scores.recall) == list(KEYS)


def test_loss_of_knowing_nothing_is_the_logarithm_of_six():
    assert negative_log_likelihood(np.full((3, 6), 1 / 6), SIX[:3]) == pytest.approx(np.log(6))


def test_calibration_error_is_the_gap_between_sure_and_right():
    said = np.tile([0.8, 0.2, 0, 0, 0, 0], (10, 1))
    truth = SIX[[0] * 5 + [1] * 5]
    assert calibration_error(said, truth) == pytest.approx(0.3)


def test_fitted_weights_recover_a_known_mixture():
    a, b = random_probabilities(4000, 1), random_probabilities(4000, 2)
    weights, temperature = fit_ensemble({"a": a, "b": b}, 0.7 * a + 0.3 * b, rounds=2000)
    assert weights["a"] == pytest.approx(0.7, abs=0.02)
    assert sum(weights.values()) == pytest.approx(1)
    assert temperature == pytest.approx(1, abs=0.02)


def test_useless_member_gets_no_weight():
    a = random_probabilities(2000, 1)
    weights, _ = fit_ensemble({"a": a, "noise": random_probabilities(2000, 3)}, a)
    assert weights["a"] > 0.97


def test_fitted_temperature_undoes_a_known_one():
    truth = random_probabilities(3000, 5)
    assert fit_temperature(temper(truth, 0.5), truth) == pytest.approx(2, abs=0.01)


def test_ensemble_never_fits_worse_than_its_best_member():
    a, b = random_probabilities(500, 1), random_probabilities(500, 2)
    targets = SIX[np.argmax(0.5 * a + 0.5 * b, axis=1)]
    weights, temperature = fit_ensemble({"a": a, "b": b}, targets)
    fitted = temper(weights["a"] * a + weights["b"] * b, temperature)
    alone = min(negative_log_likelihood(p, targets) for p in (a, b))
    assert negative_log_likelihood(fitted, targets) < alone


@pytest.mark.parametrize("shape", [(48, 48, 1), (48, 48, 3), (60, 30, 1)])
def test_stored_face_becomes_what_training_saw(shape):
    from emotion.training.layers import FaceFrame

    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    face = face_input(image)
    assert face.shape == (*INPUT_SIZE, 3)
    trained = np.asarray(FaceFrame("xception", INPUT_SIZE)(image[None]))[0]
    assert np.abs(face / 127.5 - 1 - trained).max() < 1e-3
