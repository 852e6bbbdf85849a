"""Photographs that go once they have been read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import preferences_update
from diary import readings, services
from diary.errors import DiaryError
from diary.models import Entry
from diary.photos import CleanPhoto
from emotion.predictor import FaceReading, NoFace
from tests.diary.pages import READ, day_keep, html_of

pytestmark = pytest.mark.django_db(transaction=True)

ERASE = "/accounts/photos/erase/"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faces are read at once and alike."""
    monkeypatch.setattr(readings, "read_face", lambda *_args, **_options: READ)


def keep(owner: User, photo: CleanPhoto, back: int = 0) -> Entry:
    date = owner.today() - dt.timedelta(days=back)
    return services.entry_upload(owner=owner, date=date, photo=photo)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_it_works(
    client_of, user: User, astronaut_photo: CleanPhoto, read: None, media: Path
) -> None:
    preferences_update(user=user, delete_photos=True)
    entry = keep(user, astronaut_photo)
    assert len(files(media)) == 2
    readings.entry_read(entry_id=entry.pk)
    assert files(media) == []
    entry.refresh_from_db()
    assert (entry.photo.name, entry.photo_small.name, entry.state) == ("", "", "ready")
    assert entry.reading.box == READ.box
    assert (entry.photo_width, entry.photo_height) == (512, 512)
    html = html_of(client_of(user).get("/today/"))
    assert "슬픔이 조금, 그래도 대체로 평온." in html
    assert "/photos/" not in html


def test_reading_it_again_is_refused_in_its_own_words(
    client_of, user: User, astronaut_photo: CleanPhoto, read: None
) -> None:
    preferences_update(user=user, delete_photos=True)
    entry = keep(user, astronaut_photo)
    readings.entry_read(entry_id=entry.pk)
    entry = Entry.objects.get()
    with pytest.raises(DiaryError) as again:
        services.entry_read_again(entry=entry)
    with pytest.raises(DiaryError) as face:
        services.entry_mark_face(entry=entry, x=1, y=1, width=99, height=99)
    assert again.value.code == face.value.code == "photo_deleted"
    page = client_of(user).post(f"/day/{user.today()}/again/", follow=True)
    assert "사진은 읽고 나서 지웠어요." in html_of(page)
    keep(user, astronaut_photo)
    assert Entry.objects.get().state == Entry.State.QUEUED


def test_what_could_not_be_read_stays_to_be_marked(
    user: User, astronaut_photo: CleanPhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_args: object, **_options: object) -> FaceReading:
        raise NoFace

    monkeypatch.setattr(readings, "read_face", none)
    preferences_update(user=user, delete_photos=True)
    entry = keep(user, astronaut_photo)
    readings.entry_read(entry_id=entry.pk)
    entry.refresh_from_db()
    assert (entry.state, bool(entry.photo)) == ("no_face", True)


def test_old_photos_stay_unless_asked(
    client_of, user: User, other: User, astronaut_photo: CleanPhoto, read: None, media: Path
) -> None:
    for owner in (user, other):
        readings.entry_read(entry_id=keep(owner, astronaut_photo, back=1).pk)
    preferences_update(user=user, delete_photos=True)
    waiting = keep(user, astronaut_photo)
    assert len(files(media)) == 6
    page = client_of(user).post(ERASE, follow=True)
    assert "사진 1장을 지웠어요." in html_of(page)
    assert len(files(media)) == 4
    assert set(Entry.objects.exclude(photo="")) == {waiting, Entry.objects.get(owner=other)}


def test_only_a_signed_in_person_asks_and_not_by_a_link(client_of, user: User) -> None:
    entry = day_keep(user, user.today(), photo=b"jpeg", read=True)
    assert Client().post(ERASE).url == f"/accounts/login/?next={ERASE}"
    assert client_of(user).get(ERASE).status_code == 405
    entry.refresh_from_db()
    assert entry.photo
