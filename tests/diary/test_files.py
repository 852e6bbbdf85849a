"""Photographs and pieces, for their owner alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from diary import services
from diary.models import Entry, EntrySong
from diary.photos import SMALL_SIDE, CleanPhoto

pytestmark = pytest.mark.django_db(transaction=True)

SOUND = bytes(range(256)) * 4


@pytest.fixture
def entry(user: User, astronaut_photo: CleanPhoto) -> Entry:
    return services.entry_upload(owner=user, date=user.today(), photo=astronaut_photo)


@pytest.fixture
def piece(user: User, catalogue: None) -> EntrySong:
    services.entry_write(owner=user, date=user.today(), own_mood="happy")
    song = EntrySong.objects.get(kind="piece")
    song.audio.save("x.mp3", io.BytesIO(SOUND))
    return song


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_photo_works(api_of, user: User, entry: Entry, astronaut_photo: CleanPhoto) -> None:
    answer = api_of(user).get(entry.photo_url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "private" in answer["Cache-Control"]
    assert body(answer) == astronaut_photo.jpeg


def test_small_photo_works(api_of, user: User, entry: Entry, astronaut_photo: CleanPhoto) -> None:
    answer = api_of(user).get(entry.photo_small_url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"]
    assert body(answer) == astronaut_photo.small


def test_small_photo_is_hidden_from_strangers(api_of, other: User, entry: Entry) -> None:
    assert api_of(other).get(entry.photo_small_url).status_code == 404
    assert APIClient().get(entry.photo_small_url).status_code == 401


def test_an_older_photo_gets_its_small_one_at_the_first_look_and_keeps_it(
    api_of, user: User, entry: Entry
) -> None:
    default_storage.delete(str(entry.photo_small.name))
    Entry.objects.update(photo_small="")
    first = body(api_of(user).get(entry.photo_small_url))
    assert max(Image.open(io.BytesIO(first)).size) == SMALL_SIDE
    entry.refresh_from_db()
    name = entry.photo_small.name
    assert body(api_of(user).get(entry.photo_small_url)) == first
    entry.refresh_from_db()
    assert entry.photo_small.name == name
    services.entry_delete(entry=entry)
    assert not default_storage.exists(str(name))


def test_small_photo_of_a_lost_or_replaced_one_leaves_no_file(
    api_of, user: User, entry: Entry, media: Path
) -> None:
    old = Entry.objects.get()
    services.entry_delete(entry=entry)
    assert api_of(user).get(old.photo_small_url).status_code == 404
    lost = Entry.objects.create(owner=user, date="2020-01-01", photo="photos/ab/lost.jpg")
    assert api_of(user).get(lost.photo_small_url).status_code == 404
    kept = Entry.objects.create(owner=user, date="2020-01-02")
    kept.photo.save("x.jpg", io.BytesIO(photo_bytes()))
    Entry.objects.filter(pk=kept.pk).update(photo="photos/cd/another.jpg")
    assert services.photo_small_make(entry=kept) == ""
    assert [path.suffix for path in media.rglob("*.*")] == [".jpg"]


def photo_bytes() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#87b5d9").save(out, "JPEG")
    return out.getvalue()


def test_photo_in_a_page_comes_by_session(client_of, user: User, entry: Entry) -> None:
    assert client_of(user).get(entry.photo_url).status_code == 200


def test_photo_is_hidden_from_strangers(api_of, other: User, entry: Entry) -> None:
    assert api_of(other).get(entry.photo_url).status_code == 404
    assert APIClient().get(entry.photo_url).status_code == 401


def test_photo_that_was_never_taken_is_not_found(api_of, user: User, entry: Entry) -> None:
    empty = Entry.objects.create(owner=user, date="2020-01-01")
    assert api_of(user).get(f"/photos/{empty.public_id}/").status_code == 404


def test_proxy_serves_the_photo_where_there_is_one(
    api_of, user: User, entry: Entry, settings
) -> None:
    settings.MEDIA_ACCEL_LOCATION = "/private/"
    answer = api_of(user).get(entry.photo_url)
    assert answer["X-Accel-Redirect"] == f"/private/{entry.photo.name}"
    assert answer.content == b""


def test_piece_works(api_of, user: User, piece: EntrySong) -> None:
    answer = api_of(user).get(f"/pieces/{piece.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    assert answer["Accept-Ranges"] == "bytes"
    assert body(answer) == SOUND


def test_piece_is_hidden_from_strangers(api_of, other: User, piece: EntrySong) -> None:
    assert api_of(other).get(f"/pieces/{piece.pk}/").status_code == 404
    assert APIClient().get(f"/pieces/{piece.pk}/").status_code == 401


def test_piece_that_is_being_made_says_when_to_ask_again(
    api_of, user: User, piece: EntrySong
) -> None:
    EntrySong.objects.update(audio="")
    answer = api_of(user).get(f"/pieces/{piece.pk}/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=100-199", 100, 200),
        ("bytes=1000-", 1000, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=0-9999", 0, 1024),
    ],
)
def test_range_gives_that_part(
    api_of, user: User, piece: EntrySong, header: str, start: int, stop: int
) -> None:
    answer = api_of(user).get(f"/pieces/{piece.pk}/", headers={"range": header})
    assert answer.status_code == 206
    assert body(answer) == SOUND[start:stop]
    assert answer["Content-Length"] == str(stop - start)
    assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/1024"


def test_range_beyond_the_end_is_refused(api_of, user: User, piece: EntrySong) -> None:
    answer = api_of(user).get(f"/pieces/{piece.pk}/", headers={"range": "bytes=2000-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize("header", ["bytes=a-b", "items=1-2", "bytes=1-2,5-6", "bytes=-"])
def test_range_that_is_none_gives_the_whole(
    api_of, user: User, piece: EntrySong, header: str
) -> None:
    answer = api_of(user).get(f"/pieces/{piece.pk}/", headers={"range": header})
    assert (answer.status_code, body(answer)) == (200, SOUND)
