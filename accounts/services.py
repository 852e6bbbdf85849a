"""What happens to a person's account, their consent and their tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
from functools import partial

from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import ApiToken, User

logger = logging.getLogger(__name__)

# The wording that people agree to. A new wording gets a new version; old consents keep theirs.
CONSENT_VERSION = "2026-11"
TOKEN_PREFIX = "gibun_"  # noqa: S105 (marks our tokens for secret scanners; it is no secret)


class EmailTakenError(Exception):
    """Somebody signed up with this address before."""


def account_create(
    *, email: str, password: str, time_zone: str, language: str, consent_face: bool
) -> User:
    """Create a person who can sign in and reset the password; raise EmailTakenError."""
    email = email.strip().lower()
    if filter_users_by_email(email):
        raise EmailTakenError
    user = User(email=email, time_zone=time_zone, language=language)
    if consent_face:
        _consent_set(user)
    # Hashing takes a tenth of a second on purpose: never while a transaction holds a lock.
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError as error:
        # Two requests at once: the constraint lets one of them in.
        raise EmailTakenError from error
    return user


def account_erase(*, user: User) -> None:
    """Remove a person's rows: addresses, tokens, sessions and all that hangs on them.

    Files are the caller's: once the rows are gone nobody knows their names. A web page signs the
    person out first, since the session of the present request is removed too.
    """
    user_id = user.pk
    user.delete()
    # A session without its person opens nothing, so the long look for them may come afterwards.
    transaction.on_commit(partial(sessions_end, user_id=user_id), robust=True)
    logger.info("account %s erased", user_id)


def sessions_end(*, user_id: int) -> int:
    """Remove every session of a person and return how many there were.

    A session keeps its owner inside signed, packed text, where no query can find it: each row is
    opened once, in chunks. That takes long where there are many, so never inside a transaction.
    """
    sessions = Session.objects.order_by().iterator(chunk_size=1000)
    keys = [s.session_key for s in sessions if s.get_decoded().get(SESSION_KEY) == str(user_id)]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def preferences_update(
    *,
    user: User,
    language: str | None = None,
    time_zone: str | None = None,
    week_start: str | None = None,
    delete_photos: bool | None = None,
) -> None:
    """Change how the book speaks, counts its days and keeps photographs; None leaves as it is."""
    user.language = language or user.language
    user.time_zone = time_zone or user.time_zone
    user.week_start = week_start or user.week_start
    if delete_photos is not None:
        user.delete_photos = delete_photos
    user.save(update_fields=["language", "time_zone", "week_start", "delete_photos"])


def reminder_set(*, user: User, hour: int | None) -> None:
    """Remind this person at an hour (0 to 23) of their own clock, or with None never.

    An hour that is over today begins tomorrow, so that no mail comes while they are choosing it.
    """
    if hour == user.reminder_hour:
        return
    now = user.now()
    if hour is not None and now.hour >= hour:
        user.reminded_on = now.date()
    user.reminder_hour = hour
    user.save(update_fields=["reminder_hour", "reminded_on"])


def consent_give(*, user: User) -> None:
    """Let a machine read this person's face; the date of an agreement that stands is kept."""
    if user.consents_to_faces and user.face_consent_version == CONSENT_VERSION:
        return
    _consent_set(user)
    user.save(update_fields=["face_consent_at", "face_consent_version"])


def consent_withdraw(*, user: User) -> None:
    """Let no machine read this person's face from now on."""
    user.face_consent_at = None
    user.face_consent_version = ""
    user.save(update_fields=["face_consent_at", "face_consent_version"])


def _consent_set(user: User) -> None:
    user.face_consent_at = timezone.now()
    user.face_consent_version = CONSENT_VERSION


def token_digest(secret: str) -> str:
    """Return what is kept of a token. It is 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_issue(*, owner: User, label: str = "") -> tuple[ApiToken, str]:
    """Make a token; the secret is returned here and can never be shown again."""
    now = timezone.now()
    # A program that signs in every day would leave a long list of dead tokens behind.
    owner.api_tokens.filter(expires_at__lte=now).delete()
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        owner=owner,
        label=label,
        digest=token_digest(secret),
        hint=secret[-4:],
        expires_at=now + dt.timedelta(days=settings.TOKEN_DAYS),
    )
    return token, secret


def token_revoke(*, token: ApiToken) -> None:
    """Make a token worthless at once."""
    token.delete()


def tokens_revoke(*, owner: User) -> None:
    """Make all of a person's tokens worthless: whoever stole one keeps nothing."""
    owner.api_tokens.all().delete()


def token_use(*, token: ApiToken) -> None:
    """Note that a token was used; at most once a minute, so that reading stays reading."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= dt.timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
