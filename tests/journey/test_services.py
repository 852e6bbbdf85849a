"""The core of the journey on PostgreSQL and Redis, and a broker that goes away."""

from __future__ import annotations

import time

import pytest

from tests.journey import steps
from tests.journey.person import Person
from tests.services import Redis
from tests.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.services]
# Longer than this and a person presses the button again.
UPLOAD_SECONDS = 15


@pytest.fixture
def site(services_site: Site) -> Site:
    return services_site


def test_it_works(site: Site, astronaut_jpeg: bytes) -> None:
    steps.selfie_becomes_a_mood_and_songs(site, astronaut_jpeg)


def test_no_face_is_said(site: Site, drawn_landscape_jpeg: bytes) -> None:
    person = Person(site)
    person.upload(drawn_landscape_jpeg)
    assert person.settled()["state"] == "no_face"


def test_worker_killed_in_the_middle_is_survived(site: Site, astronaut_jpeg: bytes) -> None:
    steps.worker_killed_in_the_middle_is_survived(site, astronaut_jpeg)


def test_broker_that_is_away_costs_nothing(site: Site, redis: Redis, astronaut_jpeg: bytes) -> None:
    person = Person(site)
    redis.stop()
    try:
        start = time.monotonic()
        answer = person.upload(astronaut_jpeg)
        taken = time.monotonic() - start
    finally:
        redis.start()
    assert answer.status_code == 201, answer.text
    assert taken < UPLOAD_SECONDS
    # Redis came back empty, so this message can only be the sweeper's.
    steps.assert_read_once(person.settled())
