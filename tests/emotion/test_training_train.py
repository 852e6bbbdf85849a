"""A whole training, small: stages, resuming after a kill, and what is served at the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the train extra: uv sync --extra train")

from emotion.networks import build_network
from emotion.training import train as training
from emotion.training.datasets import FaceSet

pytestmark = pytest.mark.slow


def faces(count: int) -> FaceSet:
    rng = np.random.default_rng(5)
    targets = np.eye(6, dtype="float32")[rng.integers(0, 6, count)]
    images = rng.integers(0, 255, (count, 48, 48, 1), dtype="uint8")
    return FaceSet(images, targets, tuple(map(str, range(count))))


def test_killed_training_goes_on_and_serves_a_plain_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = training.Stage((96, 72), 8, 1, 1e-4, 4)
    config = training.TrainConfig("vgg16", (small, small), precision="float32")
    fit = training._fit
    stages: list[int] = []

    def killed_in_the_second(model, config, number, **rest):
        if number == 1 and len(stages) == 1:
            raise KeyboardInterrupt
        stages.append(number)
        fit(model, config, number, **rest)

    monkeypatch.setattr(training, "_fit", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        training.train(config, faces(8), faces(4), tmp_path, say=lambda _: None)
    monkeypatch.setattr(training, "_fit", fit)
    served = training.train(config, faces(8), faces(4), tmp_path, say=lambda _: None)
    assert stages == [0], "the first stage was not trained twice"

    plain = build_network("vgg16")
    plain.load_weights(served)
    learned = training.learning_network(config, (275, 205))
    learned.set_weights(training._load(tmp_path / "best.npz"))
    face = np.random.default_rng(1).normal(0, 60, (1, 275, 205, 3)).astype("float32")
    np.testing.assert_allclose(plain(face), learned(face), atol=1e-5)
    assert {type(layer).__name__ for layer in plain.layers} <= {
        "InputLayer", "Conv2D", "MaxPooling2D", "GlobalAveragePooling2D", "Dropout", "Dense",
    }  # fmt: skip


def test_seeds_decide_the_order_of_the_faces() -> None:
    first = training.FacePicks(faces(10), 4, 5, seed=1)
    again = training.FacePicks(faces(10), 4, 5, seed=1)
    other = training.FacePicks(faces(10), 4, 5, seed=2)
    np.testing.assert_array_equal(first[3][0], again[3][0])
    assert not np.array_equal(first[3][0], other[3][0])


@pytest.mark.parametrize("network", ["vgg16", "xception", "resnet50"])
def test_served_network_says_what_the_learning_one_says(network: str) -> None:
    config = training.TrainConfig(network, (), precision="float32")
    learned = training.learning_network(config, (96, 72))
    rng = np.random.default_rng(3)
    learned.set_weights(
        [value + rng.uniform(0, 0.05, value.shape) for value in learned.get_weights()]
    )
    plain = training.plain_network(config, learned, (96, 72))
    face = rng.normal(0, 1, (1, 96, 72, 3)).astype("float32")
    np.testing.assert_allclose(plain(face), learned(face), atol=1e-5)
