"""The settings page: preferences and tokens; consent and erasure stand in the diary."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import CONSENT_TEXT, PreferencesForm, TokenForm
from accounts.people import signed_in
from accounts.preferences import preferences_activate
from accounts.selectors import tokens_valid
from accounts.services import preferences_update, reminder_set, token_issue, token_revoke


def _page(
    request: HttpRequest,
    *,
    form: PreferencesForm | None = None,
    token_form: TokenForm | None = None,
    secret: str = "",
) -> HttpResponse:
    user = signed_in(request)
    initial = {name: getattr(user, name) for name in PreferencesForm.base_fields}
    context = {
        "form": form or PreferencesForm(initial=initial, current=user.time_zone),
        "token_form": token_form or TokenForm(),
        "tokens": tokens_valid(owner=user),
        "secret": secret,
        "consent_text": CONSENT_TEXT,
        "token_days": settings.TOKEN_DAYS,
    }
    return render(request, "accounts/settings.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request: HttpRequest) -> HttpResponse:
    """Show the settings; change the preferences."""
    if request.method != "POST":
        return _page(request)
    user = signed_in(request)
    form = PreferencesForm(request.POST, current=user.time_zone)
    if not form.is_valid():
        return _page(request, form=form)
    chosen = dict(form.cleaned_data)
    hour = chosen.pop("reminder_hour")
    preferences_update(user=user, **chosen)
    # After the time zone, whose hour it is.
    reminder_set(user=user, hour=hour)
    preferences_activate(user=user)
    messages.success(request, _("바꿨어요."))
    response = redirect("account_settings")
    # So that the login page still speaks this language after signing out.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, user.language, max_age=365 * 24 * 3600, samesite="Lax"
    )
    return response


@login_required
@never_cache
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, in this answer and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    # No redirect: the secret would have to be kept somewhere until the next page.
    _token, secret = token_issue(owner=signed_in(request), label=form.cleaned_data["label"])
    return _page(request, secret=secret)


@login_required
@require_POST
def token_revoke_view(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    token = get_object_or_404(tokens_valid(owner=signed_in(request)), pk=token_id)
    token_revoke(token=token)
    messages.success(request, _("토큰을 없앴어요."))
    return redirect("account_settings")
