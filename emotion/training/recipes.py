"""How many faces a network sees at which size, for the machine at hand."""

from __future__ import annotations

from emotion.training.train import Stage, TrainConfig

SMALL, MIDDLE, FULL = (96, 72), (138, 103), (275, 205)

# What two busy CPU cores manage in two hours: a first model, far from what the data could give.
# A short run learns more from faces that are varied less, so augmentation and dropout are low.
CPU_STAGES: dict[str, tuple[Stage, ...]] = {
    "resnet50": (
        Stage(SMALL, 90_000, 5, 1e-3, 64),
        Stage(MIDDLE, 14_000, 1, 4e-4, 64),
        Stage(FULL, 8_000, 3, 3e-4, 32),
    ),
    "vgg16": (
        Stage(SMALL, 20_000, 2, 4e-4, 64),
        Stage(MIDDLE, 5_120, 1, 3e-4, 64),
        Stage(FULL, 4_800, 2, 2e-4, 32),
    ),
    "xception": (
        Stage(SMALL, 6_400, 1, 1e-3, 64),
        Stage(MIDDLE, 640, 1, 4e-4, 64),
        Stage(FULL, 480, 1, 3e-4, 32),
    ),
}


def cpu_recipe(network: str) -> TrainConfig:
    """Return the configuration with which two CPU cores train `network`."""
    return TrainConfig(network, CPU_STAGES[network], dropout=0.2, augmentation=0.4)
