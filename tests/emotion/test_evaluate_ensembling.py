"""An ensemble whose best mixture is known."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.training.ensembling import cross_fitted, fit_ensemble, fit_temperature, mix, temper
from emotion.training.metrics import negative_log_likelihood

SIX = np.eye(6)


def random_probabilities(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(6), count)


def test_mix_is_the_tempered_weighted_mean():
    members = {"a": np.array([[1.0, 0.0]]), "b": np.array([[0.0, 1.0]])}
    assert mix(members, {"a": 0.8, "b": 0.2}) == pytest.approx(np.array([[0.8, 0.2]]))
    # 0.8 ** 2 = 0.64 and 0.2 ** 2 = 0.04.
    assert mix(members, {"a": 0.8, "b": 0.2}, 0.5)[0, 0] == pytest.approx(0.64 / 0.68)


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
    fitted = mix({"a": a, "b": b}, weights, temperature)
    alone = min(negative_log_likelihood(p, targets) for p in (a, b))
    assert negative_log_likelihood(fitted, targets) < alone


def noisy_members(count: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    targets = SIX[np.random.default_rng(9).integers(0, 6, count)]
    return {
        name: 0.2 * random_probabilities(count, seed) + 0.1 * targets + 0.7 / 6
        for seed, name in enumerate("abcdefgh")
    }, targets


def test_cross_fitted_figures_do_not_flatter():
    members, targets = noisy_members(60)
    flattered = mix(members, *fit_ensemble(members, targets))
    honest = cross_fitted(members, targets)
    assert honest.sum(axis=1) == pytest.approx(np.ones(60))
    assert negative_log_likelihood(honest, targets) > negative_log_likelihood(flattered, targets)


def test_cross_fitting_never_learns_from_the_face_it_reads():
    members, targets = noisy_members(60)
    before = cross_fitted(members, targets)
    other = targets.copy()
    other[0] = np.roll(other[0], 1)
    after = cross_fitted(members, other)
    assert after[0] == pytest.approx(before[0], abs=1e-12)
    assert not np.allclose(after, before, atol=1e-6)


def test_cross_fitting_never_learns_from_the_same_person():
    members, targets = noisy_members(60)
    people = ["twin", "twin", *(str(i) for i in range(30)), *([""] * 28)]
    before = cross_fitted(members, targets, people=people)
    other = targets.copy()
    other[0] = np.roll(other[0], 1)
    after = cross_fitted(members, other, people=people)
    assert after[:2] == pytest.approx(before[:2], abs=1e-12)


def test_cross_fitting_needs_as_many_people_as_folds():
    members, targets = noisy_members(12)
    with pytest.raises(ValueError, match="2 cannot be divided"):
        cross_fitted(members, targets, people=["a", "b"] * 6)
    assert len(cross_fitted(members, targets, people=[""] * 12)) == 12
