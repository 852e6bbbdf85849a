"""POST /entries/ and /entries/DATE/."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from diary.models import Entry
from diary.readings import entry_read
from emotion.labels import KEYS
from tests.diary.conftest import upload

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = "/api/v1/entries/"


def post(api: APIClient, content: bytes, **fields: object):
    return api.post(ENTRIES, {"photo": upload(content), **fields}, format="multipart")


def test_it_works(api_of, user: User, astronaut_jpeg: bytes, catalogue: None) -> None:
    api = api_of(user)
    answer = post(api, astronaut_jpeg, note="오늘의 기록")
    assert answer.status_code == 201
    assert answer.json()["state"] == "queued"
    entry_read(entry_id=Entry.objects.get().pk)
    entry = api.get(f"{ENTRIES}{user.today()}/").json()
    assert set(entry) == {
        "date", "state", "failure_code", "note", "own_mood", "own_strength", "tags", "photo_url",
        "photo_small", "found_faces", "reading", "songs",
    }  # fmt: skip
    assert set(entry["reading"]) == {
        "dominant", "probabilities", "valence", "arousal", "model_version", "box",
    }  # fmt: skip
    assert list(entry["reading"]["probabilities"]) == list(KEYS)
    assert set(entry["reading"]["box"]) == {"x", "y", "width", "height", "source"}
    assert entry["songs"][0]["player"]["kind"] == "audio"
    assert all(song["reason"] and song["player"]["src"] for song in entry["songs"])


def test_a_stranger_finds_nothing(api_of, user: User, other: User, astronaut_jpeg: bytes) -> None:
    post(api_of(user), astronaut_jpeg)
    day = f"{ENTRIES}{user.today()}/"
    for method in ("get", "delete"):
        assert getattr(api_of(other), method)(day).status_code == 404
    box = {"face_box": {"x": 1, "y": 1, "width": 99, "height": 99}}
    assert api_of(other).patch(day, box, format="json").status_code == 404
    for method in ("get", "patch", "delete"):
        assert getattr(APIClient(), method)(day).status_code == 401
    assert APIClient().post(ENTRIES, {}).status_code == 401
    assert Entry.objects.get().owner == user


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "photo_empty"), (b"hello", "photo_format"), (b"\xff\xd8\xff\xe0abc", "photo_broken")],
)
def test_bad_photo_has_a_code_and_leaves_nothing(
    api_of, user: User, content: bytes, code: str
) -> None:
    answer = post(api_of(user), content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["detail"]
    assert not Entry.objects.exists()


def test_refusal_is_in_the_persons_language(api_of, user: User) -> None:
    assert "파일" in post(api_of(user), b"").json()["detail"]
    user.language = "en"
    user.save()
    assert "file" in post(api_of(user), b"").json()["detail"]


def test_missing_photo_is_a_field_error(api_of, user: User) -> None:
    answer = api_of(user).post(ENTRIES, {"note": "x"}, format="multipart")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["photo"]


def test_future_day_is_refused(api_of, user: User, astronaut_jpeg: bytes) -> None:
    day = user.today() + dt.timedelta(days=2)
    answer = post(api_of(user), astronaut_jpeg, date=day.isoformat())
    assert (answer.status_code, answer.json()["code"]) == (400, "future_date")


def test_label_file_gives_the_box(api_of, user: User, astronaut_jpeg: bytes) -> None:
    corners = {"minX": 150.0, "minY": 40.0, "maxX": 290.0, "maxY": 210.0}
    record = {"filename": "selfie.jpg", "faceExp_uploader": "기쁨"}
    record |= {f"annot_{k}": {"boxes": corners, "faceExp": "기쁨"} for k in "ABC"}
    label = upload(json.dumps([record], ensure_ascii=False).encode("cp949"), "label.json")
    answer = post(api_of(user), astronaut_jpeg, annotation=label)
    assert answer.status_code == 201
    assert Entry.objects.get().given_box["source"] == "annotation"


def test_broken_label_file_is_refused_and_leaves_nothing(
    api_of, user: User, astronaut_jpeg: bytes
) -> None:
    label = upload(b"{not json", "label.json")
    answer = post(api_of(user), astronaut_jpeg, annotation=label)
    assert (answer.status_code, answer.json()["code"]) == (400, "annotation_unreadable")
    assert not Entry.objects.exists()


def test_mood_by_hand_makes_a_day(api_of, user: User, catalogue: None) -> None:
    day = f"{ENTRIES}{user.today()}/"
    answer = api_of(user).patch(day, {"own_mood": "happy", "note": "좋다"}, format="json")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["own_mood"], body["note"], body["reading"]) == ("happy", "좋다", None)
    assert len(body["songs"]) >= 3


def test_unknown_mood_is_a_field_error(api_of, user: User) -> None:
    day = f"{ENTRIES}{user.today()}/"
    answer = api_of(user).patch(day, {"own_mood": "hurt"}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["own_mood"]


def test_deleted_day_is_gone(api_of, user: User) -> None:
    api = api_of(user)
    day = f"{ENTRIES}{user.today()}/"
    api.patch(day, {"note": "x"}, format="json")
    assert api.delete(day).status_code == 204
    assert api.get(day).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_day_that_never_was_is_not_found(api_of, user: User, day: str) -> None:
    assert api_of(user).get(f"{ENTRIES}{day}/").status_code == 404


def test_upload_is_throttled(api_of, user: User, settings, astronaut_jpeg: bytes) -> None:
    from rest_framework.throttling import ScopedRateThrottle

    before = ScopedRateThrottle.THROTTLE_RATES
    ScopedRateThrottle.THROTTLE_RATES = {**before, "upload": "1/min"}
    try:
        api = api_of(user)
        post(api, b"")
        answer = post(api, b"")
    finally:
        ScopedRateThrottle.THROTTLE_RATES = before
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")


def test_multipart_without_end_is_an_error_not_a_crash(api_of, user: User) -> None:
    body = io.BytesIO(b"--x\r\nContent-Disposition: form-data; name=photo")
    answer = api_of(user).generic(
        "POST", ENTRIES, body.read(), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 400
