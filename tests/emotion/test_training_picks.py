"""The order in which faces come, and how much each counts."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the train extra: uv sync --extra train")

from emotion.training.facesets import FaceSet
from emotion.training.picks import FacePicks, balancing_weights


def faces(count: int) -> FaceSet:
    images = np.arange(count, dtype="uint8")[:, None, None, None] * np.ones((1, 4, 4, 1), "uint8")
    return FaceSet(images, np.eye(6, dtype="float32")[np.arange(count) % 6], ("x",) * count)


def seen(picks: FacePicks) -> list[int]:
    return [int(image[0, 0, 0]) for index in range(len(picks)) for image in picks[index][0]]


def test_seeds_decide_the_order_of_the_faces() -> None:
    first, again = (FacePicks(faces(10), 4, 5, seed=1) for _ in range(2))
    assert seen(first) == seen(again)
    assert seen(first) != seen(FacePicks(faces(10), 4, 5, seed=2))


def test_every_face_comes_once_before_any_comes_twice() -> None:
    order = seen(FacePicks(faces(10), 4, 5, seed=1))
    assert sorted(order[:10]) == sorted(order[10:]) == list(range(10))
    assert order[:10] != order[10:]


def test_a_resumed_run_continues_the_order() -> None:
    whole = FacePicks(faces(10), 4, 2, seed=1)
    whole.on_epoch_end()
    assert seen(FacePicks(faces(10), 4, 2, seed=1, epoch=1)) == seen(whole)


def test_balance_weighs_a_rare_mood_more() -> None:
    targets = np.eye(6, dtype="float32")[[0, 0, 0, 1]]
    np.testing.assert_array_equal(balancing_weights(targets, 0.0), np.ones(4))
    weights = balancing_weights(targets, 1.0)
    assert weights.mean() == pytest.approx(1)
    # All three of the first mood weigh together what the only one of the second does.
    assert weights[:3].sum() == pytest.approx(weights[3])
