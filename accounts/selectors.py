"""What a person may see of their own account."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ApiToken, User


def tokens_valid(*, owner: User) -> QuerySet[ApiToken]:
    """Return the tokens that still work, newest first."""
    return owner.api_tokens.filter(expires_at__gt=timezone.now())
