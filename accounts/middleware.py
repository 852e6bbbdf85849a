"""Every request in the person's own language and time zone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.preferences import preferences_activate

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Activates the signed-in person's language and time zone.

    Strangers keep what LocaleMiddleware found before: the cookie, then the browser, then Korean.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A thread serves many people: without this a stranger would read the clock of the last one.
        timezone.deactivate()
        if request.user.is_authenticated:
            preferences_activate(user=request.user)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        # Asked again, because a token or the settings page may have changed it meanwhile.
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ("Cookie",))
        return response
