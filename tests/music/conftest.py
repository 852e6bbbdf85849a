"""The catalogue in the database, and one track that a test can bend."""

from __future__ import annotations

import pytest

from music.catalogue import CATALOGUE, songs_load, songs_read
from music.models import Track


@pytest.fixture
def catalogue(db):
    songs_load(songs=songs_read(CATALOGUE))


@pytest.fixture
def make_track(db):
    def make(**fields) -> Track:
        number = Track.objects.count()
        values = {
            "artist": f"음악가 {number}",
            "title": f"노래 {number}",
            "language": "ko",
            "genre": "indie",
            "valence": 0.5,
            "energy": 0.5,
        }
        return Track.objects.create(**{**values, **fields})

    return make
