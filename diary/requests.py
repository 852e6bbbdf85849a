"""The request that the pages' views take."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request that a signed-in person sent: what `login_required` lets through."""

    user: User
