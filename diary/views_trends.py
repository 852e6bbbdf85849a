"""The page of trends: months side by side, as strokes, as a line and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.people import PersonRequest
from diary import selectors
from diary.forms import RangeForm
from diary.trends import (
    ENOUGH_DAYS,
    DayPoint,
    Mix,
    MonthTrend,
    Trends,
    difference,
    mix_of,
    plane_counts,
    range_days,
    trends_get,
)
from diary.words import month_title
from emotion.labels import KEYS

LABELS = 6
# The line's scale at least, so that a calm year is not drawn as a wild one.
LEAST_SCALE = 0.5
# Two ranges whose valence is nearer than this are called alike.
ALIKE = 0.05


@dataclass(frozen=True)
class Part:
    """One mood's part of a month's bar, in per cent of its width."""

    key: str
    share: float
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """One month of the page; `x` and `y` place it on the line, in per cent."""

    trend: MonthTrend
    parts: tuple[Part, ...]
    is_thin: bool
    x: float
    y: float | None
    is_labelled: bool


@dataclass(frozen=True)
class Segment:
    """A piece of the line between two months that follow each other."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class PlanePoint:
    """Days at one place of the plane, in per cent; `radius` grows with their number."""

    x: float
    y: float
    radius: float
    days: int


@dataclass(frozen=True)
class WeekdayRow:
    """One weekday, by a date for its name."""

    date: dt.date
    entries: int
    valence: float | None


@dataclass(frozen=True)
class Compared:
    """Two ranges of months side by side, and what can be said about them."""

    rows: tuple[tuple[dt.date, dt.date, Mix], ...]
    says: str


@login_required
@require_GET
def trends(request: PersonRequest) -> HttpResponse:
    """Show how the moods of a range of months went."""
    owner = request.user
    usual = _usual_range(owner)
    form = RangeForm(request.GET, usual=usual)
    is_good = form.is_valid()
    first, last = (form.cleaned_data["from"], form.cleaned_data["to"]) if is_good else usual
    found = trends_get(owner=owner, first=first, last=_month_end(last)) if is_good else None
    months = found.months if found else ()
    rows = trend_rows(months)
    context = {
        "error": "" if is_good else str(next(iter(form.errors.values()))[0]),
        "form": form,
        "first": first,
        "last": last,
        "this_month": usual[1],
        "rows": rows,
        "scale": line_scale(months),
        "segments": line_segments(rows),
        "total": sum(row.trend.entries for row in rows),
        "has_thin": any(row.is_thin for row in rows),
        "enough": ENOUGH_DAYS,
        "moods": KEYS,
        "summary": trend_summary(rows),
    }
    if found:
        context |= {
            "weekdays": weekday_rows(found, first_weekday=owner.first_weekday),
            "plane": plane_points(found.days),
            "quadrants": quadrants(found.days),
            "tags": found.tags,
            "compared": _compared(owner, found, form.compared()),
        }
    return render(request, "diary/trends.html", context, status=200 if is_good else 400)


def trend_rows(months: Sequence[MonthTrend]) -> list[Row]:
    """Place every month on the page."""
    every = -(-len(months) // LABELS)
    scale = line_scale(months)
    return [
        Row(
            trend=month,
            parts=_parts(month.probabilities),
            is_thin=0 < month.entries < ENOUGH_DAYS,
            x=round(100 * (index + 0.5) / len(months), 2),
            y=None if month.valence is None else round(50 - 44 * month.valence / scale, 2),
            is_labelled=index % every == 0,
        )
        for index, month in enumerate(months)
    ]


def line_scale(months: Sequence[MonthTrend]) -> float:
    """Return the valence at the line's upper end; its lower end is the same, negative."""
    return max([LEAST_SCALE, *(abs(month.valence or 0) for month in months)])


def line_segments(rows: Sequence[Row]) -> list[Segment]:
    """Join months that follow each other; a month without a day leaves a gap."""
    return [
        Segment(a.x, a.y, b.x, b.y)
        for a, b in pairwise(rows)
        if a.y is not None and b.y is not None
    ]


def trend_summary(rows: Sequence[Row]) -> str:
    """Say in one sentence what can honestly be said about the range."""
    said = [row for row in rows if row.trend.entries]
    days = sum(row.trend.entries for row in said)
    if not said:
        return _("이 사이에는 아직 적은 날이 없어요.")
    if days < ENOUGH_DAYS:
        return _("아직 %(days)d일뿐이라, 흐름이라고 말하기에는 일러요.") % {"days": days}
    solid = [row for row in said if not row.is_thin]
    if len(solid) < 2:
        return _("흐름을 말하려면 열흘 넘게 적은 달이 둘은 있어야 해요.")
    best = max(solid, key=lambda row: row.trend.valence or 0)
    worst = min(solid, key=lambda row: row.trend.valence or 0)
    if (best.trend.valence or 0) - (worst.trend.valence or 0) < 0.1:
        return _("달마다 크게 다르지 않은, 고른 날들이었어요.")
    return _("%(best)s이 가장 밝았고, %(worst)s이 가장 무거웠어요.") % {
        "best": month_title(best.trend.month),
        "worst": month_title(worst.trend.month),
    }


def weekday_rows(found: Trends, *, first_weekday: int) -> list[WeekdayRow]:
    """Return seven weekdays in the order in which the person's week goes."""
    monday = dt.date(2024, 1, 1)
    order = [(first_weekday + i) % 7 for i in range(7)]
    return [
        WeekdayRow(
            monday + dt.timedelta(days=i), found.weekdays[i].entries, found.weekdays[i].valence
        )
        for i in order
    ]


def plane_points(days: Sequence[DayPoint]) -> list[PlanePoint]:
    """Place the days on the plane, bright to the right and stirred at the top."""
    return [
        PlanePoint(
            x=round(50 + 48 * valence, 2),
            y=round(50 - 48 * arousal, 2),
            radius=round(min(3 + 1.6 * count**0.5, 16), 2),
            days=count,
        )
        for (valence, arousal), count in sorted(plane_counts(days).items())
    ]


def quadrants(days: Sequence[DayPoint]) -> list[tuple[str, int]]:
    """Return the same in words: four quarters of the plane and how many days lie there."""
    places = [(day.valence >= 0, day.arousal >= 0) for day in days]
    return [
        (_("밝고 들뜬 날"), places.count((True, True))),
        (_("밝고 차분한 날"), places.count((True, False))),
        (_("무겁고 들끓는 날"), places.count((False, True))),
        (_("무겁고 가라앉은 날"), places.count((False, False))),
    ]


def compared_summary(one: Mix, other: Mix) -> str:
    """Say which of two ranges was brighter, where there are days enough to say it."""
    apart = difference(one, other)
    if apart is None:
        return _("두 때를 견주려면 저마다 열흘은 있어야 해요.")
    if abs(apart) < ALIKE:
        return _("두 때의 밝기가 비슷해요.")
    return _("위의 때가 더 밝았어요.") if apart > 0 else _("아래의 때가 더 밝았어요.")


def _compared(
    owner: User, found: Trends, months: tuple[dt.date, dt.date] | None
) -> Compared | None:
    if months is None:
        return None
    first, last = months
    other = mix_of(range_days(owner=owner, first=first, last=_month_end(last)))
    rows = ((found.first, found.last, found.total), (first, last, other))
    return Compared(rows, compared_summary(found.total, other))


def _month_end(month: dt.date) -> dt.date:
    return selectors.month_after(month) - dt.timedelta(days=1)


def _parts(probabilities: tuple[float, ...] | None) -> tuple[Part, ...]:
    if probabilities is None:
        return ()
    parts, x = [], 0.0
    for key, share in zip(KEYS, probabilities, strict=True):
        parts.append(Part(key, share, round(x * 100, 3), round(share * 100, 3)))
        x += share
    return tuple(parts)


def _usual_range(owner: User) -> tuple[dt.date, dt.date]:
    """Return the last twelve months, or from the first entry where that is later."""
    last = owner.today().replace(day=1)
    start = selectors.month_after(last.replace(year=last.year - 1))
    begun, _ended = selectors.months_with_entries(owner=owner)
    return (max(start, begun.replace(day=1)) if begun else start), last
