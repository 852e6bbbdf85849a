"""Months side by side on a page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from diary import services
from diary.trends import MonthTrend
from diary.views_trends import line_segments, trend_rows, trend_summary
from emotion.labels import expected
from tests.diary.pages import day_keep, html_of

pytestmark = pytest.mark.django_db


def trend(month: int, entries: int, *numbers: float) -> MonthTrend:
    date = dt.date(2025, month, 1)
    if not numbers:
        return MonthTrend(0, None, None, None, None, date)
    valence, arousal = expected(numbers, "valence"), expected(numbers, "arousal")
    return MonthTrend(entries, numbers, valence, arousal, 0.0, date)


HAPPY, SAD = (1, 0, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0)


def test_trends_work(client_of, user: User) -> None:
    for number in range(1, 13):
        day_keep(user, dt.date(2025, 3, number), own_mood="happy")
        day_keep(user, dt.date(2025, 5, number), own_mood="sad")
    html = html_of(client_of(user).get("/trends/?from=2025-02&to=2025-05"))
    assert "2025년 3월이 가장 밝았고, 2025년 5월이 가장 무거웠어요." in html
    months, weekdays, plane = 1 + 4, 1 + 7, 4
    assert html.count("<tr>") == months + weekdays + plane
    assert 'fill="url(#hatch-happy)"' in html
    assert "+0.80" in html
    assert "−0.70" in html


def test_trends_without_a_day_are_an_invitation(client_of, user: User) -> None:
    html = html_of(client_of(user).get("/trends/"))
    assert "아직 적은 날이 없어요." in html
    assert "오늘 적기" in html
    assert "<table" not in html


def test_trends_begin_with_the_first_entry(client_of, user: User) -> None:
    day_keep(user, user.today(), own_mood="happy")
    html = html_of(client_of(user).get("/trends/"))
    assert html.count(f'value="{user.today():%Y-%m}"') == 2
    assert "흐름이라고 말하기에는 일러요." in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2025-05&to=2025-03", "첫 달이 마지막 달보다 늦어요."),
        ("from=May&to=2025-03", "달은 2026-11처럼 적어 주세요."),
        ("from=2025-13", "달은 2026-11처럼 적어 주세요."),
        ("from=0001-01&to=2025-03", "한 번에 열 해까지 볼 수 있어요."),
        ("from=9998-01&to=9999-12", "아직 오지 않은 달이에요."),
    ],
)
def test_a_range_that_makes_no_sense_is_said_in_words(
    client_of, user: User, query: str, words: str
) -> None:
    response = client_of(user).get(f"/trends/?{query}")
    assert response.status_code == 400
    assert words in html_of(response)


def test_trends_end_with_the_present_month(client_of, user: User) -> None:
    response = client_of(user).get(f"/trends/?from={user.today():%Y-%m}&to=9999-12")
    assert response.status_code == 200
    assert [row.trend.month for row in response.context["rows"]] == [user.today().replace(day=1)]


def test_trends_show_nothing_to_a_stranger(client_of, user: User, other: User) -> None:
    day_keep(user, dt.date(2025, 3, 3), own_mood="happy")
    response = client_of(other).get("/trends/?from=2025-03&to=2025-03")
    assert response.context["total"] == 0
    assert Client().get("/trends/").status_code == 302


def test_trends_ask_as_many_queries_for_years_as_for_a_month(client_of, user: User) -> None:
    client = client_of(user)
    day_keep(user, dt.date(2025, 3, 3), own_mood="happy")
    client.get("/trends/?from=2025-03&to=2025-03")
    with CaptureQueriesContext(connection) as few:
        client.get("/trends/?from=2025-03&to=2025-03")
    for back in range(0, 900, 9):
        if (date := user.today() - dt.timedelta(days=back)) != dt.date(2025, 3, 3):
            day_keep(user, date, read=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/trends/?from=2023-01&to=2026-01")
    assert len(many) == len(few)


def test_trends_show_weekdays_tags_and_the_plane(client_of, user: User) -> None:
    for back in range(70):
        date = dt.date(2025, 3, 31) - dt.timedelta(days=back)
        tags = ["산책"] if back % 2 else []
        mood = "happy" if back % 2 else "sad"
        services.entry_write(owner=user, date=date, own_mood=mood, tags=tags)
    services.entry_write(owner=user, date=dt.date(2025, 3, 1), tags=["산책", "한 번"])
    user.week_start = "monday"
    user.save()
    response = client_of(user).get("/trends/?from=2025-01&to=2025-03")
    html = html_of(response)
    assert [row.date.weekday() for row in response.context["weekdays"]] == list(range(7))
    assert [row.entries for row in response.context["weekdays"]] == [10] * 7
    assert len(response.context["plane"]) == 2
    assert response.context["quadrants"][0] == ("밝고 들뜬 날", 35)
    walk, once = response.context["tags"]
    assert (walk.name, once.name, once.entries, once.valence) == ("산책", "한 번", 1, None)
    assert "그 때문이라는 뜻은 아니에요" in html
    assert "±0.7" in html


def test_two_ranges_are_compared(client_of, user: User) -> None:
    for number in range(1, 13):
        day_keep(user, dt.date(2025, 3, number), own_mood="happy")
        day_keep(user, dt.date(2024, 3, number), own_mood="sad")
    client = client_of(user)
    path = "/trends/?from=2025-03&to=2025-03"
    assert client.get(path).context["compared"] is None
    response = client.get(f"{path}&with_from=2024-03&with_to=2024-04")
    assert [mix.entries for *_range, mix in response.context["compared"].rows] == [12, 12]
    assert "위의 때가 더 밝았어요." in html_of(response)
    assert "저마다 열흘은" in html_of(client.get(f"{path}&with_from=2023-03"))
    refused = client.get(f"{path}&with_from=2025-05&with_to=2025-03")
    assert refused.status_code == 400
    assert "첫 달이 마지막 달보다 늦어요." in html_of(refused)


def test_the_line_has_a_gap_where_a_month_is_empty() -> None:
    rows = trend_rows([trend(1, 12, *HAPPY), trend(2, 12, *SAD), trend(3, 0), trend(4, 12, *SAD)])
    assert [(line.x1, line.x2) for line in line_segments(rows)] == [(12.5, 37.5)]
    assert [row.y for row in rows] == [6.0, 88.5, None, 88.5]


def test_little_is_not_called_a_trend() -> None:
    assert "일러요" in trend_summary(trend_rows([trend(1, 9, *HAPPY)]))
    few = trend_rows([trend(1, 12, *HAPPY), trend(2, 3, *SAD)])
    assert [row.is_thin for row in few] == [False, True]
    assert "둘은 있어야" in trend_summary(few)
    even = trend_rows([trend(1, 12, *HAPPY), trend(2, 12, *HAPPY)])
    assert "고른 날들" in trend_summary(even)


def test_parts_of_a_month_fill_its_bar() -> None:
    (row,) = trend_rows([trend(1, 12, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1)])
    assert sum(part.width for part in row.parts) == pytest.approx(100)
    assert [part.x for part in row.parts][:3] == [0, 50, 60]
