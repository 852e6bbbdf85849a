"""Writes that a person asks for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.models import ApiToken, User
from accounts.services import consent_withdraw, token_issue
from diary import services
from diary.errors import DiaryError
from diary.models import Entry, EntrySong, Reading
from diary.photos import CleanPhoto
from diary.selectors import entry_get
from emotion.boxes import FaceBox

pytestmark = pytest.mark.django_db(transaction=True)


def files() -> set[str]:
    found = set()
    for top in ("photos", "pieces"):
        if default_storage.exists(top):
            for folder in default_storage.listdir(top)[0]:
                names = default_storage.listdir(f"{top}/{folder}")[1]
                found |= {f"{top}/{folder}/{name}" for name in names}
    return found


def test_it_works(user: User, astronaut_photo: CleanPhoto, sent_tasks: list) -> None:
    entry = services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo, note="오늘")
    assert entry.state == Entry.State.QUEUED
    assert files() == set(entry.photo_names)
    assert sent_tasks == [("diary.tasks.read_entry", (entry.pk,))]


def test_second_photo_replaces_the_first(user: User, astronaut_photo: CleanPhoto) -> None:
    first = services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo, note="a")
    second = services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)
    assert (second.pk, second.note) == (first.pk, "a")
    assert second.photo_url != first.photo_url
    assert files() == set(second.photo_names)
    assert len(files()) == 2


def test_failed_write_leaves_no_file(
    user: User, astronaut_photo: CleanPhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(Entry, "save", refuse)
    with pytest.raises(IntegrityError):
        services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)
    assert files() == set()


def test_future_day_is_refused_in_the_persons_own_time_zone(
    user: User, astronaut_photo: CleanPhoto
) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        user.time_zone = zone
        today = dt.datetime.now(ZoneInfo(zone)).date()
        services.entry_write(owner=user, date=today, note="오늘은 적을 수 있어요")
        with pytest.raises(DiaryError) as error:
            services.entry_upload(
                owner=user, date=today + dt.timedelta(days=1), photo=astronaut_photo
            )
        assert error.value.code == "future_date"


def test_box_of_the_label_file_is_scaled_with_the_photo(
    user: User, astronaut_photo: CleanPhoto
) -> None:
    half = dataclasses.replace(astronaut_photo, scale=0.5)
    box = FaceBox(300, 80, 280, 340, "annotation")
    entry = services.entry_upload(owner=user, date=user.today(), photo=half, given_box=box)
    assert entry.given_box == {
        "x": 150, "y": 40, "width": 140, "height": 170, "source": "annotation",
    }  # fmt: skip


def test_box_outside_the_photo_is_refused(user: User, astronaut_photo: CleanPhoto) -> None:
    box = FaceBox(5000, 5000, 100, 100, "annotation")
    with pytest.raises(DiaryError) as error:
        services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo, given_box=box)
    assert error.value.code == "box_outside"
    assert files() == set()


def test_without_consent_the_photo_is_kept_and_nobody_reads_it(
    user: User, astronaut_photo: CleanPhoto, sent_tasks: list
) -> None:
    consent_withdraw(user=user)
    entry = services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)
    assert (entry.state, sent_tasks) == (Entry.State.READY, [])
    with pytest.raises(DiaryError) as error:
        services.entry_mark_face(entry=entry, x=100, y=50, width=200, height=250)
    assert error.value.code == "no_consent"


def test_mood_by_hand_brings_songs_and_needs_no_photo(user: User, catalogue: None) -> None:
    services.entry_write(owner=user, date=user.today(), own_mood="sad")
    entry = entry_get(owner=user, date=user.today())
    assert entry is not None
    assert (entry.state, entry.mood) == (Entry.State.READY, "sad")
    assert [song.kind for song in entry.songs.all()] == ["piece", "track", "track", "track"]


def test_mood_taken_back_takes_its_songs_along(user: User, catalogue: None) -> None:
    services.entry_write(owner=user, date=user.today(), own_mood="sad", note="비")
    services.entry_write(owner=user, date=user.today(), own_mood="")
    entry = entry_get(owner=user, date=user.today())
    assert entry is not None
    assert (entry.mood, entry.note, entry.songs.count()) == ("", "비", 0)


def test_unknown_mood_is_refused(user: User) -> None:
    with pytest.raises(DiaryError) as error:
        services.entry_write(owner=user, date=user.today(), own_mood="hurt")
    assert error.value.code == "mood_unknown"
    assert not Entry.objects.exists()


def test_database_refuses_a_second_row_for_the_same_day(user: User) -> None:
    Entry.objects.create(owner=user, date=user.today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(owner=user, date=user.today())


def test_database_refuses_probabilities_that_do_not_sum_to_one(user: User) -> None:
    entry = Entry.objects.create(owner=user, date=user.today())
    numbers = dict.fromkeys(("happy", "anger", "sad", "anxiety", "neutral", "panic"), 0.3)
    box = dict.fromkeys(("box_x", "box_y", "box_width", "box_height"), 1.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(entry=entry, dominant="happy", model_version="1", **numbers, **box)


def test_deleted_day_takes_its_files_along(user: User, astronaut_photo: CleanPhoto) -> None:
    entry = services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)
    services.entry_delete(entry=entry)
    assert files() == set()
    assert not Entry.objects.exists()


def test_erasure_takes_everything_of_one_and_nothing_of_another(
    user: User, other: User, astronaut_photo: CleanPhoto, catalogue: None
) -> None:
    for person in (user, other):
        services.entry_upload(owner=person, date=person.today(), photo=astronaut_photo)
        services.entry_write(owner=person, date=person.today() - dt.timedelta(1), own_mood="happy")
        token_issue(owner=person)
    pieces = EntrySong.objects.filter(kind="piece", entry__owner=user)
    piece = pieces.get()
    piece.audio.save("x.mp3", __import__("io").BytesIO(b"sound"))
    services.owner_erase(owner=user)
    assert not User.objects.filter(pk=user.pk).exists()
    assert not ApiToken.objects.filter(owner_id=user.pk).exists()
    left = Entry.objects.get(owner=other, photo__gt="")
    assert files() == set(left.photo_names)
    assert Entry.objects.filter(owner=other).count() == 2
