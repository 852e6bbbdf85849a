"""Reads of the book. Each takes the owner, and none asks more queries for more days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Prefetch, QuerySet

from accounts.models import User
from diary.models import Entry, EntrySong, Tag
from diary.moods import own_probabilities
from emotion.labels import KEYS, expected

# Enough for a list to choose from, and no page grows without end.
SUGGESTIONS = 200


@dataclass(frozen=True)
class MonthTrend:
    """One month: how many days say a mood, and the mean of their six probabilities."""

    month: dt.date
    entries: int
    probabilities: tuple[float, ...] | None
    valence: float | None
    arousal: float | None


def entry_list(*, owner: User) -> QuerySet[Entry]:
    """Return the owner's days with what a page about a day needs, in three queries."""
    songs = EntrySong.objects.select_related("track")
    return (
        Entry.objects.filter(owner=owner)
        .select_related("reading", "owner")
        .prefetch_related(Prefetch("songs", songs), "tags")
    )


def entry_get(*, owner: User, date: dt.date) -> Entry | None:
    """Return the owner's entry of that day, or None."""
    return entry_list(owner=owner).filter(date=date).first()


def month_entries(*, owner: User, year: int, month: int) -> list[Entry]:
    """Return the owner's entries of a month in order of date, in one query."""
    first = dt.date(year, month, 1)
    return list(
        Entry.objects.filter(owner=owner, date__gte=first, date__lt=month_after(first))
        .select_related("reading")
        .order_by("date")
    )


def tag_suggestions(*, owner: User) -> list[str]:
    """Return the names of the owner's tags, the most used first."""
    tags = Tag.objects.filter(owner=owner).alias(days=Count("entries")).order_by("-days", "key")
    return list(tags.values_list("name", flat=True)[:SUGGESTIONS])


def months_with_entries(*, owner: User) -> tuple[dt.date | None, dt.date | None]:
    """Return the dates of the owner's first and last entry."""
    span = Entry.objects.filter(owner=owner).aggregate(first=Min("date"), last=Max("date"))
    return span["first"], span["last"]


def trends_get(*, owner: User, first: dt.date, last: dt.date) -> list[MonthTrend]:
    """Return every month from that of `first` to that of `last`, in one query.

    A day counts with the person's word where there is one, else with the machine's reading;
    a day that says neither does not count.
    """
    start, end = first.replace(day=1), month_after(last)
    rows = (
        Entry.objects.filter(owner=owner, date__gte=start, date__lt=end)
        .order_by()
        .values_list("date", "own_mood", "own_strength", *[f"reading__{key}" for key in KEYS])
    )
    days: dict[dt.date, list[tuple[float, ...]]] = defaultdict(list)
    for date, own_mood, own_strength, *read in rows:
        if own_mood:
            days[date.replace(day=1)].append(own_probabilities(own_mood, own_strength))
        elif read[0] is not None:
            days[date.replace(day=1)].append(tuple(read))
    months = []
    month = start
    while month < end:
        months.append(_month_trend(month, days[month]))
        month = month_after(month)
    return months


def _month_trend(month: dt.date, days: list[tuple[float, ...]]) -> MonthTrend:
    if not days:
        return MonthTrend(month, 0, None, None, None)
    mean = tuple(sum(column) / len(days) for column in zip(*days, strict=True))
    return MonthTrend(month, len(days), mean, expected(mean, "valence"), expected(mean, "arousal"))


def month_after(date: dt.date) -> dt.date:
    """Return the first day of the month that follows the date's."""
    return (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
