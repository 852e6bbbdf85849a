"""The year in pixels: one square a day, a row a month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.people import PersonRequest
from diary import selectors, services
from diary.selectors import DayMood
from diary.words import month_name, mood_name
from emotion.labels import KEYS


@dataclass(frozen=True)
class Pixel:
    """One day of the year; `says` is what is read aloud."""

    href: str
    mood: str
    says: str


@dataclass(frozen=True)
class PixelRow:
    """One month; None is a day that it does not have or that has not come."""

    month: dt.date
    pixels: tuple[Pixel | None, ...]


def pixel_rows(*, year: int, today: dt.date, days: Sequence[DayMood]) -> list[PixelRow]:
    """Lay out a year in twelve rows of 31 squares."""
    moods = {day.date: day.mood for day in days}
    names = {key: mood_name(key) for key in KEYS}
    nothing, unsaid = _("빈 날"), _("기분은 아직 없음")
    says = _("%(month)s %(day)d일, %(mood)s")

    def pixel(date: dt.date, month: str) -> Pixel | None:
        if date > today:
            return None
        mood = moods.get(date)
        name = nothing if mood is None else names.get(mood, unsaid)
        words = says % {"month": month, "day": date.day, "mood": name}
        return Pixel(reverse("day", args=[date]), "none" if mood is None else mood, words)

    rows = []
    for number in range(1, 13):
        first = dt.date(year, number, 1)
        length = calendar.monthrange(year, number)[1]
        name = month_name(first)
        row = [pixel(first.replace(day=day), name) for day in range(1, length + 1)]
        rows.append(PixelRow(first, (*row, *[None] * (31 - length))))
    return rows


@login_required
@require_GET
def year(request: PersonRequest, year: int) -> HttpResponse:
    """Show a year at a glance, and how many days were kept."""
    owner = request.user
    today = owner.today()
    if year > today.year:
        raise Http404
    days = selectors.year_days(owner=owner, year=year)
    context = {
        "year": year,
        "rows": pixel_rows(year=year, today=today, days=days),
        "numbers": range(1, 32),
        "total": sum(1 for day in days if day.mood),
        "before": year - 1 if year > services.FIRST_DATE.year else None,
        "after": year + 1 if year < today.year else None,
        "streak": selectors.streak_get(owner=owner),
    }
    return render(request, "diary/year.html", context)
