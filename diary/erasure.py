"""Leaving for good, with all or with the photographs alone: the files are the diary's."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.people import signed_in
from diary.services import owner_erase, photos_delete


def password_refused(request: HttpRequest, user: User, password: str) -> str:
    """Return why the password does not open the door, or "".

    Wrong ones count as wrong logins do, so that this is no way round their limit.
    """
    try:
        right = get_adapter(request).reauthenticate(user, password)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if right else _("비밀번호가 맞지 않아요.")


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "POST"])
def account_erase(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then remove the person and everything of theirs."""
    user = signed_in(request)
    error = ""
    if request.method == "POST":
        error = password_refused(request, user, request.POST.get("password", ""))
        if not error:
            owner = User.objects.get(pk=user.pk)
            logout(request)
            owner_erase(owner=owner)
            messages.success(request, _("모두 지웠어요. 그동안 고마웠어요."))
            return redirect("home")
    return render(request, "accounts/erase.html", {"error": error}, status=400 if error else 200)


@login_required
@require_POST
def photos_erase(request: HttpRequest) -> HttpResponse:
    """Remove the photographs that have been read so far; the days and their moods stay."""
    count = photos_delete(owner=signed_in(request))
    words = ngettext("사진 %(count)d장을 지웠어요.", "사진 %(count)d장을 지웠어요.", count)
    messages.success(request, words % {"count": count})
    return redirect("account_settings")
