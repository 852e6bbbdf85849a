"""The API of the diary: each view translates HTTP and calls one service or selector."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import AccountMeView
from accounts.models import User
from accounts.people import signed_in
from accounts.serializers import ErrorSerializer
from diary import selectors, services
from diary.api.serializers import (
    CalendarSerializer,
    EntryPatchSerializer,
    EntrySerializer,
    EntryUploadSerializer,
    EraseSerializer,
    SearchSerializer,
    StreakSerializer,
    TrendsSerializer,
)
from diary.erasure import password_refused
from diary.errors import DiaryError
from diary.forms import SearchForm
from diary.models import Entry
from diary.photos import photo_clean
from diary.search import PAGE_SIZE, entry_search
from diary.trends import difference, mix_of, range_days, trends_get
from diary.uploads import annotation_box
from emotion.labels import KEYS

TRENDS_MONTHS = 240
WRITTEN = ("note", "own_mood", "own_strength", "tags")
REFUSED = OpenApiResponse(ErrorSerializer, description="Refused, with a code and a sentence.")
UNKNOWN = OpenApiResponse(ErrorSerializer, description="There is no such entry of yours.")


class _OwnerView(APIView):
    throttle_scope = "read"

    @property
    def owner(self) -> User:
        return signed_in(self.request)


class EntryListView(_OwnerView):
    """Where a day's photograph is handed in."""

    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @extend_schema(
        operation_id="entry_upload",
        request=EntryUploadSerializer,
        responses={201: EntrySerializer, 400: REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Hand in a photograph; the day's older one is replaced and the reading queued."""
        form = EntryUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        box = annotation_box(data.get("annotation"), photo_name=data["photo"].name)
        entry = services.entry_upload(
            owner=self.owner,
            date=data.get("date") or self.owner.today(),
            photo=photo_clean(data["photo"]),
            given_box=box,
            note=data.get("note"),
        )
        return _entry_response(request, self.owner, entry.date, status.HTTP_201_CREATED)


class EntryView(_OwnerView):
    """One day."""

    parser_classes = [JSONParser]

    @extend_schema(operation_id="entry_get", responses={200: EntrySerializer, 404: UNKNOWN})
    def get(self, request: Request, date: dt.date) -> Response:
        """Return a day."""
        return _entry_response(request, self.owner, date)

    @extend_schema(
        operation_id="entry_write",
        request=EntryPatchSerializer,
        responses={200: EntrySerializer, 400: REFUSED, 404: UNKNOWN},
    )
    def patch(self, request: Request, date: dt.date) -> Response:
        """Write note, mood and tags by hand, or mark the face; a box queues a new reading.

        What is written makes a day that does not exist yet; a box needs a photograph. A strength
        belongs to a mood: 1 a little, 2 quite, 3 very, null for none said.
        """
        form = EntryPatchSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        data: dict[str, Any] = form.validated_data
        if "face_box" in data:
            entry = _entry(self.owner, date)
            services.entry_mark_face(entry=entry, **data["face_box"])
        written = {name: data[name] for name in WRITTEN if name in data}
        if "own_strength" in written:
            written["own_strength"] = written["own_strength"] or 0
        if written:
            services.entry_write(owner=self.owner, date=date, **written)
        return _entry_response(request, self.owner, date)

    @extend_schema(operation_id="entry_delete", responses={204: None, 404: UNKNOWN})
    def delete(self, request: Request, date: dt.date) -> Response:
        """Remove a day with everything in it."""
        services.entry_delete(entry=_entry(self.owner, date))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CalendarView(_OwnerView):
    """A month at a glance."""

    @extend_schema(operation_id="calendar", responses={200: CalendarSerializer, 400: REFUSED})
    def get(self, request: Request, year: int, month: int) -> Response:
        """Return the days of a month that have an entry."""
        days = selectors.month_entries(owner=self.owner, year=year, month=month)
        return Response(CalendarSerializer({"days": days}).data)


class YearView(_OwnerView):
    """A year at a glance."""

    @extend_schema(operation_id="year", responses={200: CalendarSerializer})
    def get(self, request: Request, year: int) -> Response:
        """Return the days of a year that have an entry."""
        days = selectors.year_days(owner=self.owner, year=year)
        return Response(CalendarSerializer({"days": days}).data)


class SearchView(_OwnerView):
    """Days found again."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", str, description="Words; each must be somewhere in the day."),
            OpenApiParameter("mood", str, enum=KEYS),
            OpenApiParameter("tag", str),
            OpenApiParameter("since", dt.date),
            OpenApiParameter("until", dt.date),
            OpenApiParameter("photo", bool, description="Only days with a photograph."),
            OpenApiParameter("page", int),
        ],
        responses={200: SearchSerializer, 400: REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Return the days that hold all that is asked for, the newest first, page by page."""
        form = SearchForm(request.query_params)
        if not form.is_valid():
            raise DiaryError("search_malformed", str(next(iter(form.errors.values()))[0]))
        wanted = form.wanted()
        found = Paginator(entry_search(owner=self.owner, wanted=wanted), PAGE_SIZE)
        page = found.get_page(request.query_params.get("page"))
        answer = {"count": found.count, "page": page.number, "pages": found.num_pages, "days": page}
        return Response(SearchSerializer(answer, context={"words": wanted.words}).data)


class StreakView(_OwnerView):
    """How many days were kept."""

    @extend_schema(operation_id="streak", responses={200: StreakSerializer})
    def get(self, request: Request) -> Response:
        """Count the days that hold anything, whenever they were written."""
        return Response(StreakSerializer(selectors.streak_get(owner=self.owner)).data)


class TrendsView(_OwnerView):
    """What many days say together."""

    @extend_schema(
        operation_id="trends",
        parameters=[
            OpenApiParameter("from", str, required=True, description="YYYY-MM or YYYY-MM-DD"),
            OpenApiParameter("to", str, required=True, description="YYYY-MM or YYYY-MM-DD"),
            OpenApiParameter("compare_from", str, description="another range to compare with"),
            OpenApiParameter("compare_to", str, description="its end; both or neither"),
        ],
        responses={200: TrendsSerializer, 400: REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Return the days of a range by month, weekday and tag, and on the plane."""
        first, last = self._range("from", "to")
        found = trends_get(owner=self.owner, first=first, last=last)
        compared = None
        if {"compare_from", "compare_to"} & set(request.query_params):
            first, last = self._range("compare_from", "compare_to")
            total = mix_of(range_days(owner=self.owner, first=first, last=last))
            compared = {
                "first": first,
                "last": last,
                "total": total,
                "difference": difference(found.total, total),
            }
        return Response(TrendsSerializer({**vars(found), "compared": compared}).data)

    def _range(self, begin: str, end: str) -> tuple[dt.date, dt.date]:
        asked = self.request.query_params
        first, last = _first_day(asked.get(begin, "")), _last_day(asked.get(end, ""))
        check_range(first, last)
        return first, last


class AccountView(AccountMeView):
    """One's own account; leaving takes the diary along, and no consent means no reading."""

    def consent_withdraw(self, user: User) -> None:
        services.owner_consent_withdraw(owner=user)

    @extend_schema(
        operation_id="account_erase",
        request=EraseSerializer,
        responses={204: None, 400: REFUSED},
    )
    def delete(self, request: Request) -> Response:
        """Erase the account and everything of it."""
        form = EraseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = signed_in(request)
        refused = password_refused(request._request, user, form.validated_data["password"])
        if refused:
            raise DiaryError("password", refused)
        services.owner_erase(owner=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def check_range(first: dt.date, last: dt.date) -> None:
    """Raise DiaryError for a range that is turned round or too long to be looked at."""
    if first > last:
        raise DiaryError("range_reversed", _("시작하는 달이 끝나는 달보다 늦어요."))
    if (last.year - first.year) * 12 + last.month - first.month >= TRENDS_MONTHS:
        raise DiaryError(
            "range_too_long",
            _("한 번에 %(limit)d달까지 볼 수 있어요.") % {"limit": TRENDS_MONTHS},
        )


def _first_day(text: str) -> dt.date:
    """Read a month, which begins with its first day, or a day. Raises DiaryError."""
    for shape in ("%Y-%m", "%Y-%m-%d"):
        try:
            date = dt.datetime.strptime(text, shape).date()
        except ValueError:
            continue
        if 1970 <= date.year <= 9998:
            return date
    raise DiaryError("month_malformed", _("달은 2026-11처럼 적어 주세요."))


def _last_day(text: str) -> dt.date:
    date = _first_day(text)
    is_month = text.count("-") == 1
    return selectors.month_after(date) - dt.timedelta(days=1) if is_month else date


def _entry(owner: User, date: dt.date) -> Entry:
    entry = selectors.entry_get(owner=owner, date=date)
    if entry is None:
        raise Http404
    return entry


def _entry_response(
    request: Request, owner: User, date: dt.date, code: int = status.HTTP_200_OK
) -> Response:
    entry = _entry(owner, date)
    return Response(EntrySerializer(entry, context={"request": request}).data, status=code)
