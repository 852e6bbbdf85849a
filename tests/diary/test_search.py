"""Finding days again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from diary import services
from diary.models import Entry, EntrySong
from diary.search import PAGE_SIZE, Wanted, entry_search, excerpt
from diary.words import moods_called
from music.models import Track
from tests.diary.pages import day_keep, html_of

pytestmark = pytest.mark.django_db

Find = Callable[..., list[int]]


@pytest.fixture
def find(user: User, other: User) -> Find:
    """Search in a book of five days of March 2025; returns the days of the month."""
    notes = {
        3: "바닷가를 걸었다. 100% 좋은 날",
        4: "비가 왔다\n집에서 file_name을 고쳤다",
        5: "Rain again",
        6: "",
    }
    for day, note in notes.items():
        day_keep(user, dt.date(2025, 3, day), note=note)
    day_keep(user, dt.date(2024, 11, 30), read=True, note="겨울")
    services.entry_write(
        owner=user, date=dt.date(2025, 3, 6), own_mood="happy", tags=["산책", "Café"]
    )
    day_keep(other, dt.date(2025, 3, 3), note="바닷가를 걸었다. 비밀")

    def search(text: str = "", **filters: object) -> list[int]:
        found = entry_search(owner=user, wanted=Wanted(text, **filters))
        return [entry.date.day for entry in found]

    return search


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("바닷가", [3]),
        ("닷가", [3]),
        ("바닷가 걸었다", [3]),
        ("바닷가 비가", []),
        ("RAIN", [5]),
        ("책", [6]),
        ("#산책", []),
        ("CAFÉ", [6]),
        ("기쁨", [6]),
        ("happy", [6]),
        ("평온", [30]),
        ("중립", [30]),
        ("2025-03-04", [4]),
        ("2025.3.4.", [4]),
        ("2025-03", [6, 5, 4, 3]),
        ("2024년 11월 30일", [30]),
        ("2024", [30]),
        ("3월 비", [4]),
        ("2025-13-99", []),
        ("", [6, 5, 4, 3, 30]),
    ],
)
def test_words_find_days(find: Find, text: str, days: list[int]) -> None:
    assert find(text) == days


@pytest.mark.parametrize(("text", "days"), [("%", [3]), ("100%", [3]), ("_", [4]), ("\\", [])])
def test_signs_of_like_are_letters(find: Find, text: str, days: list[int]) -> None:
    assert find(text) == days


def test_filters_narrow_it(find: Find, user: User) -> None:
    assert find(mood="happy") == [6]
    assert find(mood="neutral") == [30]
    assert find(tag="café") == [6]
    assert find(tag="Caf") == []
    assert find(first=dt.date(2025, 3, 4), last=dt.date(2025, 3, 5)) == [5, 4]
    assert find("비가", first=dt.date(2025, 3, 5)) == []
    Entry.objects.filter(date=dt.date(2025, 3, 5)).update(photo="photos/a.jpg")
    assert find(has_photo=True) == [5]


def test_songs_find_the_day_once(find: Find, user: User) -> None:
    entry = Entry.objects.get(owner=user, date=dt.date(2025, 3, 3))
    for position, title in enumerate(("밤편지", "밤 산책")):
        track = Track.objects.create(
            title=title, artist="아이유", language="ko", genre="pop", valence=0.5, energy=0.5
        )
        EntrySong.objects.create(
            entry=entry,
            position=position,
            kind="track",
            track=track,
            probabilities=[1, 0, 0, 0, 0, 0],
        )
    assert find("아이유") == [3]
    assert find("편지") == [3]
    assert find("산책") == [6, 3]


def test_moods_are_called_by_their_names() -> None:
    assert moods_called("화") == ["anger"]
    assert moods_called("분노") == ["anger"]
    assert moods_called("an") == ["anger", "anxiety"]
    assert moods_called("a") == moods_called("책") == []


def test_excerpt_shows_the_place() -> None:
    note = "가" * 100 + "\n바다 " + "나" * 100
    assert "바다" in excerpt(note, ["없음", "바다"])
    assert excerpt(note, ["바다"]).startswith("…")
    assert excerpt(note, ["바다"]).endswith("…")
    assert excerpt("짧은 글\n둘째 줄", []) == "짧은 글 둘째 줄"


def test_page_works(client_of, find: Find, user: User) -> None:
    client = client_of(user)
    assert "찾았어요" not in html_of(client.get("/search/"))
    html = html_of(client.get("/search/?q=바닷가"))
    assert "1일을 찾았어요." in html
    assert 'href="/day/2025-03-03/"' in html
    assert "비밀" not in html
    assert "찾는 날이 없어요." in html_of(client.get("/search/?q=없는말"))
    html = html_of(client.get("/search/?mood=happy&q="))
    assert '<option value="happy" selected>' in html
    assert "#산책" in html
    assert "&lt;b&gt;" in html_of(client.get("/search/?q=<b>"))


def test_pages_go_on(client_of, api_of, user: User) -> None:
    Entry.objects.bulk_create(
        Entry(owner=user, date=dt.date(2025, 1, 1) + dt.timedelta(days=n), note="바다")
        for n in range(PAGE_SIZE + 1)
    )
    client = client_of(user)
    html = html_of(client.get("/search/?q=바다"))
    assert html.count('href="/day/') == PAGE_SIZE
    assert f"?q={'%EB%B0%94%EB%8B%A4'}&amp;page=2" in html
    assert html_of(client.get("/search/?q=바다&page=2")).count('href="/day/') == 1
    assert html_of(client.get("/search/?q=바다&page=999")).count('href="/day/') == 1
    body = api_of(user).get("/api/v1/search/?q=바다&page=2").json()
    assert (body["count"], body["page"], body["pages"], len(body["days"])) == (31, 2, 2, 1)


@pytest.mark.parametrize(
    "query",
    ["mood=hurt", "since=x", "since=2025-02-01&until=2025-01-01", "q=" + "x" * 101, "q=%00"],
)
def test_what_makes_no_sense_is_said(client_of, api_of, user: User, query: str) -> None:
    response = client_of(user).get(f"/search/?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in html_of(response)
    answer = api_of(user).get(f"/api/v1/search/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "search_malformed")


def test_api_works(api_of, find: Find, user: User, other: User) -> None:
    assert api_of(user).get("/api/v1/search/?q=산책&mood=happy&since=2025-03-01").json() == {
        "count": 1,
        "page": 1,
        "pages": 1,
        "days": [
            {
                "date": "2025-03-06",
                "state": "ready",
                "mood": "happy",
                "excerpt": "",
                "tags": ["café".replace("c", "C"), "산책"],
            }
        ],
    }
    assert api_of(other).get("/api/v1/search/?q=산책").json()["days"] == []
    assert (
        api_of(other).get("/api/v1/search/?q=바닷가").json()["days"][0]["excerpt"].endswith("비밀")
    )


def test_a_stranger_finds_nothing(client_of, find: Find, other: User) -> None:
    assert APIClient().get("/api/v1/search/").status_code == 401
    assert Client().get("/search/")["Location"] == "/accounts/login/?next=/search/"
    assert "Rain again" not in html_of(client_of(other).get("/search/?q=rain"))


def test_more_days_ask_no_more_queries(client_of, user: User, django_assert_num_queries) -> None:
    client = client_of(user)
    for count in (3, 20):
        for n in range(count):
            date = user.today() - dt.timedelta(days=n)
            services.entry_write(owner=user, date=date, note="바다", tags=["산책"])
        with django_assert_num_queries(6):
            client.get("/search/?q=바다 산책")
