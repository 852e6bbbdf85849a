"""The consent withdrawn: what waits is not read, and what is being read is not kept."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from diary import readings, services
from diary.models import Entry, Reading
from diary.photos import CleanPhoto
from emotion.predictor import FaceReading
from tests.diary.pages import READ

pytestmark = pytest.mark.django_db(transaction=True)

CONSENT = "/accounts/consent/"


@pytest.fixture
def entry(user: User, astronaut_photo: CleanPhoto, catalogue: None) -> Entry:
    return services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)


def test_what_waits_leaves_the_queue_at_once(client_of, user: User, entry: Entry) -> None:
    client_of(user).post(CONSENT)
    entry.refresh_from_db()
    assert entry.state == Entry.State.READY
    assert entry.photo
    assert readings.entry_claim(entry_id=entry.pk) is None
    assert readings.sweep() == 0


def test_result_of_a_reading_that_runs_is_dropped(
    user: User, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_args: object, **_options: object) -> FaceReading:
        services.owner_consent_withdraw(owner=User.objects.get(pk=user.pk))
        return READ

    monkeypatch.setattr(readings, "read_face", read)
    readings.entry_read(entry_id=entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.claim) == (Entry.State.READY, None)
    assert not Reading.objects.exists()


def test_own_word_gets_its_songs_without_the_reading(user: User, entry: Entry) -> None:
    services.entry_write(owner=user, date=user.today(), own_mood="happy")
    assert entry.songs.count() == 0
    services.owner_consent_withdraw(owner=user)
    assert entry.songs.count() == 4


def test_api_stops_them_too(api_of, user: User, entry: Entry) -> None:
    api_of(user).patch("/api/v1/accounts/me/", {"consent_face": False}, format="json")
    entry.refresh_from_db()
    user.refresh_from_db()
    assert (entry.state, user.consents_to_faces) == (Entry.State.READY, False)


def test_nobody_elses_readings_stop(client_of, user: User, other: User, entry: Entry) -> None:
    client_of(other).post(CONSENT)
    entry.refresh_from_db()
    assert entry.state == Entry.State.QUEUED
    assert Client().post(CONSENT).url == f"/accounts/login/?next={CONSENT}"
