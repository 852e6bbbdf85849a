"""How many faces a network sees at which size, for the machine at hand."""

from __future__ import annotations

from emotion.training.train import Stage, TrainConfig

SMALL, MIDDLE, FULL = (96, 72), (138, 103), (275, 205)

# What two busy CPU cores manage in two hours: a first model. Most of the time goes to ResNet50,
# which learns most from scratch in little time; the other two are young and weigh little.
# A short run learns more from faces that are varied less, so augmentation and dropout are low.
CPU_STAGES: dict[str, tuple[Stage, ...]] = {
    "resnet50": (
        Stage(SMALL, 90_000, 5, 1e-3, 64),
        Stage(MIDDLE, 14_000, 1, 4e-4, 64),
        Stage(FULL, 8_000, 3, 3e-4, 32),
    ),
    "vgg16": (
        Stage(SMALL, 20_000, 2, 4e-4, 64),
        Stage(MIDDLE, 2_560, 1, 3e-4, 64),
        Stage(FULL, 2_240, 1, 2e-4, 32),
    ),
    "xception": (
        Stage(SMALL, 16_000, 2, 1e-3, 64),
        Stage(MIDDLE, 1_600, 1, 4e-4, 64),
        Stage(FULL, 1_280, 1, 3e-4, 32),
    ),
}


def cpu_recipe(network: str) -> TrainConfig:
    """Return the configuration with which two CPU cores train `network`."""
    return TrainConfig(network, CPU_STAGES[network], dropout=0.2, augmentation=0.4)
