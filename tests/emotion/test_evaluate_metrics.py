"""Scores of predictions whose worth is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.labels import KEYS
from emotion.training.metrics import (
    Bin,
    calibration_error,
    evaluate,
    negative_log_likelihood,
    paired_difference,
    reliability,
)

SIX = np.eye(6)


def test_perfect_predictions_score_perfectly():
    scores = evaluate(SIX, SIX)
    assert (scores.n, scores.accuracy, scores.macro_f1) == (6, 1, 1)
    assert scores.nll == pytest.approx(0, abs=1e-9)
    assert scores.ece == 0
    assert scores.confusion == tuple(tuple(row) for row in np.eye(6, dtype=int).tolist())


def test_scores_count_what_was_confused():
    said, truth = SIX[[0, 0, 0, 1]], SIX[[0, 0, 1, 1]]
    scores = evaluate(said, truth)
    assert scores.accuracy == 0.75
    assert list(scores.per_class) == list(KEYS)
    assert scores.per_class["happy"].precision == pytest.approx(2 / 3)
    assert scores.per_class["happy"].recall == 1
    assert scores.per_class["anger"].recall == 0.5
    assert [scores.per_class[key].n for key in KEYS] == [2, 2, 0, 0, 0, 0]
    assert scores.confusion[1][:2] == (1, 1)
    # The four moods that neither occur nor were said do not count.
    assert scores.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


def test_mood_that_is_said_and_never_true_counts_against_macro_f1():
    scores = evaluate(SIX[[0, 2]], SIX[[0, 0]])
    assert scores.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_classes_may_be_seven():
    names = tuple("abcdefg")
    scores = evaluate(np.eye(7), np.eye(7), classes=names)
    assert tuple(scores.per_class) == names
    with pytest.raises(ValueError, match="classes"):
        evaluate(np.eye(7), np.eye(7))
    with pytest.raises(ValueError, match="no face"):
        evaluate(np.empty((0, 6)), np.empty((0, 6)))


def test_loss_of_knowing_nothing_is_the_logarithm_of_six():
    assert negative_log_likelihood(np.full((3, 6), 1 / 6), SIX[:3]) == pytest.approx(np.log(6))


def test_floor_is_the_entropy_of_the_votes():
    votes = np.array([[0.5, 0.5, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]])
    scores = evaluate(votes, votes)
    assert scores.nll_floor == pytest.approx(np.log(2) / 2)
    assert scores.nll == pytest.approx(scores.nll_floor)
    assert evaluate(np.full((2, 6), 1 / 6), votes).nll_floor == pytest.approx(np.log(2) / 2)


def test_calibration_error_is_the_gap_between_sure_and_right():
    said = np.tile([0.8, 0.2, 0, 0, 0, 0], (10, 1))
    truth = SIX[[0] * 5 + [1] * 5]
    assert calibration_error(said, truth) == pytest.approx(0.3)
    assert evaluate(said, truth).ece == pytest.approx(0.3)


def test_calibration_is_against_the_share_of_annotators_who_agree():
    said = np.tile([0.7, 0.3, 0, 0, 0, 0], (2, 1))
    votes = np.array([[0.6, 0.4, 0, 0, 0, 0], [0.2, 0.8, 0, 0, 0, 0]])
    # The model says the first mood, as 40 % of the annotators do, and is 70 % sure.
    assert calibration_error(said, votes) == pytest.approx(0.3)
    assert reliability(said, votes) == (Bin(2, pytest.approx(0.7), pytest.approx(0.4)),)


def test_bins_do_not_cancel_each_other_out():
    said = np.array([[0.9, 0.1, 0, 0, 0, 0], [0.5, 0.3, 0.2, 0, 0, 0]])
    truth = SIX[[1, 0]]
    assert calibration_error(said, truth) == pytest.approx((0.9 + 0.5) / 2)
    assert [each.n for each in reliability(said, truth)] == [1, 1]


def some_predictions(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    truth = SIX[rng.integers(0, 6, count)]
    return 0.5 * rng.dirichlet(np.ones(6), count) + 0.5 * truth, truth


def test_interval_of_accuracy_is_what_the_binomial_says():
    said, truth = some_predictions(1000)
    said[:200] = np.roll(truth[:200], 1, axis=1)
    scores = evaluate(said, truth)
    low, high = scores.intervals.accuracy
    half = 1.96 * np.sqrt(scores.accuracy * (1 - scores.accuracy) / 1000)
    assert low == pytest.approx(scores.accuracy - half, abs=0.004)
    assert high == pytest.approx(scores.accuracy + half, abs=0.004)


def test_intervals_of_resampled_figures_are_those_of_the_figures_of_resampled_faces():
    """The sums that make resampling fast give what scoring each resampling by itself gives."""
    said, truth = some_predictions(40)
    rng = np.random.default_rng(3)
    drawn = [
        evaluate(said[picked], truth[picked], rounds=1) for picked in rng.integers(0, 40, (400, 40))
    ]
    fast = evaluate(said, truth, rounds=4000).intervals
    for name in ("accuracy", "macro_f1", "nll", "ece"):
        slow = np.percentile([getattr(scores, name) for scores in drawn], (2.5, 97.5))
        spread = slow[1] - slow[0]
        assert getattr(fast, name) == pytest.approx(tuple(slow), abs=0.2 * spread)
    slow = np.percentile([scores.per_class["sad"].recall for scores in drawn], (2.5, 97.5))
    assert fast.per_class["sad"]["recall"] == pytest.approx(tuple(slow), abs=0.15)


def test_intervals_are_the_same_for_the_same_seed():
    said, truth = some_predictions(50)
    assert evaluate(said, truth, seed=1) == evaluate(said, truth, seed=1)
    assert evaluate(said, truth, seed=1).intervals != evaluate(said, truth, seed=2).intervals


def test_resampling_in_pieces_covers_every_round(monkeypatch):
    said, truth = some_predictions(50)
    whole = evaluate(said, truth).intervals.accuracy
    monkeypatch.setattr("emotion.training.metrics.CHUNK", 350)
    assert evaluate(said, truth).intervals.accuracy == pytest.approx(whole, abs=0.021)


def test_paired_difference_ignores_what_is_hard_for_both():
    rng = np.random.default_rng(0)
    hard = rng.integers(0, 2, 500).astype(float)
    difference, (low, high) = paired_difference(hard + 0.25, hard)
    assert difference == low == high == pytest.approx(0.25)
    difference, (low, high) = paired_difference(hard, rng.integers(0, 2, 500).astype(float))
    assert low < difference < high
