"""Giving and withdrawing the consent. It stands here because readings stop with it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people import signed_in
from accounts.services import consent_give
from diary.services import owner_consent_withdraw


@login_required
@require_POST
def consent_update(request: HttpRequest) -> HttpResponse:
    """Give or withdraw the consent to face analysis."""
    if request.POST.get("consent_face") == "yes":
        consent_give(user=signed_in(request))
        messages.success(request, _("이제 새 사진에서 기분을 읽어요."))
    else:
        owner_consent_withdraw(owner=signed_in(request))
        messages.success(request, _("동의를 거뒀어요. 이제 얼굴을 읽지 않아요."))
    return redirect("account_settings")
