"""The worker's side: claims, leases, outcomes. The faces are read by the real ensemble."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from accounts.services import consent_withdraw
from diary import readings, services
from diary.models import Entry, EntrySong, Reading
from diary.photos import CleanPhoto, photo_clean
from diary.selectors import entry_get
from diary.songs import piece_compose
from emotion.labels import KEYS
from tests.diary.conftest import upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(user: User, astronaut_photo: CleanPhoto, catalogue: None) -> Entry:
    return services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)


def again(entry: Entry) -> Entry:
    found = entry_get(owner=entry.owner, date=entry.date)
    assert found is not None
    return found


def test_it_works(entry: Entry) -> None:
    readings.entry_read(entry_id=entry.pk)
    entry = again(entry)
    assert entry.state == Entry.State.READY
    reading = entry.reading
    assert abs(sum(reading.probabilities) - 1) < 1e-9
    assert reading.dominant == max(KEYS, key=lambda key: getattr(reading, key))
    assert reading.box_source == "opencv"
    assert set(reading.milliseconds) >= {"decode", "detect", "crop", "infer"}
    assert [song.kind for song in entry.songs.all()] == ["piece", "track", "track", "track"]


def test_delivered_twice_reads_once(entry: Entry) -> None:
    readings.entry_read(entry_id=entry.pk)
    first = again(entry).reading.pk, [song.pk for song in again(entry).songs.all()]
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).reading.pk, [song.pk for song in again(entry).songs.all()]) == first


def test_row_that_is_gone_is_left_quietly() -> None:
    readings.entry_read(entry_id=123456)


def test_running_entry_is_claimed_only_after_its_lease(entry: Entry) -> None:
    assert readings.entry_claim(entry_id=entry.pk) is not None
    assert readings.entry_claim(entry_id=entry.pk) is None
    Entry.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    second = readings.entry_claim(entry_id=entry.pk)
    assert second is not None
    assert second.attempts == 2


def test_worker_that_lost_its_claim_writes_nothing(
    entry: Entry, astronaut_photo: CleanPhoto
) -> None:
    slow = readings.entry_claim(entry_id=entry.pk)
    assert slow is not None
    services.entry_upload(owner=entry.owner, date=entry.date, photo=astronaut_photo)
    readings._finish(slow, Entry.State.NO_FACE)
    assert again(entry).state == Entry.State.QUEUED


def test_no_face_is_said(user: User, drawn_landscape_jpeg: bytes) -> None:
    photo = photo_clean(upload(drawn_landscape_jpeg))
    entry = services.entry_upload(owner=user, date=user.today(), photo=photo)
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).state, again(entry).reading_or_none) == (Entry.State.NO_FACE, None)


def test_box_by_hand_is_read_without_the_detector(user: User, drawn_landscape_jpeg: bytes) -> None:
    photo = photo_clean(upload(drawn_landscape_jpeg))
    entry = services.entry_upload(owner=user, date=user.today(), photo=photo)
    readings.entry_read(entry_id=entry.pk)
    services.entry_mark_face(entry=again(entry), x=300, y=100, width=200, height=260)
    readings.entry_read(entry_id=entry.pk)
    entry = again(entry)
    assert (entry.state, entry.reading.box_source) == (Entry.State.READY, "person")


def test_consent_withdrawn_while_queued_stops_the_reading(entry: Entry) -> None:
    consent_withdraw(user=entry.owner)
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).state, Reading.objects.count()) == (Entry.State.READY, 0)


def test_photo_that_is_gone_fails_with_a_code(entry: Entry) -> None:
    default_storage.delete(str(entry.photo.name))
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).state, again(entry).failure_code) == ("failed", "photo_missing")


def test_photo_that_stops_every_worker_is_given_up(entry: Entry, settings: object) -> None:
    Entry.objects.update(attempts=settings.READING_ATTEMPTS)
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).state, again(entry).failure_code) == ("failed", "gave_up")


def test_missing_model_is_said_and_can_be_tried_again(
    entry: Entry, settings: object, tmp_path: object
) -> None:
    good = settings.EMOTION_MODEL_DIR
    settings.EMOTION_MODEL_DIR = tmp_path
    readings.entry_read(entry_id=entry.pk)
    assert (again(entry).state, again(entry).failure_code) == ("failed", "model_unavailable")
    settings.EMOTION_MODEL_DIR = good
    services.entry_read_again(entry=again(entry))
    readings.entry_read(entry_id=entry.pk)
    assert again(entry).state == Entry.State.READY


def test_own_word_said_while_it_was_read_wins_for_the_songs(entry: Entry) -> None:
    services.entry_write(owner=entry.owner, date=entry.date, own_mood="anger")
    assert not EntrySong.objects.exists()
    readings.entry_read(entry_id=entry.pk)
    entry = again(entry)
    assert entry.mood == "anger"
    assert entry.songs.all()[0].probabilities[KEYS.index("anger")] == 1.0
    assert entry.reading.dominant in KEYS


def test_sweep_sends_what_waits_too_long(entry: Entry, sent_tasks: list) -> None:
    sent_tasks.clear()
    assert readings.sweep() == 0
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Entry.objects.update(queued_at=long_ago)
    assert readings.sweep() == 1
    assert sent_tasks == [("diary.tasks.read_entry", (entry.pk,))]
    assert readings.sweep() == 0, "the same entry is not sent at every sweep"


def test_sweep_sends_what_lost_its_worker(entry: Entry, sent_tasks: list) -> None:
    Entry.objects.update(
        state="running",
        claim=uuid.uuid4(),
        lease_until=timezone.now() - dt.timedelta(seconds=1),
    )
    sent_tasks.clear()
    readings.sweep()
    assert sent_tasks == [("diary.tasks.read_entry", (entry.pk,))]


def test_piece_is_composed_once_and_kept(user: User, catalogue: None) -> None:
    services.entry_write(owner=user, date=user.today(), own_mood="happy")
    song = EntrySong.objects.get(kind="piece")
    piece_compose(song_id=song.pk)
    song.refresh_from_db()
    name = song.audio.name
    assert song.audio.size > 100_000
    assert song.seconds >= 45
    piece_compose(song_id=song.pk)
    song.refresh_from_db()
    assert song.audio.name == name
