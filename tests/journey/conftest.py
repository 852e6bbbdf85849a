"""The sites of the journeys. Their limits are shorter than in life, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Redis
from tests.site import Site, start_site

LIMITS = {
    "READING_SOFT_SECONDS": "12",
    "READING_HARD_SECONDS": "14",
    "READING_LEASE_SECONDS": "16",
    "SWEEP_SECONDS": "2",
    "LOG_LEVEL": "INFO",
}


@pytest.fixture(scope="package")
def embedded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """SQLite and the filesystem broker: what `make run` gives."""
    with start_site(tmp_path_factory.mktemp("embedded"), LIMITS) as site:
        yield site


@pytest.fixture(scope="package")
def services_site(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, redis: Redis
) -> Iterator[Site]:
    """PostgreSQL and Redis: what production has."""
    environment = {
        **LIMITS,
        "DATABASE_URL": postgres_url,
        "CELERY_BROKER_URL": redis.url,
        "CACHE_URL": f"redis://127.0.0.1:{redis.port}/1",
    }
    with start_site(tmp_path_factory.mktemp("services"), environment) as site:
        yield site


def songs_and_readings(site: Site) -> dict[str, int]:
    """Count rows of the site's database, whichever it is."""
    script = (
        "from diary.models import Entry, EntrySong, Reading;"
        "print(Entry.objects.count(), Reading.objects.count(), EntrySong.objects.count())"
    )
    counts = site.manage("shell", "--no-imports", "-v", "0", "-c", script).split()
    return dict(zip(("entries", "readings", "songs"), map(int, counts), strict=True))


def files_under(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
