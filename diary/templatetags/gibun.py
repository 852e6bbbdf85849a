"""How templates draw moods and say dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from diary import drawings, words
from emotion.labels import INDEX, KEYS

register = template.Library()

register.filter("mood_name", words.mood_name)
register.filter("mood_sentence", words.mood_sentence)
register.filter("own_sentence", words.own_sentence)
register.filter("day_title", words.day_title)
register.filter("month_title", words.month_title)
register.filter("month_name", words.month_name)
register.filter("weekday_name", words.weekday_name)


@register.filter
def percent(share: float) -> str:
    """Write a share as a person reads it: never a rounded 0 % for what is not nothing."""
    if 0 < share < 0.005:
        return "< 1 %"
    return f"{share * 100:.0f} %"


@register.filter
def signed(value: float) -> str:
    """Write a number from -1 to 1 with its sign and a real minus."""
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−").replace("+0.00", "0.00")


@register.filter
def month_value(date: dt.date) -> str:
    """Write a month as an `<input type=month>` wants it."""
    return f"{date:%Y-%m}"


@register.filter
def clock(seconds: float | None) -> str:
    """Write a length of time as minutes and seconds."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}"


@register.simple_tag
def mood_keys() -> tuple[str, ...]:
    """Return the six moods in their order."""
    return KEYS


@register.inclusion_tag("diary/_mood.html")
def mood(key: str, size: str = "", label: bool = True) -> dict[str, Any]:
    """Draw a mood; with `label` it is read aloud, without it the text beside it says the same."""
    return {"key": key, "size": size, "name": words.mood_name(key) if label else ""}


@register.inclusion_tag("diary/_brush.html")
def brush(key: str, share: float) -> dict[str, Any]:
    """Draw a brush stroke in a mood's colour; `share` is of the whole width."""
    return {
        "key": key,
        "stroke": drawings.brush_stroke(share, seed=INDEX[key] + 1),
        "length": drawings.STROKE_LENGTH,
        "height": drawings.STROKE_HEIGHT,
    }
