"""Stopping the reminders from the mail, by whoever holds the link and without signing in."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from diary import reminders

# Mail servers open links to look for harm, soon after the mail came: looking must not stop
# anything. Later it is the person, and the page presses its button by itself.
SCANNED = dt.timedelta(minutes=5)


@csrf_exempt  # a mail program has no cookie; the signed token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_stop(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        if not reminders.reminder_stop(token=token):
            raise Http404
        return render(request, "diary/reminder_stop.html", {"is_done": True})
    if reminders.token_user(token) is None:
        raise Http404
    is_fresh = reminders.token_user(token, max_age=SCANNED) is not None
    return render(request, "diary/reminder_stop.html", {"is_fresh": is_fresh})
