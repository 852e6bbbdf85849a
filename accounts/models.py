"""A person, and the tokens with which their programs speak for them."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _


@functools.cache
def time_zones() -> frozenset[str]:
    """Return the IANA time zones that this machine knows; the first call reads a whole folder."""
    # Two names that say nothing about where a person lives come along with the folder.
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA time zone that this machine knows."""
    if value not in time_zones():
        raise ValidationError(_("모르는 시간대예요: %(value)s"), "time_zone", {"value": value})


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; addresses are kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        """Create a person with every permission, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: signs in by e-mail, lives in a time zone, reads one language."""

    class Language(models.TextChoices):
        KOREAN = "ko", "한국어"
        ENGLISH = "en", "English"

    class WeekStart(models.TextChoices):
        LANGUAGE = "language", _("언어를 따라서")
        MONDAY = "monday", _("월요일")
        SUNDAY = "sunday", _("일요일")
        SATURDAY = "saturday", _("토요일")

    email = models.EmailField(_("이메일"), unique=True)
    time_zone = models.CharField(
        _("시간대"), max_length=64, default="Asia/Seoul", validators=[validate_time_zone]
    )
    language = models.CharField(_("언어"), max_length=2, choices=Language, default=Language.KOREAN)
    week_start = models.CharField(
        _("한 주의 첫날"), max_length=8, choices=WeekStart, default=WeekStart.LANGUAGE
    )
    delete_photos = models.BooleanField(default=False)
    # The hour of the person's own clock at which a mail asks about the day; null: none is sent.
    reminder_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    # The person's own day for which a reminder was last sent, or given up.
    reminded_on = models.DateField(null=True, blank=True)
    # When the person agreed to face analysis, and to which wording; null: never, or withdrawn.
    face_consent_at = models.DateTimeField(null=True, blank=True)
    face_consent_version = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(reminder_hour__isnull=True) | Q(reminder_hour__lte=23),
                name="user_reminder_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def consents_to_faces(self) -> bool:
        """Whether a machine may read this person's face now."""
        return self.face_consent_at is not None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        # A machine with an older tz database must lock nobody out.
        known = self.time_zone in time_zones()
        return zoneinfo.ZoneInfo(self.time_zone if known else settings.TIME_ZONE)

    @property
    def first_weekday(self) -> int:
        """The day on which this person's week begins, from Monday 0 to Sunday 6."""
        if self.week_start != self.WeekStart.LANGUAGE:
            return {"monday": 0, "saturday": 5, "sunday": 6}[self.week_start]
        # Django counts from Sunday 0.
        return (int(get_format("FIRST_DAY_OF_WEEK", lang=self.language)) - 1) % 7

    def today(self) -> dt.date:
        """Return the date that it is where this person lives."""
        return self.now().date()

    def now(self) -> dt.datetime:
        """Return the time that it is where this person lives."""
        return timezone.now().astimezone(self.zone)


class ApiToken(models.Model):
    """A bearer token; only the digest of its secret is kept."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"token {self.pk} of user {self.owner_id}"
