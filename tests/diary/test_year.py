"""The year in pixels, the days kept, and the same date at other times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from diary import services
from diary.models import Entry
from diary.selectors import DayMood, Streak, on_this_day, streak_get, streak_of, year_days
from diary.views_year import pixel_rows
from tests.diary.pages import day_keep, html_of

TODAY = dt.date(2026, 11, 20)


def days(*back: int) -> Sequence[dt.date]:
    return sorted(TODAY - dt.timedelta(days=n) for n in back)


@pytest.mark.parametrize(
    ("back", "current", "longest"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((0, 1, 2), 3, 3),
        ((1, 2), 2, 2),
        ((2, 3, 4), 0, 3),
        ((0, 2, 3, 4, 9), 1, 3),
        ((0, 1, 3, 4), 2, 2),
    ],
)
def test_streak(back: tuple[int, ...], current: int, longest: int) -> None:
    assert streak_of(days(*back), today=TODAY) == Streak(current, longest, len(back))


def test_rows_of_a_leap_year_stop_with_today() -> None:
    said = [DayMood(dt.date(2024, 2, 28), "ready", "happy"), DayMood(TODAY, "queued", "")]
    rows = pixel_rows(year=2024, today=dt.date(2024, 2, 29), days=said)
    assert [len(row.pixels) for row in rows] == [31] * 12
    assert [sum(map(bool, row.pixels)) for row in rows] == [31, 29, *[0] * 10]
    happy, empty = rows[1].pixels[27:29]
    assert happy is not None
    assert (happy.href, happy.mood, happy.says) == ("/day/2024-02-28/", "happy", "2월 28일, 기쁨")
    assert empty is not None
    assert (empty.mood, empty.says) == ("none", "2월 29일, 빈 날")


@pytest.mark.django_db
class TestWithDays:
    def test_year_is_one_query(self, user: User, other: User, django_assert_num_queries) -> None:
        day_keep(user, dt.date(2024, 1, 1), own_mood="sad")
        day_keep(user, dt.date(2024, 12, 31), read=True)
        day_keep(user, dt.date(2024, 3, 1), note="글")
        day_keep(user, dt.date(2025, 1, 1), own_mood="happy")
        day_keep(other, dt.date(2024, 5, 1), own_mood="happy")
        with django_assert_num_queries(1):
            found = year_days(owner=user, year=2024)
        assert [(day.date.month, day.mood) for day in found] == [
            (1, "sad"), (3, ""), (12, "neutral"),
        ]  # fmt: skip

    def test_streak_counts_what_was_written_later_and_nothing_empty(
        self, user: User, other: User, django_assert_num_queries
    ) -> None:
        today = user.today()
        for back, words in enumerate(({"note": "글"}, {"tags": ["비"]}, {"own_mood": "sad"})):
            date = today - dt.timedelta(days=back)
            services.entry_write(owner=user, date=date, **words)
        day_keep(user, today - dt.timedelta(days=3), read=True)
        services.entry_write(owner=user, date=today - dt.timedelta(days=4), note="")
        day_keep(other, today, own_mood="sad")
        with django_assert_num_queries(1):
            assert streak_get(owner=user) == Streak(4, 4, 4)

    def test_same_date_in_other_years_and_months(
        self, user: User, other: User, django_assert_num_queries
    ) -> None:
        date = user.today().replace(month=5, day=31)
        year = date.year
        for when in (
            dt.date(year - 1, 5, 31), dt.date(1999, 5, 31), dt.date(year, 3, 31),
            dt.date(year - 1, 8, 31), dt.date(year - 1, 3, 31), dt.date(year - 1, 5, 30), date,
        ):  # fmt: skip
            day_keep(user, when, note="글")
        day_keep(user, dt.date(year - 2, 5, 31))
        day_keep(other, dt.date(year - 3, 5, 31), note="비밀")
        with django_assert_num_queries(1):
            found = on_this_day(owner=user, date=date)
        assert [entry.date.year for entry in found.years] == [year - 1, 1999]
        assert [(entry.date.year, entry.date.month) for entry in found.months] == [
            (year, 3), (year - 1, 8),
        ]  # fmt: skip
        assert on_this_day(owner=user, date=dt.date(2024, 2, 29)).years == ()

    def test_day_page_shows_that_date(self, client_of, user: User, other: User) -> None:
        day_keep(user, dt.date(2024, 3, 4), own_mood="happy", note="지난해의 글")
        path = "/day/2025-03-04/"
        html = html_of(client_of(user).get(path))
        assert "이맘때의 나" in html
        assert "지난해의 글" in html
        assert "이맘때의 나" not in html_of(client_of(other).get(path))

    def test_year_page_works(self, client_of, user: User) -> None:
        year = user.today().year - 1
        day_keep(user, dt.date(year, 3, 4), own_mood="happy")
        day_keep(user, dt.date(year, 3, 5), note="글")
        html = html_of(client_of(user).get(f"/year/{year}/"))
        assert f'href="/day/{year}-03-04/" aria-label="3월 4일, 기쁨"' in html
        assert html.count('class="pixel"') in (365, 366)
        assert html.count('class="pixel-none"') in (363, 364)
        assert "지금까지 2일을 남겼어요." in html
        assert "가장 길게는 2일이었어요." in html
        assert "이어지고 있어요" not in html
        assert f'href="/year/{year + 1}/"' in html

    def test_year_to_come_is_not_there(self, client_of, user: User) -> None:
        client, year = client_of(user), user.today().year
        assert f'href="/year/{year + 1}/"' not in html_of(client.get(f"/year/{year}/"))
        assert client.get(f"/year/{year + 1}/").status_code == 404
        assert client.get("/year/1969/").status_code == 404

    def test_year_page_shows_nothing_to_a_stranger(
        self, client_of, user: User, other: User
    ) -> None:
        day_keep(user, dt.date(2025, 3, 4), own_mood="happy")
        html = html_of(client_of(other).get("/year/2025/"))
        assert "3월 4일, 빈 날" in html
        assert "아직 빈 책이에요." in html
        assert Client().get("/year/2025/")["Location"] == "/accounts/login/?next=/year/2025/"

    @pytest.mark.parametrize(("path", "queries"), [("/year/2025/", 4), ("/month/2025/03/", 3)])
    def test_a_full_year_asks_as_many_queries(
        self, client_of, user: User, django_assert_num_queries, path: str, queries: int
    ) -> None:
        Entry.objects.bulk_create(
            Entry(owner=user, date=dt.date(2025, 1, 1) + dt.timedelta(days=n), own_mood="sad")
            for n in range(365)
        )
        client = client_of(user)
        with django_assert_num_queries(queries):
            client.get(path)

    def test_api_works(self, api_of, user: User, other: User) -> None:
        day_keep(user, dt.date(2025, 3, 4), own_mood="happy")
        day_keep(user, dt.date(2025, 3, 5), note="글")
        assert api_of(user).get("/api/v1/year/2025/").json() == {
            "days": [
                {"date": "2025-03-04", "state": "ready", "mood": "happy"},
                {"date": "2025-03-05", "state": "ready", "mood": None},
            ]
        }
        streak = {"current": 0, "longest": 2, "total": 2}
        assert api_of(user).get("/api/v1/streak/").json() == streak
        assert api_of(other).get("/api/v1/year/2025/").json() == {"days": []}
        assert api_of(other).get("/api/v1/streak/").json()["total"] == 0

    @pytest.mark.parametrize("path", ["/api/v1/year/2025/", "/api/v1/streak/"])
    def test_api_sends_a_stranger_away(self, path: str) -> None:
        assert APIClient().get(path).status_code == 401
