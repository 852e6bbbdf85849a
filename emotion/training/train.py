"""Train one network in stages of growing resolution, so that a kill costs at most one epoch."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from emotion.networks import INPUT_SIZE, build_network
from emotion.training.datasets import FaceSet
from emotion.training.layers import (
    FaceFrame,
    FusedBatchNormalization,
    StandardizedConv2D,
)


@dataclass(frozen=True)
class Stage:
    """`faces` seen at `size` (height, width), in `epochs` parts; each ends with a validation."""

    size: tuple[int, int]
    faces: int
    epochs: int
    learning_rate: float
    batch: int


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a run but the data; written beside its results."""

    network: str
    stages: tuple[Stage, ...]
    seed: int = 20261120
    dropout: float = 0.4
    augmentation: float = 1.0
    weight_decay: float = 0.01
    precision: str = "mixed_bfloat16"
    init: str | None = None


def learning_network(config: TrainConfig, size: tuple[int, int]) -> keras.Model:
    """Build the network as it learns: normalisation that trains fast, VGG16 standardised."""
    plain = build_network(config.network, size=size, init=config.init, dropout=config.dropout)

    def swap(layer: keras.layers.Layer) -> keras.layers.Layer:
        settings = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            # With Keras' 0.99 the running statistics trail some hundred steps behind the
            # weights, and a short run is validated with statistics that were never true.
            return FusedBatchNormalization.from_config({**settings, "momentum": 0.95})
        if config.network == "vgg16" and isinstance(layer, keras.layers.Conv2D):
            # The first kernel also brings pixels (standard deviation about 64) to unit scale.
            first = layer.name == "block1_conv1"
            return StandardizedConv2D.from_config(
                {**settings, "initial_gain": 1 / 64 if first else 1.0}
            )
        return layer.__class__.from_config(settings)

    learning = keras.models.clone_model(plain, clone_function=swap)
    if config.init and config.network != "vgg16":
        learning.set_weights(plain.get_weights())
    return learning


def trainer(config: TrainConfig, size: tuple[int, int], faces: FaceSet) -> keras.Model:
    """Wrap the network for `faces` as stored: uint8 in, probabilities out."""
    face = keras.Input(faces.images.shape[1:], dtype="uint8")
    frame = FaceFrame(config.network, size, strength=config.augmentation, seed=config.seed)
    return keras.Model(face, learning_network(config, size)(frame(face)))


def plain_network(
    config: TrainConfig, learned: keras.Model, size: tuple[int, int] = INPUT_SIZE
) -> keras.Model:
    """Return the network as it is served, with the weights that `learned` (the inner one) has."""
    plain = build_network(config.network, size=size, dropout=config.dropout)
    # By order, not by name: Keras numbers Xception's unnamed layers anew in every build.
    for layer, served in zip(learned.layers, plain.layers, strict=True):
        weights = layer.get_weights()
        if isinstance(layer, StandardizedConv2D):
            weights = [
                keras.ops.convert_to_numpy(layer.folded_kernel()),
                keras.ops.convert_to_numpy(layer.bias),
            ]
        if weights:
            served.set_weights(weights)
    return plain


def train(
    config: TrainConfig,
    learn: FaceSet,
    validate: FaceSet,
    out: Path,
    *,
    say: Callable[[str], None] = print,
) -> Path:
    """Train and return the path of the served network's weights; resumes what is under `out`.

    The weights kept are those of the epoch with the lowest validation loss at the last
    stage's size.
    """
    keras.mixed_precision.set_dtype_policy(config.precision)
    keras.utils.set_random_seed(config.seed)
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(asdict(config), indent=1))
    weights: list[NDArray[np.generic]] | None = None
    best = BestWeights(out)
    for number, stage in enumerate(config.stages):
        done = out / f"stage{number}.npz"
        if not done.exists():
            say(f"{config.network}: stage {number + 1} of {len(config.stages)}, {stage}")
            model = trainer(config, stage.size, learn)
            if weights:
                model.layers[-1].set_weights(weights)
            last = number == len(config.stages) - 1
            callbacks: list[keras.callbacks.Callback] = [
                keras.callbacks.BackupAndRestore(out / f"stage{number}.resume"),
                keras.callbacks.CSVLogger(str(out / f"stage{number}.csv"), append=True),
                *([best] if last else []),
            ]
            _fit(model, config, number, learn=learn, validate=validate, callbacks=callbacks)
            _save(done, model.layers[-1].get_weights())
        weights = _load(done)
    model = learning_network(config, config.stages[-1].size)
    model.set_weights(_load(best.path))
    keras.mixed_precision.set_dtype_policy("float32")
    served = out / "served.weights.h5"
    plain_network(config, model).save_weights(served)
    return served


def _save(path: Path, weights: list[NDArray[np.generic]]) -> None:
    # A file half written by a kill must not look like a finished stage.
    part = path.with_suffix(".part.npz")
    np.savez(part, *weights)
    part.replace(path)


def _load(path: Path) -> list[NDArray[np.generic]]:
    with np.load(path) as stored:
        return [stored[f"arr_{i}"] for i in range(len(stored.files))]


class BestWeights(keras.callbacks.Callback):
    """Keeps the inner network's weights of the epoch with the lowest validation loss."""

    def __init__(self, out: Path) -> None:
        super().__init__()
        self.path, self.record = out / "best.npz", out / "best.json"

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        loss = float((logs or {})["val_loss"])
        if self.record.exists() and json.loads(self.record.read_text())["val_loss"] <= loss:
            return
        _save(self.path, self.model.layers[-1].get_weights())
        self.record.write_text(json.dumps({"epoch": epoch, "val_loss": loss}))


def _fit(
    model: keras.Model,
    config: TrainConfig,
    number: int,
    *,
    learn: FaceSet,
    validate: FaceSet,
    callbacks: list[keras.callbacks.Callback],
) -> None:
    stage = config.stages[number]
    per_epoch = max(1, math.ceil(stage.faces / stage.epochs / stage.batch))
    steps = per_epoch * stage.epochs
    warm_up = max(1, steps // 20)
    rate = keras.optimizers.schedules.CosineDecay(
        stage.learning_rate / 20,
        max(1, steps - warm_up),
        alpha=0.01,
        warmup_target=stage.learning_rate,
        warmup_steps=warm_up,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, global_clipnorm=1.0)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "gain"])
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["categorical_accuracy"])
    model.fit(
        FacePicks(learn, stage.batch, per_epoch, config.seed + number),
        epochs=stage.epochs,
        validation_data=(validate.images, validate.targets),
        validation_batch_size=64,
        callbacks=callbacks,
        verbose=2,
    )


class FacePicks(keras.utils.PyDataset):
    """Batches that walk through the faces in a new random order each time round."""

    def __init__(self, faces: FaceSet, batch: int, per_epoch: int, seed: int) -> None:
        super().__init__()
        self.faces, self.batch, self.per_epoch = faces, batch, per_epoch
        self.seed, self.epoch = seed, 0

    def __len__(self) -> int:
        return self.per_epoch

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        start = (self.epoch * self.per_epoch + index) * self.batch
        rows = []
        for position in range(start, start + self.batch):
            lap, place = divmod(position, len(self.faces))
            rows.append(self._order(lap)[place])
        chosen = np.asarray(rows)
        return self.faces.images[chosen], self.faces.targets[chosen]

    def _order(self, lap: int) -> NDArray[np.int64]:
        if getattr(self, "_lap", None) != lap:
            self._lap = lap
            self._shuffled = np.random.default_rng((self.seed, lap)).permutation(len(self.faces))
        return self._shuffled

    def on_epoch_end(self) -> None:
        self.epoch += 1
