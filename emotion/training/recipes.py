"""How many faces a network sees at which size, for the machine at hand."""

from __future__ import annotations

from collections.abc import Mapping

from emotion.labels import KEYS
from emotion.networks import INPUT_SIZE
from emotion.training.learning import Stage, TrainConfig

SMALL, MIDDLE, LARGE = (96, 72), (138, 103), (192, 144)

# What two CPU cores manage in two or three hours: far from what the data could give. A short run
# learns more from faces that are varied less, so augmentation and dropout are low. A step to a
# larger size costs accuracy that has to be won back there, so the steps are small.
CPU_STAGES: Mapping[str, tuple[Stage, ...]] = {
    "vgg16": (
        Stage(SMALL, 20_000, 2, 4e-4, 64),
        Stage(SMALL, 120_000, 6, 5e-4, 64),
        Stage(MIDDLE, 8_000, 1, 3e-4, 64),
        Stage(LARGE, 6_000, 1, 2.5e-4, 32),
        Stage(INPUT_SIZE, 12_000, 4, 2e-4, 32),
        Stage(INPUT_SIZE, 10_000, 4, 2e-4, 32),
    ),
    "resnet50": (
        Stage(SMALL, 90_000, 5, 1e-3, 64),
        Stage(MIDDLE, 14_000, 1, 4e-4, 64),
        Stage(INPUT_SIZE, 8_000, 3, 3e-4, 32),
    ),
    "xception": (
        Stage(SMALL, 90_000, 5, 1e-3, 64),
        Stage(MIDDLE, 8_000, 1, 4e-4, 64),
        Stage(LARGE, 6_000, 1, 3e-4, 32),
        Stage(INPUT_SIZE, 8_000, 3, 3e-4, 32),
    ),
}
# A current accelerator: about forty times round FER+ in small, and enough at full size for the
# scale to be learned anew. Epochs are short, so that a run can be cut into short commands.
GPU_STAGES: Mapping[str, tuple[Stage, ...]] = {
    name: (
        Stage(SMALL, 1_120_000, 16, rate, 256),
        Stage(MIDDLE, 224_000, 4, rate / 2, 256),
        Stage(INPUT_SIZE, 196_000, 7, rate / 4, 128),
    )
    for name, rate in (("vgg16", 6e-4), ("xception", 1.5e-3), ("resnet50", 1.5e-3))
}
# The dense layers of these two belong to one size, so they learn at that from the start.
ONE_SIZE: Mapping[str, tuple[Stage, ...]] = {
    "alexnet": (Stage(INPUT_SIZE, 280_000, 10, 5e-4, 64),),
    "fer_cnn": (Stage((48, 48), 720_000, 25, 1e-3, 64),),
}
RECIPES = ("cpu", "gpu")


def recipe(network: str, machine: str, *, classes: tuple[str, ...] = KEYS) -> TrainConfig:
    """Return the configuration with which `machine`, cpu or gpu, trains `network`."""
    if network in ONE_SIZE:
        return TrainConfig(
            network, ONE_SIZE[network], classes, augmentation=0.4, precision="float32"
        )
    if machine == "gpu":
        return TrainConfig(network, GPU_STAGES[network], classes, dropout=0.4, augmentation=0.8)
    return TrainConfig(network, CPU_STAGES[network], classes, dropout=0.2, augmentation=0.4)
