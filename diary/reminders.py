"""A mail that asks about the day: at most one a day, and none for a day that is written."""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections import defaultdict

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User, time_zones
from accounts.services import reminder_set
from diary.models import Entry
from diary.selectors import kept

logger = logging.getLogger(__name__)

# A worker that was away this long still sends; later the evening's question comes at night.
LATE_HOURS = 2
SIGNER = TimestampSigner(salt="diary.reminders.stop")


def reminders_due(*, now: dt.datetime | None = None) -> QuerySet[User]:
    """Return whom to remind now, in one query whatever the number of people and time zones.

    A person's own hour has come, their own day is not written, and nobody reminded them of it.
    """
    places = _places(now or timezone.now())
    hour = Case(
        *(When(time_zone__in=zones, then=Value(hour)) for (_date, hour), zones in places.items()),
        output_field=IntegerField(),
    )
    date = Case(
        *(When(time_zone__in=zones, then=Value(date)) for (date, _hour), zones in places.items()),
        output_field=DateField(),
    )
    verified = EmailAddress.objects.filter(
        user=OuterRef("pk"), email=OuterRef("email"), verified=True
    )
    written = Entry.objects.filter(kept(), owner=OuterRef("pk"), date=OuterRef("local_date"))
    return (
        User.objects.filter(Exists(verified), is_active=True, reminder_hour__isnull=False)
        .alias(local_hour=hour, local_date=date)
        .filter(
            Q(reminded_on__isnull=True) | Q(reminded_on__lt=F("local_date")),
            reminder_hour__lte=F("local_hour"),
            reminder_hour__gte=F("local_hour") - LATE_HOURS,
        )
        .exclude(Exists(written))
    )


def reminder_send(*, user_id: int) -> bool:
    """Send a person's reminder if it is still due; marked before it is sent, so never twice.

    Returns whether it was sent.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return False
    if not reminders_due().filter(pk=user_id).update(reminded_on=user.today()):
        logger.info("reminder of user %s: not due", user_id)
        return False
    try:
        _message(user).send()
    except OSError as error:
        # The mail server's answer may quote the address: only its kind is kept.
        logger.error("reminder of user %s not sent: %s", user_id, type(error).__name__)
        return False
    return True


def stop_token(user: User) -> str:
    """Return what stops this person's reminders, and nothing else, without signing in."""
    return SIGNER.sign(str(user.pk))


def reminder_stop(*, token: str) -> bool:
    """Stop the reminders of whom the token names; return False for one that we did not sign."""
    user = token_user(token)
    if user is None:
        return False
    reminder_set(user=user, hour=None)
    return True


def token_user(token: str, *, max_age: dt.timedelta | None = None) -> User | None:
    """Return whose token it is, None for one that we did not sign or that is older."""
    try:
        user_id = SIGNER.unsign(token, max_age=max_age)
    except BadSignature:
        return None
    return User.objects.filter(pk=user_id).first()


def _message(user: User) -> EmailMessage:
    site = settings.SITE_URL.rstrip("/")
    stop = site + reverse("reminder_stop", args=[stop_token(user)])
    words = {"today": site + reverse("today"), "stop": stop}
    with translation.override(user.language):
        subject = render_to_string("diary/email/reminder_subject.txt", words).strip()
        body = render_to_string("diary/email/reminder_message.txt", words)
    headers = {
        # RFC 8058: the mail program's own button stops it, with one POST and no page.
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject, body, to=[user.email], headers=headers)


def _places(now: dt.datetime) -> dict[tuple[dt.date, int], list[str]]:
    """Group the time zones by the date and the hour that it is there."""
    places = defaultdict(list)
    for name in sorted(time_zones()):
        there = now.astimezone(zoneinfo.ZoneInfo(name))
        places[there.date(), there.hour].append(name)
    return dict(places)
