"""The page on which days are found again."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.people import PersonRequest
from diary import selectors
from diary.forms import SearchForm
from diary.models import Entry
from diary.search import PAGE_SIZE, Wanted, entry_search, excerpt


@dataclass(frozen=True)
class Hit:
    """A day that was found, with the piece of its note that says why."""

    entry: Entry
    excerpt: str


@login_required
@require_GET
def search(request: PersonRequest) -> HttpResponse:
    """Ask for words and filters, and show a page of what they find."""
    form = SearchForm(request.GET)
    context = {"form": form, "tags": selectors.tag_suggestions(owner=request.user)}
    if not form.is_valid():
        return render(request, "diary/search.html", context, status=400)
    wanted = form.wanted()
    if wanted != Wanted():
        found = entry_search(owner=request.user, wanted=wanted)
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        asked = request.GET.copy()
        asked.pop("page", None)
        context |= {
            "page": page,
            "hits": [Hit(entry, excerpt(entry.note, wanted.words)) for entry in page],
            "asked": asked.urlencode(),
        }
    return render(request, "diary/search.html", context)
