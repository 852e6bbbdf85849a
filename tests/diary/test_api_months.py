"""GET /calendar/ and /trends/."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from diary.models import Entry, Reading
from emotion.labels import KEYS

pytestmark = pytest.mark.django_db


def keep(owner: User, date: dt.date, *numbers: float, own_mood: str = "") -> None:
    entry = Entry.objects.create(owner=owner, date=date, own_mood=own_mood)
    if numbers:
        Reading.objects.create(
            entry=entry,
            dominant=KEYS[numbers.index(max(numbers))],
            model_version="test",
            box_x=0, box_y=0, box_width=1, box_height=1, box_source="opencv",
            **dict(zip(KEYS, numbers, strict=True)),
        )  # fmt: skip


def test_calendar_works(api_of, user: User) -> None:
    keep(user, dt.date(2026, 10, 3), 0.7, 0.1, 0.1, 0.1, 0, 0)
    keep(user, dt.date(2026, 10, 31), own_mood="sad")
    keep(user, dt.date(2026, 11, 1))
    assert api_of(user).get("/api/v1/calendar/2026/10/").json() == {
        "days": [
            {"date": "2026-10-03", "state": "ready", "mood": "happy"},
            {"date": "2026-10-31", "state": "ready", "mood": "sad"},
        ]
    }
    november = api_of(user).get("/api/v1/calendar/2026/11/").json()["days"]
    assert [day["mood"] for day in november] == [None]


def test_calendar_shows_nothing_to_a_stranger(api_of, user: User, other: User) -> None:
    keep(user, dt.date(2026, 10, 3), own_mood="happy")
    assert api_of(other).get("/api/v1/calendar/2026/10/").json() == {"days": []}
    assert APIClient().get("/api/v1/calendar/2026/10/").status_code == 401


@pytest.mark.parametrize("month", ["2026/00", "2026/13", "0000/01", "9999/12", "1969/12"])
def test_a_month_that_never_was_is_not_found(api_of, user: User, month: str) -> None:
    assert api_of(user).get(f"/api/v1/calendar/{month}/").status_code == 404


def test_trends_work_and_the_persons_word_wins(api_of, user: User) -> None:
    keep(user, dt.date(2026, 9, 3), 0.5, 0.5, 0, 0, 0, 0)
    keep(user, dt.date(2026, 9, 4), 1, 0, 0, 0, 0, 0, own_mood="sad")
    keep(user, dt.date(2026, 11, 4), 0, 0, 0, 0, 1, 0)
    keep(user, dt.date(2026, 11, 5))
    answer = api_of(user).get("/api/v1/trends/?from=2026-09&to=2026-11").json()["months"]
    assert [(m["month"], m["entries"]) for m in answer] == [
        ("2026-09", 2), ("2026-10", 0), ("2026-11", 1),
    ]  # fmt: skip
    assert answer[0]["probabilities"] == {
        "happy": 0.25, "anger": 0.25, "sad": 0.5, "anxiety": 0, "neutral": 0, "panic": 0,
    }  # fmt: skip
    assert answer[1]["probabilities"] is None
    assert answer[1]["valence"] is None
    assert answer[2]["valence"] > 0 > answer[2]["arousal"]


def test_trends_show_nothing_to_a_stranger(api_of, user: User, other: User) -> None:
    keep(user, dt.date(2026, 9, 3), own_mood="happy")
    months = api_of(other).get("/api/v1/trends/?from=2026-09&to=2026-09").json()["months"]
    assert months[0]["entries"] == 0
    assert APIClient().get("/api/v1/trends/?from=2026-09&to=2026-09").status_code == 401


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "month_malformed"),
        ("from=2026-09&to=x", "month_malformed"),
        ("from=0001-01&to=0001-01", "month_malformed"),
        ("from=2026-09&to=2026-08", "range_reversed"),
        ("from=1990-01&to=2026-08", "range_too_long"),
    ],
)
def test_bad_range_is_refused(api_of, user: User, query: str, code: str) -> None:
    answer = api_of(user).get(f"/api/v1/trends/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "path", ["/api/v1/calendar/2026/10/", "/api/v1/trends/?from=2026-01&to=2026-12"]
)
def test_more_days_ask_no_more_queries(api_of, user: User, path: str) -> None:
    api = api_of(user)
    counts = []
    for days in ((1,), range(2, 31)):
        for day in days:
            keep(user, dt.date(2026, 10, day), 0.7, 0.1, 0.1, 0.1, 0, 0)
        api.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            api.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3
