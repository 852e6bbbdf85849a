"""System checks: what would otherwise be found out at the first selfie."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from emotion.ensemble import check_files
from emotion.precision import SETTINGS


@register()
def model_files(**_kwargs: Any) -> list[CheckMessage]:
    """Say which weights are missing or damaged."""
    return [
        Error(
            problem,
            hint="Fetch the repository's ml_models/ again, or point EMOTION_MODEL_DIR at a "
            "folder with a manifest.json and its weights.",
            id="gibun.E001",
        )
        for problem in check_files(settings.EMOTION_MODEL_DIR)
    ]


@register()
def precision_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """Say so when EMOTION_PRECISION is misspelt, before a worker finds it out."""
    if settings.EMOTION_PRECISION in SETTINGS:
        return []
    return [
        Error(
            f"EMOTION_PRECISION is {settings.EMOTION_PRECISION!r}, "
            f"which is none of {', '.join(SETTINGS)}.",
            hint="Leave it unset for the fastest that is exact enough on this machine.",
            id="gibun.E003",
        )
    ]


@register(Tags.security, deploy=True)
def limits_lie_inside_each_other(**_kwargs: Any) -> list[CheckMessage]:
    """A task must end before its lease, and a lease before the broker sends it again."""
    limits = (
        settings.READING_SOFT_SECONDS,
        settings.READING_HARD_SECONDS,
        settings.READING_LEASE_SECONDS,
        settings.BROKER_VISIBILITY_SECONDS,
    )
    if list(limits) == sorted(set(limits)):
        return []
    return [
        Error(
            "Reading limits must grow: soft, hard, lease, broker visibility.",
            hint="See READING_SOFT_SECONDS and what follows it in config/settings/base.py.",
            id="gibun.E002",
        )
    ]
