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
from diary.selectors import MonthTrend
from diary.words import month_title
from emotion.labels import KEYS

# A month with fewer days than this is shown, and said to be too little to speak of.
ENOUGH_DAYS = 10
LABELS = 6
# The line's scale at least, so that a calm year is not drawn as a wild one.
LEAST_SCALE = 0.5


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


@login_required
@require_GET
def trends(request: PersonRequest) -> HttpResponse:
    """Show how the moods of a range of months went."""
    owner = request.user
    usual = _usual_range(owner)
    form = RangeForm(request.GET, usual=usual)
    is_good = form.is_valid()
    first, last = (form.cleaned_data["from"], form.cleaned_data["to"]) if is_good else usual
    months = selectors.trends_get(owner=owner, first=first, last=last) if is_good else []
    rows = trend_rows(months)
    context = {
        "error": "" if is_good else str(next(iter(form.errors.values()))[0]),
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
