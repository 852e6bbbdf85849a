"""Train one network in stages of growing resolution, so that a kill costs at most one epoch."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from emotion.training import SERVED
from emotion.training.curves import draw_curves, read_curves
from emotion.training.errors import OutOfTime, RunMismatch
from emotion.training.facesets import FaceSet
from emotion.training.learning import (
    Stage,
    TrainConfig,
    learning_network,
    plain_network,
    trainer,
)
from emotion.training.picks import FacePicks

Weights = list[NDArray[np.generic]]


def train(
    config: TrainConfig,
    learn: FaceSet,
    validate: FaceSet,
    out: Path,
    *,
    minutes: float | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Train and return the path of the served network's weights; resumes what is under `out`.

    The weights kept are those of the epoch with the lowest validation loss at the last
    stage's size. Under `out`: config.json, a CSV for each stage, curves.svg, best.npz and
    the served weights. With `minutes`, raises OutOfTime when the next epoch would not fit.
    Raises RunMismatch.
    """
    deadline = Deadline(minutes)
    _claim(out, config)
    keras.mixed_precision.set_dtype_policy(config.precision)
    keras.utils.set_random_seed(config.seed)
    weights: Weights | None = None
    best = BestWeights(out)
    for number, stage in enumerate(config.stages):
        done = out / f"stage{number}.npz"
        if not done.exists():
            say(f"{config.network}: stage {number + 1} of {len(config.stages)}, {stage}")
            model = trainer(config, stage.size, learn)
            if weights:
                model.layers[-1].set_weights(weights)
            last = number == len(config.stages) - 1
            resume = out / f"stage{number}.resume"
            callbacks: list[keras.callbacks.Callback] = [
                keras.callbacks.CSVLogger(str(out / f"stage{number}.csv"), append=True),
                *([best] if last else []),
                keras.callbacks.BackupAndRestore(resume, delete_checkpoint=False),
                Curves(out),
                deadline,
            ]
            _fit(
                model, config, number, learn=learn, validate=validate, resume=resume, add=callbacks
            )
            if _epochs_done(resume) < stage.epochs:
                raise OutOfTime(f"stage {number + 1} goes on when the command is given again")
            _save(done, model.layers[-1].get_weights())
            shutil.rmtree(resume)
        weights = _load(done)
    model = learning_network(config, config.stages[-1].size)
    model.set_weights(_load(best.path))
    keras.mixed_precision.set_dtype_policy("float32")
    served = out / SERVED
    plain_network(config, model).save_weights(served)
    return served


def _claim(out: Path, config: TrainConfig) -> None:
    # A run that goes on with other settings would be neither the one nor the other.
    out.mkdir(parents=True, exist_ok=True)
    path, text = out / "config.json", json.dumps(asdict(config), indent=1)
    if path.exists() and json.loads(path.read_text()) != json.loads(text):
        raise RunMismatch(f"{out} holds a run with other settings; choose another folder")
    path.write_text(text)


def _save(path: Path, weights: Weights) -> None:
    # A file half written by a kill must not look like a finished stage.
    part = path.with_suffix(".part.npz")
    np.savez(part, *weights)
    part.replace(path)


def _load(path: Path) -> Weights:
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


class Curves(keras.callbacks.Callback):
    """Draws loss and accuracy anew after each epoch."""

    def __init__(self, out: Path) -> None:
        super().__init__()
        self.out = out

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        (self.out / "curves.svg").write_text(draw_curves(read_curves(self.out)), "utf-8")


class Deadline(keras.callbacks.Callback):
    """Stops after the epoch behind which another one would not fit into `minutes`."""

    def __init__(self, minutes: float | None) -> None:
        super().__init__()
        self._end = math.inf if minutes is None else time.monotonic() + 60 * minutes
        self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._began = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        now = time.monotonic()
        self.model.stop_training = now + (now - self._began) > self._end


def _fit(
    model: keras.Model,
    config: TrainConfig,
    number: int,
    *,
    learn: FaceSet,
    validate: FaceSet,
    resume: Path,
    add: list[keras.callbacks.Callback],
) -> None:
    stage = config.stages[number]
    per_epoch = max(1, math.ceil(stage.faces / stage.epochs / stage.batch))
    picks = FacePicks(
        learn,
        stage.batch,
        per_epoch,
        config.seed + number,
        balance=config.balance,
        epoch=_epochs_done(resume),
    )
    optimizer = _optimizer(config, stage, steps=per_epoch * stage.epochs)
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["categorical_accuracy"])
    model.fit(
        picks,
        epochs=stage.epochs,
        validation_data=(validate.images, validate.targets),
        validation_batch_size=stage.batch,
        callbacks=add,
        verbose=2,
    )


def _epochs_done(resume: Path) -> int:
    """Return how many epochs BackupAndRestore will not train again."""
    record = resume / "training_metadata.json"
    return int(json.loads(record.read_text())["epoch"]) if record.exists() else 0


def _optimizer(config: TrainConfig, stage: Stage, *, steps: int) -> keras.optimizers.Optimizer:
    warm_up = max(1, steps // 20)
    rate = keras.optimizers.schedules.CosineDecay(
        stage.learning_rate / 20,
        max(1, steps - warm_up),
        alpha=0.01,
        warmup_target=stage.learning_rate,
        warmup_steps=warm_up,
    )
    if config.optimizer == "adamw":
        adamw = keras.optimizers.AdamW(rate, weight_decay=config.weight_decay, global_clipnorm=1.0)
        adamw.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "gain"])
        return adamw
    if config.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, global_clipnorm=1.0)
    others = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}
    return others[config.optimizer](rate, global_clipnorm=1.0)
