"""The month: a calendar sheet, and the page that shows one large."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.people import PersonRequest
from diary import selectors, services
from diary.models import Entry
from emotion.labels import KEYS


@dataclass(frozen=True)
class SheetDay:
    """One square of the calendar."""

    date: dt.date
    is_today: bool
    is_future: bool
    entry: Entry | None


@dataclass(frozen=True)
class MonthSheet:
    """One month of squares in weeks; None is a square of another month."""

    month: dt.date
    weeks: tuple[tuple[SheetDay | None, ...], ...]
    before: dt.date | None
    after: dt.date | None
    first_weekday: int

    @property
    def days(self) -> list[SheetDay]:
        return [day for week in self.weeks for day in week if day]

    @property
    def weekdays(self) -> list[dt.date]:
        """Seven dates from the week's first day on, for the names at the top."""
        monday = dt.date(2024, 1, 1)
        return [monday + dt.timedelta(days=self.first_weekday + i) for i in range(7)]


def month_sheet(
    *,
    month: dt.date,
    today: dt.date,
    entries: Sequence[Entry],
    first_weekday: int = calendar.SUNDAY,
) -> MonthSheet:
    """Lay out a month; the month after the present one is never offered.

    `first_weekday` goes from Monday 0 to Sunday 6.
    """
    by_date = {entry.date: entry for entry in entries}
    weeks = tuple(
        tuple(
            SheetDay(date, date == today, date > today, by_date.get(date))
            if (date := dt.date(month.year, month.month, number) if number else None)
            else None
            for number in week
        )
        for week in calendar.Calendar(first_weekday).monthdayscalendar(month.year, month.month)
    )
    first = month.replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1) if first > services.FIRST_DATE else None
    after = selectors.month_after(first)
    return MonthSheet(first, weeks, before, after if after <= today else None, first_weekday)


@login_required
@require_GET
def month(request: PersonRequest, year: int, month: int) -> HttpResponse:
    """Show one month large; photographs only where they are asked for."""
    owner = request.user
    today = owner.today()
    first = dt.date(year, month, 1)
    if first > today:
        raise Http404
    entries = selectors.month_entries(owner=owner, year=year, month=month)
    counts = Counter(entry.mood for entry in entries if entry.mood)
    most = max(counts.values(), default=0)
    context = {
        "sheet": month_sheet(
            month=first, today=today, entries=entries, first_weekday=owner.first_weekday
        ),
        "with_photos": "photos" in request.GET,
        "counts": [
            {"key": key, "count": counts[key], "length": counts[key] / most}
            for key in sorted(KEYS, key=lambda key: -counts[key])
            if counts[key]
        ],
        "total": sum(counts.values()),
        "notes": [entry for entry in entries if entry.note.strip()],
    }
    return render(request, "diary/month.html", context)
