"""The forms of signing up and of the settings page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, time_zones
from accounts.services import consent_give, preferences_update

CONSENT_TEXT = _(
    "사진 속 얼굴은 사람이 아니라 이 서버의 프로그램이 읽어 여섯 가지 기분의 확률로 바꾸고, 사진과 "
    "결과는 지울 때까지 나만 볼 수 있게 보관해요. 동의하지 않아도 기분을 직접 적으며 일기를 쓸 수 "
    "있고, 동의는 설정에서 언제든 거둘 수 있어요."
)
COMMON_ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
# The rest of the tz database is old names and fixed offsets, which know no summer time.
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class SignupForm(forms.Form):
    """What signing up asks beside address and password; allauth builds its form upon this one."""

    language = forms.ChoiceField(label=_("언어"), choices=User.Language.choices)
    consent_face = forms.BooleanField(
        label=_("기계가 내 얼굴 사진에서 기분을 읽는 데 동의해요 (선택)"),
        help_text=CONSENT_TEXT,
        required=False,
    )
    time_zone = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()

    def clean_time_zone(self) -> str:
        """Return the browser's time zone, or the default one: nobody can correct a hidden field."""
        zone: str = self.cleaned_data["time_zone"]
        return zone if zone in time_zones() else settings.TIME_ZONE

    def signup(self, _request: HttpRequest, user: User) -> None:
        """Keep the answers; allauth calls this with the person just saved."""
        data = self.cleaned_data
        preferences_update(user=user, language=data["language"], time_zone=data["time_zone"])
        if data["consent_face"]:
            consent_give(user=user)


class PreferencesForm(forms.Form):
    """How the book speaks, counts its days and keeps photographs."""

    language = forms.ChoiceField(label=_("언어"), choices=User.Language.choices)
    time_zone = forms.ChoiceField(
        label=_("시간대"), help_text=_("“오늘”은 이 시간대의 오늘이에요.")
    )
    week_start = forms.ChoiceField(label=_("한 주의 첫날"), choices=User.WeekStart.choices)
    reminder_hour = forms.TypedChoiceField(
        label=_("하루를 묻는 메일"),
        help_text=_(
            "아직 적지 않은 날에만, 이 시각쯤 한 번 보내요. 이메일을 확인한 분에게만 보내고, "
            "메일에서 바로 그만 받을 수 있어요."
        ),
        required=False,
        coerce=int,
        empty_value=None,
    )
    delete_photos = forms.BooleanField(
        label=_("기분을 읽고 나면 사진을 바로 지워요"),
        help_text=_(
            "읽은 기분과 얼굴의 자리는 남지만, 그 사진은 다시 볼 수도 다시 읽을 수도 없어요. "
            "얼굴을 찾지 못한 사진은 직접 골라 줄 때까지 남아요."
        ),
        required=False,
    )

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(current=current)  # type: ignore[attr-defined]
        hours = [(hour, gettext("%(hour)d시") % {"hour": hour}) for hour in range(24)]
        self.fields["reminder_hour"].choices = [  # type: ignore[attr-defined]
            ("", _("받지 않을래요")),
            *hours,
        ]


def zone_choices(*, current: str) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the time zones for a select, common ones first; the `current` one is always there."""
    common = [zone for zone in COMMON_ZONES if zone in time_zones()]
    if current not in common:
        common.insert(0, current)
    others = sorted(
        zone for zone in time_zones() if zone.split("/")[0] in REGIONS and zone not in common
    )
    return [
        (_("자주 쓰는 시간대"), [(zone, zone.replace("_", " ")) for zone in common]),
        (_("모든 시간대"), [(zone, zone.replace("_", " ")) for zone in others]),
    ]


class TokenForm(forms.Form):
    """A name by which a person knows a token again."""

    label = forms.CharField(
        label=_("이름"),
        help_text=_("어디에 쓰는 토큰인지 적어 두면 나중에 알아보기 쉬워요."),
        max_length=80,
        required=False,
    )
