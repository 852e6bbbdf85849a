"""What many days say together, and what is not said of few."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from diary import services
from diary.trends import (
    DayPoint,
    Mix,
    TagTrend,
    difference,
    mix_of,
    plane_counts,
    trends_get,
    weekday_trends,
)
from emotion.labels import KEYS, expected, one_hot
from tests.diary.pages import PROBABILITIES, day_keep

MONDAY = dt.date(2025, 3, 3)


def points(*moods: str, step: int = 1) -> list[DayPoint]:
    return [
        DayPoint(
            MONDAY + dt.timedelta(days=step * n),
            mood,
            one_hot(mood),
            expected(one_hot(mood), "valence"),
            expected(one_hot(mood), "arousal"),
        )
        for n, mood in enumerate(moods)
    ]


def test_mix_has_the_means_and_the_spread() -> None:
    mix = mix_of(points("happy", "sad"))
    assert mix.probabilities == (0.5, 0, 0.5, 0, 0, 0)
    assert mix.valence == pytest.approx(0.05)
    # The sample standard deviation of 0.8 and -0.7.
    assert mix.spread == pytest.approx(1.5 / 2**0.5)
    assert mix_of(points("happy")).spread is None
    assert mix_of([]) == Mix(0, None, None, None, None)
    assert [mix_of(points(*["sad"] * n)).is_thin for n in (0, 1, 9, 10)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_weekday_of_nine_days_is_only_counted() -> None:
    nine, ten = points(*["sad"] * 9, step=7), points(*["sad"] * 10, step=7)
    assert (weekday_trends(nine)[0].entries, weekday_trends(nine)[0].valence) == (9, None)
    assert weekday_trends(ten)[0].valence == pytest.approx(-0.7)
    assert [day.entries for day in weekday_trends(ten)] == [10, 0, 0, 0, 0, 0, 0]


def test_two_ranges_differ_only_where_both_have_ten_days() -> None:
    happy, sad = mix_of(points(*["happy"] * 10)), mix_of(points(*["sad"] * 10))
    assert difference(happy, sad) == pytest.approx(1.5)
    assert difference(happy, mix_of(points(*["sad"] * 9))) is None


def test_days_at_one_place_are_counted_together() -> None:
    assert plane_counts(points("happy", "happy", "sad")) == {(0.8, 0.45): 2, (-0.7, -0.45): 1}


@pytest.mark.django_db
class TestWithDays:
    def test_it_works_in_two_queries(
        self, user: User, other: User, django_assert_num_queries
    ) -> None:
        day_keep(user, dt.date(2025, 3, 30), read=True)
        day_keep(user, dt.date(2025, 4, 1), own_mood="sad", own_strength=1)
        day_keep(user, dt.date(2025, 4, 2), note="기분은 없음")
        day_keep(user, dt.date(2025, 4, 4), own_mood="happy")
        day_keep(other, dt.date(2025, 4, 1), own_mood="anger")
        first, last = dt.date(2025, 3, 30), dt.date(2025, 4, 3)
        with django_assert_num_queries(2):
            found = trends_get(owner=user, first=first, last=last)
        assert [(day.date.day, day.mood) for day in found.days] == [(30, "neutral"), (1, "sad")]
        assert found.days[0].probabilities == PROBABILITIES
        assert found.days[1].probabilities == (0, 0, 0.5, 0, 0.5, 0)
        assert [(m.month.month, m.entries) for m in found.months] == [(3, 1), (4, 1)]
        assert found.total.entries == 2

    def test_tags_are_held_against_the_other_days(self, user: User) -> None:
        for n in range(30):
            services.entry_write(
                owner=user,
                date=MONDAY + dt.timedelta(days=n),
                own_mood="happy" if n < 12 else "sad",
                tags=["산책"] if n < 12 else ["비"] if n == 20 else [],
            )
        services.entry_write(owner=user, date=MONDAY + dt.timedelta(days=31), tags=["산책"])
        walk, rain = trends_get(owner=user, first=MONDAY, last=dt.date(2025, 12, 31)).tags
        assert (walk.name, walk.entries) == ("산책", 12)
        assert walk.moods == (12, 0, 0, 0, 0, 0)
        assert walk.valence == pytest.approx(0.8)
        assert walk.difference == pytest.approx(1.5)
        assert rain == TagTrend("비", 1, (0, 0, 1, 0, 0, 0), None, None)

    def test_api_works(self, api_of, user: User) -> None:
        for n in range(12):
            day_keep(user, MONDAY + dt.timedelta(days=n), own_mood="happy")
            day_keep(user, dt.date(2024, 3, 1) + dt.timedelta(days=n), own_mood="sad")
        query = "from=2025-03-03&to=2025-03&compare_from=2024-03&compare_to=2024-03-12"
        body = api_of(user).get(f"/api/v1/trends/?{query}").json()
        assert (body["first"], body["last"]) == ("2025-03-03", "2025-03-31")
        assert body["total"]["spread"] == pytest.approx(0)
        assert [len(body[name]) for name in ("months", "weekdays", "days", "tags")] == [1, 7, 12, 0]
        assert list(body["months"][0]["probabilities"]) == list(KEYS)
        assert body["days"][0] == {
            "date": "2025-03-03", "mood": "happy", "valence": 0.8, "arousal": 0.45,
        }  # fmt: skip
        assert body["compared"]["total"]["entries"] == 12
        assert body["compared"]["difference"] == pytest.approx(1.5)

    def test_api_counts_a_tag_by_mood(self, api_of, user: User) -> None:
        services.entry_write(owner=user, date=MONDAY, own_mood="sad", tags=["비"])
        (rain,) = api_of(user).get("/api/v1/trends/?from=2025-03&to=2025-03").json()["tags"]
        assert rain == {
            "name": "비",
            "entries": 1,
            "moods": {**dict.fromkeys(KEYS, 0), "sad": 1},
            "valence": None,
            "difference": None,
        }

    def test_api_refuses_half_a_comparison(self, api_of, user: User) -> None:
        answer = api_of(user).get("/api/v1/trends/?from=2025-03&to=2025-03&compare_from=2024-03")
        assert (answer.status_code, answer.json()["code"]) == (400, "month_malformed")

    def test_a_stranger_gets_nothing(self, api_of, user: User, other: User) -> None:
        services.entry_write(owner=user, date=MONDAY, own_mood="sad", tags=["비밀"])
        query = "from=2025-03&to=2025-03&compare_from=2025-03&compare_to=2025-03"
        body = api_of(other).get(f"/api/v1/trends/?{query}").json()
        assert (body["days"], body["tags"], body["total"]["entries"]) == ([], [], 0)
        assert body["compared"]["total"]["entries"] == 0
