"""Today and any other day: the page, and the card that asks for itself while it waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import consent_withdraw
from diary.songs import songs_replace
from tests.diary.pages import day_keep, html_of

pytestmark = pytest.mark.django_db


def test_today_works(client_of, user: User) -> None:
    html = html_of(client_of(user).get("/today/"))
    assert html.index("<camera-stage") < html.index("사진 없이, 말로 남기기")
    assert html.count('name="own_mood"') == 6
    assert 'aria-current="date"' in html


def test_day_shows_what_was_written(client_of, user: User, astronaut_jpeg: bytes) -> None:
    date = user.today() - dt.timedelta(days=3)
    entry = day_keep(user, date, photo=astronaut_jpeg, read=True, note="<b>우산</b>\n둘째 줄")
    html = html_of(client_of(user).get(f"/day/{date}/"))
    assert "슬픔이 조금, 그래도 대체로 평온." in html
    assert entry.photo_url in html
    assert "&lt;b&gt;우산&lt;/b&gt;\n둘째 줄" in html
    assert html.index("44 %") < html.index("31 %") < html.index("12 %")
    assert "그게 아닌데, 고칠래요" in html
    assert "hx-trigger" not in html


@pytest.mark.parametrize("name", ["today/", "trends/"])
def test_pages_send_a_stranger_to_the_door(name: str) -> None:
    response = Client().get(f"/{name}")
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/{name}")


def test_day_sends_a_stranger_to_the_door(user: User) -> None:
    for tail in ("", "card/"):
        path = f"/day/{user.today()}/{tail}"
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_day_of_somebody_else_is_an_empty_page(client_of, user: User, other: User) -> None:
    day_keep(user, user.today(), own_mood="happy", note="비밀")
    for path in ("/today/", f"/day/{user.today()}/card/"):
        html = html_of(client_of(other).get(path))
        assert "비밀" not in html
        assert 'data-kind="empty"' in html


def test_a_day_that_has_not_come_is_not_there(client_of, user: User) -> None:
    client, tomorrow = client_of(user), user.today() + dt.timedelta(days=1)
    assert client.get(f"/day/{tomorrow}/").status_code == 404
    assert client.get("/day/1969-12-31/").status_code == 404
    assert f'href="/day/{tomorrow}/"' not in html_of(client.get("/today/"))


def test_who_did_not_agree_says_it_by_hand_first(client_of, user: User) -> None:
    consent_withdraw(user=user)
    html = html_of(client_of(user).get("/today/"))
    assert html.index("사진 없이, 말로 남기기") < html.index("<camera-stage")
    assert "읽지 않고 간직하기만 해요" in html
    assert "/accounts/settings/" in html


def test_a_photo_that_nobody_may_read_is_kept(client_of, user: User, astronaut_jpeg: bytes) -> None:
    consent_withdraw(user=user)
    entry = day_keep(user, user.today(), photo=astronaut_jpeg)
    html = html_of(client_of(user).get("/today/"))
    assert "사진을 간직해 두었어요." in html
    assert entry.photo_url in html


@pytest.mark.parametrize("state", ["queued", "running"])
def test_card_that_waits_asks_again_and_is_not_sent_twice(
    client_of, user: User, astronaut_jpeg: bytes, state: str
) -> None:
    claim = (
        {"claim": "00000000-0000-4000-8000-000000000000", "lease_until": dt.datetime.now(dt.UTC)}
        if state == "running"
        else {}
    )
    day_keep(user, user.today(), photo=astronaut_jpeg, state=state, **claim)
    client, path = client_of(user), f"/day/{user.today()}/card/"
    html = html_of(client.get(path))
    assert f'hx-get="{path}?seen=waiting"' in html
    assert 'hx-trigger="every 1s"' in html
    assert "얼굴을 읽고 있어요…" in html
    again = client.get(path + "?seen=waiting", headers={"hx-request": "true"})
    assert (again.status_code, again.content) == (204, b"")
    assert 'http-equiv="refresh"' in html_of(client.get("/today/"))


def test_card_that_is_final_says_so_aloud_and_on_the_calendar(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    day_keep(user, user.today(), photo=astronaut_jpeg, read=True)
    html = html_of(client_of(user).get(f"/day/{user.today()}/card/?seen=waiting"))
    assert "every 1s" not in html
    assert '<p hx-swap-oob="innerHTML:#status">슬픔이 조금' in html
    assert f'id="square-{user.today()}"' in html
    assert "<html" not in html


def test_several_faces_can_be_tapped(client_of, user: User, two_astronauts_jpeg: bytes) -> None:
    faces = [{"x": x, "y": 60, "width": 110, "height": 140} for x in (165, 677)]
    day_keep(
        user,
        user.today(),
        photo=two_astronauts_jpeg,
        size=(1024, 512),
        state="several_faces",
        found_faces=faces,
    )
    html = html_of(client_of(user).get("/today/"))
    assert 'data-x="677"' in html
    assert html.count('name="face" value="1"') == 2
    assert "어느 쪽이 나인가요?" in html


def test_no_face_offers_a_box_a_word_and_another_photo(
    client_of, user: User, drawn_landscape_jpeg: bytes
) -> None:
    day_keep(user, user.today(), photo=drawn_landscape_jpeg, size=(900, 600), state="no_face")
    html = html_of(client_of(user).get("/today/"))
    assert '<face-box class="whole-photo" data-width="900" data-height="600">' in html
    assert all(f'name="{name}"' in html for name in ("x", "y", "width", "height"))
    assert html.count('name="own_mood"') == 6
    assert "다른 사진으로 바꾸기" in html


def test_no_face_with_a_word_shows_the_word_and_its_songs(
    client_of, user: User, catalogue: None, drawn_landscape_jpeg: bytes
) -> None:
    entry = day_keep(
        user, user.today(), photo=drawn_landscape_jpeg, size=(900, 600), state="no_face",
        own_mood="happy",
    )  # fmt: skip
    with transaction.atomic():
        songs_replace(entry=entry)
    html = html_of(client_of(user).get("/today/"))
    assert "내 말로는, 기쁨." in html
    assert html.count('class="ticket ') == 4


@pytest.mark.parametrize(
    ("code", "words"), [("photo_missing", "찾지 못했어요"), ("never_heard_of", "다시 해 보세요")]
)
def test_failure_says_why_and_offers_another_try(
    client_of, user: User, astronaut_jpeg: bytes, code: str, words: str
) -> None:
    day_keep(user, user.today(), photo=astronaut_jpeg, state="failed", failure_code=code)
    html = html_of(client_of(user).get("/today/"))
    assert words in html
    assert f'action="/day/{user.today()}/again/"' in html


def test_both_words_are_shown_where_the_person_corrects(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    day_keep(user, user.today(), photo=astronaut_jpeg, read=True, own_mood="anger")
    html = html_of(client_of(user).get("/today/"))
    assert html.index("내 말로는, 화.") < html.index("슬픔이 조금, 그래도 대체로 평온.")
    assert "읽은 대로 둘래요" in html


def test_songs_are_tickets_and_no_other_host_is_asked_before_a_press(
    client_of, user: User, catalogue: None
) -> None:
    entry = day_keep(user, user.today(), own_mood="happy")
    with transaction.atomic():
        songs_replace(entry=entry)
    html = html_of(client_of(user).get("/today/"))
    assert html.count('class="ticket ') == 4
    assert html.count("<song-player") == 1
    assert "<iframe" not in html
    assert html.count('target="_blank"') == html.count('rel="noopener noreferrer"') > 0


def test_day_asks_as_many_queries_for_a_full_month_as_for_an_empty_one(
    client_of, user: User, catalogue: None, astronaut_jpeg: bytes
) -> None:
    client = client_of(user)
    today = user.today()
    entry = day_keep(user, today, photo=astronaut_jpeg, read=True)
    with transaction.atomic():
        songs_replace(entry=entry)
    client.get("/today/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/today/")
    for number in range(1, 29):
        date = today.replace(day=number)
        if date != today:
            day_keep(user, date, photo=astronaut_jpeg, read=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/today/")
    assert len(many) == len(few)


def test_english_reader_gets_english(client_of, user: User) -> None:
    user.language = "en"
    user.save()
    day_keep(user, user.today(), own_mood="sad")
    html = html_of(client_of(user).get("/today/"))
    assert '<html lang="en"' in html
    assert 'aria-label="sad"' in html
    assert 'abbr="Sunday"' in html
