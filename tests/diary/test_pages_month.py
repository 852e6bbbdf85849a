"""The month on a page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.diary.pages import day_keep, html_of

pytestmark = pytest.mark.django_db


def test_month_works(client_of, user: User, astronaut_jpeg: bytes) -> None:
    day_keep(user, dt.date(2025, 3, 3), own_mood="happy", note="첫 글")
    photo = day_keep(user, dt.date(2025, 3, 4), photo=astronaut_jpeg, read=True)
    html = html_of(client_of(user).get("/month/2025/03/"))
    assert 'aria-label="기쁨"' in html
    assert 'aria-label="중립"' in html
    assert "첫 글" in html
    assert 'href="/day/2025-03-31/"' in html
    assert 'href="/month/2025/02/"' in html
    assert 'href="/month/2025/04/"' in html
    assert photo.photo_small_url not in html


def test_month_shows_photos_where_they_are_asked_for(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    photo = day_keep(user, dt.date(2025, 3, 4), photo=astronaut_jpeg, read=True)
    html = html_of(client_of(user).get("/month/2025/03/?photos=1"))
    assert f'<img src="{photo.photo_small_url}" alt="" loading="lazy"' in html
    assert photo.photo_url not in html


def test_month_circles_today_and_links_no_day_to_come(client_of, user: User) -> None:
    today = user.today()
    html = html_of(client_of(user).get(f"/month/{today:%Y/%m}/"))
    assert html.count('aria-current="date"') == 1
    assert f'href="/day/{today}/"' in html
    assert f'href="/day/{today + dt.timedelta(days=1)}/"' not in html
    after = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    assert f'href="/month/{after:%Y/%m}/"' not in html
    assert client_of(user).get(f"/month/{after:%Y/%m}/").status_code == 404


def test_month_shows_nothing_to_a_stranger(client_of, user: User, other: User) -> None:
    day_keep(user, dt.date(2025, 3, 3), own_mood="happy", note="비밀")
    html = html_of(client_of(other).get("/month/2025/03/"))
    assert "비밀" not in html
    assert 'aria-label="기쁨"' not in html
    path = "/month/2025/03/"
    assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_month_asks_as_many_queries_full_as_empty(
    client_of, user: User, astronaut_jpeg: bytes
) -> None:
    client = client_of(user)
    client.get("/month/2025/03/")
    with CaptureQueriesContext(connection) as few:
        client.get("/month/2025/03/?photos=1")
    for number in range(1, 32):
        day_keep(user, dt.date(2025, 3, number), photo=astronaut_jpeg, read=True, note="글")
    with CaptureQueriesContext(connection) as many:
        client.get("/month/2025/03/?photos=1")
    assert len(many) == len(few)
