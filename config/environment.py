"""Secrets: from files where the machine keeps them there, made once for the embedded mode."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

SECRETS = (
    "SECRET_KEY",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "MEDIA_ACCESS_KEY",
    "MEDIA_SECRET_KEY",
    "SPOTIPY_CLIENT_ID",
    "SPOTIPY_CLIENT_SECRET",
)


def read_secret_files(environment: MutableMapping[str, str]) -> None:
    """Set each secret `X` from the file that `X_FILE` names, where `X` itself is not set."""
    for name in SECRETS:
        path = environment.get(f"{name}_FILE")
        if path and not environment.get(name):
            environment[name] = Path(path).read_text(encoding="utf-8").strip()


def embedded_secret_key(path: Path) -> str:
    """Return the key kept at `path`, made at the first start and readable by its owner only."""
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        # Web, worker and beat may start at once: only one of them gets to create the file.
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(get_random_secret_key(), encoding="utf-8")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
