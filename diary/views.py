"""The pages of a day: HTTP in, a service or a selector, HTML out; nothing is decided here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.people import PersonRequest
from diary import drawings, selectors, services
from diary.errors import DiaryError
from diary.forms import FaceForm, PhotoForm, WriteForm
from diary.models import Entry
from diary.moods import STRENGTHS
from diary.photos import photo_clean
from diary.songs import song_cards
from diary.uploads import annotation_box
from diary.views_month import MonthSheet, month_sheet
from emotion.boxes import FaceBox
from emotion.labels import KEYS

SAMPLE = dict(zip(KEYS, (0.12, 0.02, 0.31, 0.08, 0.44, 0.03), strict=True))
# n neutral, h happy, s sad, a anger, x anxiety, p panic: a month as a person may have it.
SAMPLE_MONTH = [
    {"n": "neutral", "h": "happy", "s": "sad", "a": "anger", "x": "anxiety", "p": "panic"}[mood]
    for mood in "nhhnsnhnahnxnhhspnhnhhsnhnhh"
]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Tell a stranger what this is; who is signed in goes to today."""
    if request.user.is_authenticated:
        return redirect("today")
    context = {"sample": strokes(tuple(SAMPLE.values())), "sample_month": SAMPLE_MONTH}
    context["sample_probabilities"] = tuple(SAMPLE.values())
    return render(request, "diary/home.html", context)


@login_required
@require_GET
def today(request: PersonRequest) -> HttpResponse:
    return _day_page(request, request.user.today())


@login_required
@require_GET
def day(request: PersonRequest, date: dt.date) -> HttpResponse:
    if date > request.user.today() or date < services.FIRST_DATE:
        raise Http404
    return _day_page(request, date)


@login_required
@require_GET
def entry_card(request: PersonRequest, date: dt.date) -> HttpResponse:
    """Answer the card of a day; 204 while a card that waits would look the same again."""
    entry = selectors.entry_get(owner=request.user, date=date)
    if entry and entry.is_waiting and request.GET.get("seen") == "waiting":
        return HttpResponse(status=204)
    return _card(request, date, entry)


@login_required
@require_POST
def entry_upload(request: PersonRequest, date: dt.date) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, date, error=_first_error(form))
    photo, label = form.cleaned_data["photo"], form.cleaned_data["annotation"]
    try:
        box = annotation_box(label, photo_name=photo.name)
        services.entry_upload(
            owner=request.user, date=date, photo=photo_clean(photo), given_box=box
        )
    except DiaryError as error:
        return _answer(request, date, error=error.message)
    return _answer(request, date)


@login_required
@require_POST
def entry_write(request: PersonRequest, date: dt.date) -> HttpResponse:
    form = WriteForm(request.POST)
    if not form.is_valid():
        return _answer(request, date, error=_first_error(form))
    said = {name: form.sent(name) for name in form.fields}
    own_mood = said["own_mood"]
    try:
        services.entry_write(owner=request.user, date=date, **said)
    except DiaryError as error:
        if own_mood is None and _is_fragment(request):
            return render(request, "diary/_saved.html", {"error": error.message}, status=422)
        return _answer(request, date, error=error.message)
    if own_mood is None and _is_fragment(request):
        return render(request, "diary/_saved.html")
    return _answer(request, date, done=_("적어 두었어요."))


@login_required
@require_POST
def entry_face(request: PersonRequest, date: dt.date) -> HttpResponse:
    entry = _entry_or_404(request, date)
    form = FaceForm(request.POST)
    box = form.box(entry.found_faces) if form.is_valid() else None
    if box is None:
        return _answer(request, date, error=_("얼굴이 어디인지 골라 주세요."))
    x, y, width, height = box
    try:
        services.entry_mark_face(entry=entry, x=x, y=y, width=width, height=height)
    except DiaryError as error:
        return _answer(request, date, error=error.message)
    return _answer(request, date)


@login_required
@require_POST
def entry_again(request: PersonRequest, date: dt.date) -> HttpResponse:
    """Read the same photograph once more."""
    try:
        services.entry_read_again(entry=_entry_or_404(request, date))
    except DiaryError as error:
        return _answer(request, date, error=error.message)
    return _answer(request, date)


@login_required
@require_POST
def entry_delete(request: PersonRequest, date: dt.date) -> HttpResponse:
    services.entry_delete(entry=_entry_or_404(request, date))
    messages.success(request, _("그 하루를 지웠어요."))
    return redirect("day", date)


def strokes(probabilities: tuple[float, ...]) -> list[dict[str, Any]]:
    """Return the six moods from large to small, each with its share and its stroke's length."""
    rows = sorted(zip(KEYS, probabilities, strict=True), key=lambda row: -row[1])
    # Half the width is 50 %: most days lie below it, and longer strokes are easier to compare.
    whole = max(0.5, rows[0][1])
    return [{"key": key, "share": share, "length": share / whole} for key, share in rows]


def failure_message(code: str) -> str:
    """Say in words why a photograph was not read."""
    return {
        "model_unavailable": _(
            "기분을 읽는 모델이 아직 준비되지 않았어요. 조금 뒤에 다시 해 보세요."
        ),
        "photo_missing": _("사진 파일을 찾지 못했어요. 사진을 다시 올려 주세요."),
        "photo_unreadable": _("사진 파일을 열지 못했어요. 다른 사진을 올려 주세요."),
        "too_slow": _("읽는 데 너무 오래 걸려서 멈췄어요. 다시 해 보세요."),
    }.get(code, _("이번에는 읽지 못했어요. 사진은 그대로 있으니 다시 해 보세요."))


def _day_page(request: PersonRequest, date: dt.date) -> HttpResponse:
    entry = selectors.entry_get(owner=request.user, date=date)
    context = _card_context(request, date, entry)
    context["sheet"] = _sheet(request, date)
    context["tags"] = ", ".join(tag.name for tag in entry.tags.all()) if entry else ""
    context["on_this_day"] = selectors.on_this_day(owner=request.user, date=date)
    context["known_tags"] = selectors.tag_suggestions(owner=request.user)
    return render(request, "diary/day.html", context)


def _answer(
    request: PersonRequest, date: dt.date, *, error: str = "", done: str = ""
) -> HttpResponse:
    """Answer a form: the new card where a script asked, else back to the day with the words."""
    if _is_fragment(request):
        entry = selectors.entry_get(owner=request.user, date=date)
        return _card(request, date, entry, error=error)
    if error:
        messages.error(request, error)
    elif done:
        messages.success(request, done)
    # A day that has not come has no page to go back to.
    return redirect("day", date) if date <= request.user.today() else redirect("today")


def _card(
    request: PersonRequest, date: dt.date, entry: Entry | None, *, error: str = ""
) -> HttpResponse:
    context = _card_context(request, date, entry)
    context |= {"error": error, "is_fragment": True}
    # The calendar on the facing page shows the day's new mood at once.
    context["changed_day"] = next(d for d in _sheet(request, date).days if d.date == date)
    return render(request, "diary/_card.html", context, status=422 if error else 200)


def _card_context(request: PersonRequest, date: dt.date, entry: Entry | None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "date": date,
        "entry": entry,
        "is_today": date == request.user.today(),
        "kind": card_kind(entry),
        "consents": request.user.consents_to_faces,
        "moods": KEYS,
        "strengths": STRENGTHS,
    }
    if entry is None:
        return context
    reading = entry.reading_or_none
    context |= {"reading": reading, "songs": song_cards(entry)}
    if reading:
        context["strokes"] = strokes(reading.probabilities)
    if entry.photo:
        context["window"] = _window(entry, reading.box if reading else None)
        context["faces"] = _faces(entry)
        context["taken_at"] = _taken_at(entry)
        context["box_start"] = drawings.box_start(entry.photo_width or 1, entry.photo_height or 1)
    if entry.failure_code or entry.state == Entry.State.FAILED:
        context["failure"] = failure_message(entry.failure_code)
    return context


def card_kind(entry: Entry | None) -> str:
    """Name what the card shows: a state that asks for something, else what the day has."""
    if entry is None:
        return "empty"
    if entry.state != Entry.State.READY:
        return "waiting" if entry.is_waiting else str(entry.state)
    if entry.mood:
        return "said"
    return "unread" if entry.photo else "empty"


def _window(entry: Entry, box: FaceBox | None) -> drawings.Window:
    centre = (box.x + box.width / 2, box.y + box.height / 2) if box else None
    return drawings.photo_window(entry.photo_width or 1, entry.photo_height or 1, centre)


def _taken_at(entry: Entry) -> dt.datetime | None:
    """Return when the photograph came, where that was on the entry's own day."""
    came = timezone.localtime(entry.queued_at or entry.created_at)
    return came if came.date() == entry.date else None


def _faces(entry: Entry) -> list[dict[str, Any]]:
    """Return each found face with the window of its own little picture."""
    width, height = entry.photo_width or 1, entry.photo_height or 1
    return [
        {"box": box, "window": drawings.face_window(box, width, height)}
        for box in entry.found_faces
    ]


def _sheet(request: PersonRequest, date: dt.date) -> MonthSheet:
    owner = request.user
    entries = selectors.month_entries(owner=owner, year=date.year, month=date.month)
    return month_sheet(
        month=date, today=owner.today(), entries=entries, first_weekday=owner.first_weekday
    )


def _entry_or_404(request: PersonRequest, date: dt.date) -> Entry:
    entry = selectors.entry_get(owner=request.user, date=date)
    if entry is None:
        raise Http404
    return entry


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _first_error(form: PhotoForm | WriteForm) -> str:
    return str(next(iter(form.errors.values()))[0])
