"""What a day takes from its page: a photograph, words, a face, its own end."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from accounts.models import User
from diary.models import Entry
from tests.diary.conftest import upload
from tests.diary.pages import day_keep, html_of

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def test_upload_works(client_of, user: User, astronaut_jpeg: bytes) -> None:
    path = f"/day/{user.today()}/"
    response = client_of(user).post(path + "photo/", {"photo": upload(astronaut_jpeg)})
    assert (response.status_code, response["Location"]) == (302, path)
    entry = Entry.objects.get(owner=user)
    assert (entry.state, entry.photo_width) == ("queued", 512)


def test_upload_answers_a_script_with_the_waiting_card(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    path = f"/day/{user.today()}/photo/"
    response = client_of(user).post(path, {"photo": upload(astronaut_jpeg)}, headers=HTMX)
    html = html_of(response)
    assert response.status_code == 200
    assert 'data-kind="waiting"' in html
    assert "<html" not in html


def test_upload_takes_the_box_of_a_label_file(client_of, user: User, astronaut_jpeg: bytes) -> None:
    sides = {"minX": 150.0, "minY": 40.0, "maxX": 290.0, "maxY": 210.0}
    label = {"filename": "selfie.jpg", "annot_A": {"boxes": sides}}
    files = {
        "photo": upload(astronaut_jpeg),
        "annotation": upload(json.dumps([label]).encode(), "label.json"),
    }
    client_of(user).post(f"/day/{user.today()}/photo/", files)
    box = Entry.objects.get(owner=user).given_box
    assert box == {"x": 150, "y": 40, "width": 140, "height": 170, "source": "annotation"}


@pytest.mark.parametrize("content", [b"", b"hello" * 50, b"\xff\xd8\xff\xe0" + b"\0" * 99])
def test_bad_photo_is_refused_in_words_and_leaves_nothing(
    client_of, user: User, content: bytes
) -> None:
    path, client = f"/day/{user.today()}/photo/", client_of(user)
    response = client.post(path, {"photo": upload(content)}, headers=HTMX)
    assert response.status_code == 422
    assert 'role="alert"' in html_of(response)
    page = client.post(path, {"photo": upload(content)}, follow=True)
    assert "slip-error" in html_of(page)
    assert not Entry.objects.exists()


def test_no_photo_and_a_broken_label_are_refused_in_words(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    path, client = f"/day/{user.today()}/photo/", client_of(user)
    assert "사진이 오지 않았어요." in html_of(client.post(path, headers=HTMX))
    files = {"photo": upload(astronaut_jpeg), "annotation": upload(b"{not json", "label.json")}
    assert "라벨 파일을 읽지 못했어요." in html_of(client.post(path, files, headers=HTMX))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("what", ["photo", "write"])
def test_a_day_that_has_not_come_takes_nothing(
    client_of, user: User, astronaut_jpeg: bytes, what: str
) -> None:
    tomorrow = user.today() + dt.timedelta(days=1)
    data = {"photo": upload(astronaut_jpeg)} if what == "photo" else {"own_mood": "happy"}
    response = client_of(user).post(f"/day/{tomorrow}/{what}/", data, follow=True)
    assert response.redirect_chain == [("/today/", 302)]
    assert "아직 오지 않은 날이에요." in html_of(response)
    assert not Entry.objects.exists()


def test_write_keeps_note_and_mood_apart(client_of, user: User) -> None:
    client, path = client_of(user), f"/day/{user.today()}/write/"
    client.post(path, {"note": "첫 줄\r\n둘째 줄"})
    client.post(path, {"own_mood": "sad"})
    entry = Entry.objects.get(owner=user)
    assert (entry.note, entry.own_mood) == ("첫 줄\n둘째 줄", "sad")
    client.post(path, {"own_mood": ""})
    client.post(path, {"note": ""})
    entry.refresh_from_db()
    assert (entry.note, entry.own_mood) == ("", "")


def test_note_is_kept_in_the_browser_under_its_writer_and_day(client_of, user: User) -> None:
    html = html_of(client_of(user).get("/today/"))
    assert f'data-draft="draft/{user.pk}/{user.today()}"' in html
    assert 'href="/accounts/login/?next=/today/"' in html
    assert "<script>" not in html


def test_write_answers_a_script_with_a_word_or_the_card(
    client_of, user: User, catalogue: None
) -> None:
    client, path = client_of(user), f"/day/{user.today()}/write/"
    assert 'class="saved"' in html_of(client.post(path, {"note": "글"}, headers=HTMX))
    assert "내 말로는, 기쁨." in html_of(client.post(path, {"own_mood": "happy"}, headers=HTMX))
    refused = client.post(path, {"note": "글" * 10_001}, headers=HTMX)
    assert refused.status_code == 422
    assert "길어요" in html_of(refused)
    assert client.post(path, {"own_mood": "hurt"}, headers=HTMX).status_code == 422
    assert Entry.objects.get(owner=user).own_mood == "happy"


def test_face_takes_a_tap_or_a_box(client_of, user: User, two_astronauts_jpeg: bytes) -> None:
    faces = [{"x": x, "y": 60, "width": 110, "height": 140} for x in (165, 677)]
    client, path = client_of(user), f"/day/{user.today()}/face/"
    entry = day_keep(
        user, user.today(), photo=two_astronauts_jpeg, size=(1024, 512), state="several_faces",
        found_faces=faces,
    )  # fmt: skip
    assert client.post(path, {"face": "7"}, headers=HTMX).status_code == 422
    assert client.post(path, {"face": "1"}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "queued"
    assert entry.given_box == {**faces[1], "source": "person"}
    client.post(path, {"x": "10", "y": "20", "width": "100.5", "height": "120"})
    entry.refresh_from_db()
    assert (entry.given_box["x"], entry.given_box["width"]) == (10, 100.5)


@pytest.mark.parametrize(
    "box",
    [
        {},
        {"x": "nan", "y": "0", "width": "100", "height": "100"},
        {"x": "1", "y": "1", "width": "1e999", "height": "100"},
        {"x": "5000", "y": "0", "width": "100", "height": "100"},
        {"x": "0", "y": "0", "width": "0", "height": "100"},
    ],
)
def test_face_refuses_what_is_no_box(
    client_of, user: User, astronaut_jpeg: bytes, box: dict[str, str]
) -> None:
    day_keep(user, user.today(), photo=astronaut_jpeg, state="no_face")
    response = client_of(user).post(f"/day/{user.today()}/face/", box, headers=HTMX)
    assert response.status_code == 422
    assert Entry.objects.get(owner=user).state == "no_face"


def test_again_queues_the_same_photo(client_of, user: User, astronaut_jpeg: bytes) -> None:
    entry = day_keep(user, user.today(), photo=astronaut_jpeg, state="failed", failure_code="x")
    assert client_of(user).post(f"/day/{user.today()}/again/").status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.failure_code) == ("queued", "")


def test_delete_takes_the_day_out(client_of, user: User, astronaut_jpeg: bytes) -> None:
    day_keep(user, user.today(), photo=astronaut_jpeg, read=True)
    response = client_of(user).post(f"/day/{user.today()}/delete/", follow=True)
    assert "그 하루를 지웠어요." in html_of(response)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("what", ["photo", "write", "face", "again", "delete"])
def test_a_stranger_writes_nothing(client_of, user: User, other: User, what: str) -> None:
    date = user.today()
    day_keep(user, date, own_mood="happy", note="내 글", state="ready")
    path = f"/day/{date}/{what}/"
    data = {"note": "남의 글", "own_mood": "sad", "face": "0"}
    assert Client().post(path, data)["Location"] == f"/accounts/login/?next={path}"
    response = client_of(other).post(path, data)
    if what in ("face", "again", "delete"):
        assert response.status_code == 404
    entry = Entry.objects.get(owner=user)
    assert (entry.note, entry.own_mood) == ("내 글", "happy")


@pytest.mark.parametrize("what", ["photo", "write", "face", "again", "delete"])
def test_nothing_is_written_by_looking(client_of, user: User, what: str) -> None:
    assert client_of(user).get(f"/day/{user.today()}/{what}/").status_code == 405
