"""The person behind a request, with the type that Django's own attribute lacks."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


class PersonRequest(HttpRequest):
    """What a page's view gets behind `login_required`."""

    user: User


def signed_in(request: HttpRequest | Request) -> User:
    """Return the person that a guarded view (login_required, IsAuthenticated) let in."""
    return cast(User, request.user)
