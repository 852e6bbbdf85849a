"""Sentences and shapes: what a page says and draws, without a page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import translation

from accounts.models import User
from diary import drawings, words
from diary.models import Entry
from diary.templatetags.gibun import clock, percent, signed
from diary.views import card_kind, strokes
from diary.views_month import month_sheet


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((0.12, 0.02, 0.31, 0.08, 0.44, 0.03), "슬픔이 조금, 그래도 대체로 평온."),
        ((0.96, 0.01, 0.01, 0.01, 0.01, 0.00), "온통 기쁨."),
        ((0.70, 0.06, 0.06, 0.06, 0.06, 0.06), "거의 기쁨."),
        ((0.50, 0.10, 0.10, 0.10, 0.10, 0.10), "대체로 기쁨, 다른 마음도 조금씩."),
        ((0.42, 0.02, 0.48, 0.03, 0.03, 0.02), "슬픔과 기쁨이 반반."),
        ((0.02, 0.48, 0.42, 0.03, 0.03, 0.02), "화와 슬픔이 반반."),
        ((0.49, 0.02, 0.36, 0.08, 0.03, 0.02), "슬픔이 꽤 있지만, 그래도 대체로 기쁨."),
        ((0.20, 0.02, 0.60, 0.08, 0.05, 0.05), "기쁨이 조금 있지만, 대체로 슬픔."),
        ((0.02, 0.20, 0.60, 0.08, 0.05, 0.05), "화가 조금 섞인 슬픔."),
        ((0.20, 0.16, 0.16, 0.16, 0.16, 0.16), "기쁨과 화, 여러 마음이 뒤섞인 날."),
    ],
)
def test_mood_sentence(numbers: tuple[float, ...], sentence: str) -> None:
    assert words.mood_sentence(numbers) == sentence


def test_particle_follows_the_last_sound() -> None:
    assert [words.particle(word, "가") for word in ("기쁨", "화")] == ["기쁨이", "화가"]
    assert [words.particle(word, "와") for word in ("기쁨", "화", "joy")] == [
        "기쁨과",
        "화와",
        "joy와",
    ]


def test_moods_and_weekdays_have_names_in_both_languages() -> None:
    assert (words.mood_name("panic"), words.weekday_name(dt.date(2026, 11, 20))) == ("당황", "금")
    with translation.override("en"):
        assert words.mood_name("panic") == "panic"
        assert words.weekday_name(dt.date(2026, 11, 20)) == "Fri"


def test_numbers_are_written_for_people() -> None:
    assert [percent(share) for share in (0, 0.001, 0.444, 1)] == ["0 %", "< 1 %", "44 %", "100 %"]
    assert [signed(value) for value in (0.3, -0.3, -0.001)] == ["+0.30", "−0.30", "0.00"]
    assert [clock(seconds) for seconds in (None, 59.6, 84)] == ["0:00", "1:00", "1:24"]


def test_a_longer_share_has_a_longer_stroke_and_the_same_one_is_drawn_the_same() -> None:
    ends = [
        max(float(x) for x in re.findall(r"[ML Q](-?\d+\.\d) ", drawings.brush_stroke(s, 3).wash))
        for s in (0.0, 0.1, 0.5, 1.0)
    ]
    assert ends == sorted(ends)
    assert 3 < ends[0] < 5
    assert ends[-1] == pytest.approx(drawings.STROKE_LENGTH, abs=0.1)
    assert drawings.brush_stroke(0.4, 3) == drawings.brush_stroke(0.4, 3)


def test_strokes_are_sorted_and_half_fills_the_width() -> None:
    rows = strokes((0.1, 0.0, 0.2, 0.1, 0.5, 0.1))
    assert [row["key"] for row in rows][:2] == ["neutral", "sad"]
    assert [row["length"] for row in rows][:2] == [1.0, 0.4]


def test_windows_stay_inside_the_photograph() -> None:
    window = drawings.photo_window(1000, 600, (980, 300))
    assert (window.x + window.width, window.y, window.height) == (1000, 0, 600)
    assert window.width / window.height == pytest.approx(drawings.POLAROID, abs=0.001)
    face = drawings.face_window({"x": -5, "y": 500, "width": 80, "height": 100}, 1000, 600)
    assert (face.x, face.y + face.height) == (0, 600)
    start = drawings.box_start(900, 600)
    assert start.x > 0
    assert start.x + start.width < 900


def test_month_sheet_begins_on_sunday_and_never_offers_the_future() -> None:
    sheet = month_sheet(month=dt.date(2026, 11, 1), today=dt.date(2026, 11, 20), entries=[])
    assert [len(week) for week in sheet.weeks] == [7] * 5
    assert sheet.weeks[0][0] is not None
    assert sheet.weeks[0][0].date == dt.date(2026, 11, 1)
    assert [day.date.day for day in sheet.days if day.is_future] == list(range(21, 31))
    assert (sheet.before, sheet.after) == (dt.date(2026, 10, 1), None)
    first = month_sheet(month=dt.date(1970, 1, 1), today=dt.date(2026, 11, 20), entries=[])
    assert (first.before, first.after) == (None, dt.date(1970, 2, 1))


@pytest.mark.parametrize(
    ("chosen", "language", "first"),
    [("language", "ko", 6), ("language", "en", 6), ("monday", "ko", 0), ("saturday", "en", 5)],
)
def test_week_begins_where_the_person_says(chosen: str, language: str, first: int) -> None:
    person = User(week_start=chosen, language=language)
    assert person.first_weekday == first
    sheet = month_sheet(
        month=dt.date(2026, 11, 1),
        today=dt.date(2026, 11, 20),
        entries=[],
        first_weekday=person.first_weekday,
    )
    assert [date.weekday() for date in sheet.weekdays] == [(first + i) % 7 for i in range(7)]
    for week in sheet.weeks:
        for name, day in zip(sheet.weekdays, week, strict=True):
            assert day is None or day.date.weekday() == name.weekday()
    assert len(sheet.days) == 30


def test_card_kind_names_every_state() -> None:
    def kind(state: str, **fields: str) -> str:
        return card_kind(Entry(state=state, **fields))

    assert card_kind(None) == kind("ready") == "empty"
    assert kind("queued", photo="a.jpg") == kind("running", photo="a.jpg") == "waiting"
    assert kind("ready", photo="a.jpg") == "unread"
    assert kind("ready", own_mood="sad") == "said"
    for state in ("no_face", "several_faces", "failed"):
        assert kind(state, photo="a.jpg", own_mood="sad") == state
