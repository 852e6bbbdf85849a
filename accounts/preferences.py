"""Whose language a request speaks and whose clock it reads."""

from __future__ import annotations

from django.utils import timezone, translation

from accounts.models import User


def preferences_activate(*, user: User) -> None:
    """Speak this person's language and read their clock for the rest of the request."""
    translation.activate(user.language)
    timezone.activate(user.zone)
