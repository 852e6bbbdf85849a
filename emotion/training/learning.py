"""A network as it learns, and the same one as it is served."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from emotion.labels import KEYS
from emotion.networks import INPUTS, build_network
from emotion.training.facesets import FaceSet
from emotion.training.layers import FaceFrame, FusedBatchNormalization, StandardizedConv2D


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
    """Everything that decides a run but the data; written beside its results.

    `optimizer` is adamw, adam, rmsprop or sgd (with Nesterov's momentum of 0.9). `balance` is
    the power to which a mood's rarity weighs its faces: 0 not at all, 1 until all moods weigh
    the same. `augmentation` scales how much faces are varied. `weight_decay` is adamw's.
    """

    network: str
    stages: tuple[Stage, ...]
    classes: tuple[str, ...] = KEYS
    seed: int = 20261120
    optimizer: str = "adamw"
    dropout: float = 0.4
    augmentation: float = 1.0
    balance: float = 0.0
    weight_decay: float = 0.01
    precision: str = "mixed_bfloat16"
    init: str | None = None


def learning_network(config: TrainConfig, size: tuple[int, int]) -> keras.Model:
    """Build the network as it learns: normalisation that trains fast, VGG16 standardised."""
    plain = build_network(
        config.network,
        size=size,
        init=config.init,
        dropout=config.dropout,
        classes=len(config.classes),
    )

    def swap(layer: keras.layers.Layer) -> keras.layers.Layer:
        settings = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            # With Keras' 0.99 the running statistics trail some hundred steps behind the
            # weights, and a short run is validated with statistics that were never true.
            return FusedBatchNormalization.from_config({**settings, "momentum": 0.95})
        # ImageNet's weights need no help: standardised they would be others.
        if config.network == "vgg16" and not config.init and _is_convolution(layer):
            # The first kernel also brings pixels (standard deviation about 64) to unit scale.
            first = layer.name == "block1_conv1"
            return StandardizedConv2D.from_config(
                {**settings, "initial_gain": 1 / 64 if first else 1.0}
            )
        return layer.__class__.from_config(settings)

    learning = keras.models.clone_model(plain, clone_function=swap)
    if config.init:
        learning.set_weights(plain.get_weights())
    return learning


def _is_convolution(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.Conv2D)


def trainer(config: TrainConfig, size: tuple[int, int], faces: FaceSet) -> keras.Model:
    """Wrap the network for `faces` as stored: uint8 in, probabilities out."""
    face = keras.Input(faces.images.shape[1:], dtype="uint8")
    frame = FaceFrame(config.network, size, strength=config.augmentation, seed=config.seed)
    return keras.Model(face, learning_network(config, size)(frame(face)))


def plain_network(
    config: TrainConfig, learned: keras.Model, size: tuple[int, int] | None = None
) -> keras.Model:
    """Return the network as it is served, with the weights that `learned` (the inner one) has."""
    plain = build_network(
        config.network,
        size=size or INPUTS[config.network].size,
        dropout=config.dropout,
        classes=len(config.classes),
    )
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
