"""Reads of the book. Each takes the owner, and none asks more queries for more days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet

from accounts.models import User
from diary.models import Entry, EntrySong, Tag

# Enough for a list to choose from, and no page grows without end.
SUGGESTIONS = 200


@dataclass(frozen=True)
class DayMood:
    """A day as one square: `mood` is "" where nobody has said one."""

    date: dt.date
    state: str
    mood: str


@dataclass(frozen=True)
class Streak:
    """Days in a row up to today or yesterday, the longest such run, and all days together."""

    current: int
    longest: int
    total: int


@dataclass(frozen=True)
class OnThisDay:
    """The same date: in other years, and in the months around; each the newest first."""

    years: tuple[Entry, ...]
    months: tuple[Entry, ...]


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


def year_days(*, owner: User, year: int) -> list[DayMood]:
    """Return the owner's days of a year in order of date, in one query."""
    rows = (
        Entry.objects.filter(owner=owner, date__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        .order_by("date")
        .values_list("date", "state", "own_mood", "reading__dominant")
    )
    return [DayMood(date, state, own or read or "") for date, state, own, read in rows]


def kept() -> Q:
    """Return whether an entry holds anything: a word, a photograph, a reading, a tag."""
    tagged = Entry.tags.through.objects.filter(entry=OuterRef("pk"))
    return (
        Q(own_mood__gt="")
        | Q(note__gt="")
        | Q(photo__gt="")
        | Q(reading__isnull=False)
        | Q(Exists(tagged))
    )


def streak_get(*, owner: User) -> Streak:
    """Count the days that hold anything, whenever they were written, in one query."""
    entries = Entry.objects.filter(kept(), owner=owner).order_by("date")
    return streak_of(list(entries.values_list("date", flat=True)), today=owner.today())


def streak_of(dates: Sequence[dt.date], *, today: dt.date) -> Streak:
    """Count runs in dates that ascend; today need not be written yet for a run to go on."""
    longest = run = 0
    before = None
    for date in dates:
        run = run + 1 if before and (date - before).days == 1 else 1
        longest, before = max(longest, run), date
    goes_on = before is not None and (today - before).days <= 1
    return Streak(current=run if goes_on else 0, longest=longest, total=len(dates))


def on_this_day(*, owner: User, date: dt.date) -> OnThisDay:
    """Return the entries of the same day in other years and in eleven months each way.

    One query. A day that a month does not have, such as the 31st, is passed over there.
    """
    years = {_date(year, date.month, date.day) for year in range(1970, owner.today().year + 1)}
    first = date.year * 12 + date.month - 1
    months = {_date(*_month(first + n), date.day) for n in range(-11, 12)}
    wanted = [when for when in years | months if when and when != date]
    found = (
        Entry.objects.filter(owner=owner, date__in=wanted)
        .select_related("reading")
        .order_by("-date")
    )
    told = [entry for entry in found if entry.mood or entry.note or entry.photo]
    return OnThisDay(
        years=tuple(entry for entry in told if entry.date in years),
        months=tuple(entry for entry in told if entry.date not in years),
    )


def tag_suggestions(*, owner: User) -> list[str]:
    """Return the names of the owner's tags, the most used first."""
    tags = Tag.objects.filter(owner=owner).alias(days=Count("entries")).order_by("-days", "key")
    return list(tags.values_list("name", flat=True)[:SUGGESTIONS])


def months_with_entries(*, owner: User) -> tuple[dt.date | None, dt.date | None]:
    """Return the dates of the owner's first and last entry."""
    span = Entry.objects.filter(owner=owner).aggregate(first=Min("date"), last=Max("date"))
    return span["first"], span["last"]


def _month(number: int) -> tuple[int, int]:
    """Return (year, month) of a count of months since the year 0."""
    return number // 12, number % 12 + 1


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def month_after(date: dt.date) -> dt.date:
    """Return the first day of the month that follows the date's."""
    return (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
