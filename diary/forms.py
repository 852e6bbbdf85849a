"""What a page may send: shapes and types only; what a day may hold is decided by the services."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import MOOD_CHOICES
from diary.moods import STRENGTHS
from diary.search import Wanted
from diary.tags import TAG_LENGTH
from diary.words import mood_name
from emotion.labels import KEYS

LONGEST_RANGE_MONTHS = 120
DATE = {"type": "date"}


class PhotoForm(forms.Form):
    """A photograph, and AI Hub's label file for who has one."""

    photo = forms.FileField(
        allow_empty_file=True,
        error_messages={
            "required": _("사진이 오지 않았어요. 사진을 찍거나 골라 주세요."),
            "invalid": _("사진이 오지 않았어요. 사진을 찍거나 골라 주세요."),
        },
    )
    annotation = forms.FileField(required=False, allow_empty_file=True)


class WriteForm(forms.Form):
    """A note, tags, a mood said by hand; a field that was not sent stays None."""

    note = forms.CharField(required=False, strip=False)
    own_mood = forms.ChoiceField(
        required=False,
        choices=[("", ""), *MOOD_CHOICES],
        error_messages={"invalid_choice": _("모르는 기분이에요. 여섯 가운데 하나를 골라 주세요.")},
    )

    own_strength = forms.TypedChoiceField(
        required=False,
        choices=[("", ""), *STRENGTHS],
        coerce=int,
        empty_value=0,  # type: ignore[arg-type] # it stands for what coerce gives
    )
    tags = forms.CharField(required=False)

    def sent(self, name: str) -> Any:
        """Return the field's value, or None where the page did not send it."""
        return self.cleaned_data[name] if name in self.data else None

    def clean_tags(self) -> list[str]:
        """Return the names between the commas, those of a Korean or Japanese keyboard too."""
        return re.split("[,，、]", self.cleaned_data["tags"])

    def clean_note(self) -> str:
        # Browsers send CRLF; a note is kept as it was typed.
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")


class FaceForm(forms.Form):
    """Where the face is: one of the faces that were found, or a box in pixels of the photograph."""

    face = forms.IntegerField(required=False, min_value=0)
    x = forms.FloatField(required=False)
    y = forms.FloatField(required=False)
    width = forms.FloatField(required=False)
    height = forms.FloatField(required=False)

    def box(self, found: list[dict[str, float]]) -> tuple[float, float, float, float] | None:
        """Return (x, y, width, height), or None where the form names no face."""
        face = self.cleaned_data.get("face")
        if face is not None:
            if face >= len(found):
                return None
            one = found[face]
            return one["x"], one["y"], one["width"], one["height"]
        sides = [self.cleaned_data.get(side) for side in ("x", "y", "width", "height")]
        if any(side is None or not math.isfinite(side) for side in sides):
            return None
        x, y, width, height = (float(side) for side in sides if side is not None)
        return x, y, width, height


class SearchForm(forms.Form):
    """Words and filters, of the page and of the API alike."""

    q = forms.CharField(
        label=_("글, 태그, 기분, 노래, 날짜"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search"}),
    )
    mood = forms.ChoiceField(label=_("기분"), required=False)
    tag = forms.CharField(
        label=_("태그"),
        required=False,
        max_length=TAG_LENGTH,
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=_("이날부터"), required=False, widget=forms.DateInput(DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("이날까지"), required=False, widget=forms.DateInput(DATE, format="%Y-%m-%d")
    )
    photo = forms.BooleanField(label=_("사진이 있는 날만"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {key: mood_name(key) for key in KEYS}
        self.fields["mood"].choices = [  # type: ignore[attr-defined]
            ("", _("모든 기분")),
            *names.items(),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise forms.ValidationError(
                _("첫날이 마지막 날보다 늦어요. 두 날을 바꾸어 보세요."), "range_reversed"
            )
        return cleaned

    def wanted(self) -> Wanted:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        return Wanted(
            text=said["q"],
            mood=said["mood"],
            tag=said["tag"],
            first=said["since"],
            last=said["until"],
            has_photo=said["photo"],
        )


class MonthField(forms.CharField):
    """A month as browsers send it, `2026-11`; cleans to its first day."""

    def to_python(self, value: Any) -> dt.date | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return dt.datetime.strptime(text, "%Y-%m").date()
        except ValueError as error:
            raise forms.ValidationError(
                _("달은 2026-11처럼 적어 주세요."), "invalid_month"
            ) from error


class RangeForm(forms.Form):
    """From which month to which; `usual` is meant where a month is left out.

    The usual last month is the present one, and no later one is shown.
    """

    def __init__(self, *args: Any, usual: tuple[dt.date, dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `from` is what the address says, and no name for a Python attribute.
        self.fields["from"] = MonthField(required=False)
        self.fields["to"] = MonthField(required=False)
        self.fields["with_from"] = MonthField(required=False)
        self.fields["with_to"] = MonthField(required=False)
        self.usual_first, self.usual_last = usual

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if compared := self.compared():
            self._check(*compared)
        last = cleaned["to"] = cleaned.get("to") or self.usual_last
        first = cleaned["from"] = cleaned.get("from") or min(self.usual_first, last)
        self._check(first, last)
        cleaned["to"] = min(last, self.usual_last)
        return cleaned

    def compared(self) -> tuple[dt.date, dt.date] | None:
        """Return the months to compare with; where one is left out, the other stands alone."""
        first: dt.date | None = self.cleaned_data.get("with_from")
        last: dt.date | None = self.cleaned_data.get("with_to")
        begin, end = first or last, last or first
        return (begin, end) if begin and end else None

    def _check(self, first: dt.date, last: dt.date) -> None:
        if first > last:
            raise forms.ValidationError(
                _("첫 달이 마지막 달보다 늦어요. 두 달을 바꾸어 보세요."), "range_reversed"
            )
        if first > self.usual_last:
            raise forms.ValidationError(_("아직 오지 않은 달이에요."), "range_in_future")
        last = min(last, self.usual_last)
        if (last.year - first.year) * 12 + last.month - first.month >= LONGEST_RANGE_MONTHS:
            raise forms.ValidationError(
                _("한 번에 열 해까지 볼 수 있어요. 더 짧게 골라 주세요."), "range_too_long"
            )
