"""A whole training, small: stages, resuming after a kill, and what is served at the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the train extra: uv sync --extra train")

from emotion.networks import build_network
from emotion.training import train as training
from emotion.training.curves import read_curves
from emotion.training.errors import OutOfTime, RunMismatch
from emotion.training.facesets import FaceSet
from emotion.training.learning import Stage, TrainConfig, learning_network, plain_network

pytestmark = pytest.mark.slow


def faces(count: int) -> FaceSet:
    rng = np.random.default_rng(5)
    targets = np.eye(6, dtype="float32")[rng.integers(0, 6, count)]
    images = rng.integers(0, 255, (count, 48, 48, 1), dtype="uint8")
    return FaceSet(images, targets, tuple(map(str, range(count))))


def test_killed_training_goes_on_and_serves_a_plain_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Stage((96, 72), 8, 1, 1e-4, 4)
    config = TrainConfig("vgg16", (small, small), precision="float32")
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
    learned = learning_network(config, (275, 205))
    learned.set_weights(training._load(tmp_path / "best.npz"))
    face = np.random.default_rng(1).normal(0, 60, (1, 275, 205, 3)).astype("float32")
    np.testing.assert_allclose(plain(face), learned(face), atol=1e-5)
    assert {type(layer).__name__ for layer in plain.layers} <= {
        "InputLayer", "Conv2D", "MaxPooling2D", "GlobalAveragePooling2D", "Dropout", "Dense",
    }  # fmt: skip


def test_a_run_out_of_time_goes_on_with_the_next_epoch(tmp_path: Path) -> None:
    stage = Stage((48, 48), 24, 3, 1e-3, 4)
    config = TrainConfig("fer_cnn", (stage,), precision="float32")
    for _ in range(2):
        with pytest.raises(OutOfTime):
            training.train(config, faces(8), faces(4), tmp_path, minutes=1e-6, say=lambda _: None)
    training.train(config, faces(8), faces(4), tmp_path, minutes=1e-6, say=lambda _: None)
    lines = (tmp_path / "stage0.csv").read_text().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["epoch", "0", "1", "2"]
    assert len(read_curves(tmp_path)) == 3
    assert (tmp_path / "curves.svg").read_text().count("<circle") == 12
    assert not (tmp_path / "stage0.resume").exists()


def test_a_run_does_not_go_on_with_other_settings(tmp_path: Path) -> None:
    stage = Stage((48, 48), 4, 1, 1e-3, 4)
    first = TrainConfig("fer_cnn", (stage,), precision="float32")
    training.train(first, faces(8), faces(4), tmp_path, say=lambda _: None)
    other = TrainConfig("fer_cnn", (stage,), precision="float32", dropout=0.1)
    with pytest.raises(RunMismatch, match="other settings"):
        training.train(other, faces(8), faces(4), tmp_path, say=lambda _: None)


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "rmsprop", "sgd"])
def test_every_optimizer_learns_a_few_faces(optimizer: str, tmp_path: Path) -> None:
    light = FaceSet(
        np.repeat(np.array([30, 220], "uint8"), 4)[:, None, None, None]
        * np.ones((1, 48, 48, 1), "uint8"),
        np.repeat(np.eye(6, dtype="float32")[:2], 4, axis=0),
        tuple("abcdefgh"),
    )
    rate = 0.05 if optimizer == "sgd" else 1e-3
    config = TrainConfig(
        "fer_cnn",
        (Stage((48, 48), 320, 1, rate, 8),),
        optimizer=optimizer,
        dropout=0.0,
        augmentation=0.0,
        precision="float32",
    )
    training.train(config, light, light, tmp_path, say=lambda _: None)
    assert read_curves(tmp_path)[-1].val_accuracy == 1.0


@pytest.mark.parametrize("network", ["vgg16", "xception", "resnet50"])
def test_served_network_says_what_the_learning_one_says(network: str) -> None:
    config = TrainConfig(network, (), precision="float32")
    learned = learning_network(config, (96, 72))
    rng = np.random.default_rng(3)
    learned.set_weights(
        [value + rng.uniform(0, 0.05, value.shape) for value in learned.get_weights()]
    )
    plain = plain_network(config, learned, (96, 72))
    face = rng.normal(0, 1, (1, 96, 72, 3)).astype("float32")
    np.testing.assert_allclose(plain(face), learned(face), atol=1e-5)
