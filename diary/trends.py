"""What many days say together: the mix, its spread, weekdays, tags, two ranges side by side."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from accounts.models import User
from diary.models import Entry
from diary.moods import own_probabilities
from diary.selectors import month_after
from emotion.labels import KEYS, expected

# Fewer days than this are counted, and nothing is said about them.
ENOUGH_DAYS = 10
TAGS_AT_MOST = 50


@dataclass(frozen=True)
class DayPoint:
    """A day that says a mood: its six numbers and its place on the plane, -1 to 1 each."""

    date: dt.date
    mood: str
    probabilities: tuple[float, ...]
    valence: float
    arousal: float


@dataclass(frozen=True)
class Mix:
    """Days together: how many, and the means of their numbers; None where there is no day.

    `spread` is the standard deviation of the days' valence; two days at least have one.
    """

    entries: int
    probabilities: tuple[float, ...] | None
    valence: float | None
    arousal: float | None
    spread: float | None

    @property
    def is_thin(self) -> bool:
        return 0 < self.entries < ENOUGH_DAYS


@dataclass(frozen=True)
class MonthTrend(Mix):
    """The days of one month, given by its first day."""

    month: dt.date


@dataclass(frozen=True)
class WeekdayTrend:
    """The days of one weekday, from Monday 0; no valence below ENOUGH_DAYS."""

    weekday: int
    entries: int
    valence: float | None


@dataclass(frozen=True)
class TagTrend:
    """The days with a tag, against those without it; `moods` counts them by the day's mood.

    `difference` is how much brighter (in valence) the days with it are: it says what goes
    together, not what comes from what. Below ENOUGH_DAYS on a side there are no numbers.
    """

    name: str
    entries: int
    moods: tuple[int, ...]
    valence: float | None
    difference: float | None


@dataclass(frozen=True)
class Trends:
    """A range of days, first and last included."""

    first: dt.date
    last: dt.date
    total: Mix
    days: tuple[DayPoint, ...]
    months: tuple[MonthTrend, ...]
    weekdays: tuple[WeekdayTrend, ...]
    tags: tuple[TagTrend, ...]


def trends_get(*, owner: User, first: dt.date, last: dt.date) -> Trends:
    """Return what the days of a range say, in two queries; a day that says no mood is left out."""
    days = range_days(owner=owner, first=first, last=last)
    return Trends(
        first=first,
        last=last,
        total=mix_of(days),
        days=tuple(days),
        months=month_trends(days, first=first, last=last),
        weekdays=weekday_trends(days),
        tags=_tag_trends(owner, days),
    )


def range_days(*, owner: User, first: dt.date, last: dt.date) -> list[DayPoint]:
    """Return the days of a range that say a mood, in order of date, in one query.

    The person's word counts where there is one, else the machine's reading.
    """
    rows = (
        Entry.objects.filter(owner=owner, date__range=(first, last))
        .order_by("date")
        .values_list(
            *("date", "own_mood", "own_strength", "reading__dominant"),
            *(f"reading__{key}" for key in KEYS),
        )
    )
    days = []
    for date, own_mood, own_strength, dominant, *read in rows:
        if own_mood:
            numbers = own_probabilities(own_mood, own_strength)
        elif dominant:
            numbers = tuple(read)
        else:
            continue
        place = expected(numbers, "valence"), expected(numbers, "arousal")
        days.append(DayPoint(date, own_mood or dominant, numbers, *place))
    return days


def mix_of(days: Sequence[DayPoint]) -> Mix:
    """Return the means of some days."""
    if not days:
        return Mix(0, None, None, None, None)
    numbers = zip(*(day.probabilities for day in days), strict=True)
    mean = tuple(sum(column) / len(days) for column in numbers)
    valence = expected(mean, "valence")
    spread = None
    if len(days) > 1:
        spread = sqrt(sum((day.valence - valence) ** 2 for day in days) / (len(days) - 1))
    return Mix(len(days), mean, valence, expected(mean, "arousal"), spread)


def month_trends(
    days: Iterable[DayPoint], *, first: dt.date, last: dt.date
) -> tuple[MonthTrend, ...]:
    """Return every month of a range, the empty ones too."""
    by_month: dict[dt.date, list[DayPoint]] = defaultdict(list)
    for day in days:
        by_month[day.date.replace(day=1)].append(day)
    months = []
    month = first.replace(day=1)
    while month <= last:
        mix = mix_of(by_month[month])
        months.append(MonthTrend(**vars(mix), month=month))
        month = month_after(month)
    return tuple(months)


def weekday_trends(days: Iterable[DayPoint]) -> tuple[WeekdayTrend, ...]:
    """Return seven weekdays from Monday on."""
    groups: list[list[DayPoint]] = [[] for _ in range(7)]
    for day in days:
        groups[day.date.weekday()].append(day)
    return tuple(
        WeekdayTrend(weekday, len(group), _claim(group)) for weekday, group in enumerate(groups)
    )


def difference(one: Mix, other: Mix) -> float | None:
    """Return how much brighter `one` is than `other`, None where either has too few days."""
    if min(one.entries, other.entries) < ENOUGH_DAYS:
        return None
    return (one.valence or 0.0) - (other.valence or 0.0)


def plane_counts(days: Iterable[DayPoint], *, steps: int = 20) -> Counter[tuple[float, float]]:
    """Count days by their place on the plane, rounded to `steps` from 0 to 1."""
    return Counter(
        (round(day.valence * steps) / steps, round(day.arousal * steps) / steps) for day in days
    )


def _tag_trends(owner: User, days: Sequence[DayPoint]) -> tuple[TagTrend, ...]:
    if not days:
        return ()
    points = {day.date: day for day in days}
    hung = Entry.tags.through.objects.filter(
        entry__owner=owner, entry__date__range=(days[0].date, days[-1].date)
    ).values_list("entry__date", "tag__name")
    by_tag: dict[str, set[dt.date]] = defaultdict(set)
    for date, name in hung:
        if date in points:
            by_tag[name].add(date)
    most = sorted(by_tag.items(), key=lambda item: (-len(item[1]), item[0]))[:TAGS_AT_MOST]
    return tuple(_tag_trend(name, dates, days) for name, dates in most)


def _tag_trend(name: str, dates: set[dt.date], days: Sequence[DayPoint]) -> TagTrend:
    tagged = [day for day in days if day.date in dates]
    others = [day for day in days if day.date not in dates]
    said = Counter(day.mood for day in tagged)
    return TagTrend(
        name=name,
        entries=len(tagged),
        moods=tuple(said[key] for key in KEYS),
        valence=_claim(tagged),
        difference=difference(mix_of(tagged), mix_of(others)),
    )


def _claim(days: Sequence[DayPoint]) -> float | None:
    return mix_of(days).valence if len(days) >= ENOUGH_DAYS else None
