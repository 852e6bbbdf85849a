"""Finding days again: by words in notes, tags, moods, songs and dates, and by filters.

Every search looks at one person's rows, which the index on owner and date finds; within those a
part of a word is looked for as it is, which is what Korean needs, where endings cling to words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dates import MONTHS

from accounts.models import User
from diary.models import Entry, EntrySong
from diary.tags import tag_key
from diary.words import moods_called

PAGE_SIZE = 30
# More words than this make a search slower, not better.
WORDS_AT_MOST = 8
EXCERPT_LENGTH = 90
ISO_DATE = re.compile(r"(19[7-9]\d|[2-8]\d{3})(?:년|[-./](\d{1,2})(?:[-./](\d{1,2}))?)?\.?")
DAY = re.compile(r"(\d{1,2})일")


@dataclass(frozen=True)
class Wanted:
    """What is looked for: every word of `text`, and every filter that is not empty."""

    text: str = ""
    mood: str = ""
    tag: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    has_photo: bool = False

    @property
    def words(self) -> list[str]:
        return unicodedata.normalize("NFC", self.text).split()[:WORDS_AT_MOST]


def entry_search(*, owner: User, wanted: Wanted) -> QuerySet[Entry]:
    """Return the owner's days that hold all of it, the newest first, with reading and tags."""
    found = Entry.objects.filter(owner=owner)
    for word in wanted.words:
        found = found.filter(_says(word))
    if wanted.mood:
        found = found.filter(_has_mood([wanted.mood]))
    if wanted.tag:
        found = found.filter(_has_tag(tag__key=tag_key(wanted.tag)))
    if wanted.first:
        found = found.filter(date__gte=wanted.first)
    if wanted.last:
        found = found.filter(date__lte=wanted.last)
    if wanted.has_photo:
        found = found.exclude(photo="")
    return found.select_related("reading").prefetch_related("tags").order_by("-date")


def excerpt(note: str, words: list[str]) -> str:
    """Return the piece of a note around the first of the words that is in it, on one line."""
    text = " ".join(note.split())
    places = [place for word in words if (place := text.casefold().find(word.casefold())) >= 0]
    start = max(0, min(places, default=0) - EXCERPT_LENGTH // 3)
    piece = text[start : start + EXCERPT_LENGTH]
    return f"{'…' if start else ''}{piece}{'…' if start + EXCERPT_LENGTH < len(text) else ''}"


def _says(word: str) -> Q:
    """Whether a day says this word anywhere. Django escapes the wildcards of LIKE in it."""
    songs = EntrySong.objects.filter(entry=OuterRef("pk")).filter(
        Q(track__title__icontains=word) | Q(track__artist__icontains=word)
    )
    said = Q(note__icontains=word) | _has_tag(tag__key__contains=tag_key(word)) | Q(Exists(songs))
    if moods := moods_called(word):
        said |= _has_mood(moods)
    if when := _dated(word):
        said |= when
    return said


def _has_mood(moods: list[str]) -> Q:
    """Whether the day counts with one of these moods: the person's word before the machine's."""
    return Q(own_mood__in=moods) | Q(own_mood="", reading__dominant__in=moods)


def _has_tag(**lookup: str) -> Q:
    return Q(Exists(Entry.tags.through.objects.filter(entry=OuterRef("pk"), **lookup)))


def _dated(word: str) -> Q | None:
    """Read a word as a part of a date: 2026-11-20, 2026.11, 2026년, 11월, November, 20일."""
    if match := ISO_DATE.fullmatch(word):
        parts = zip(("date__year", "date__month", "date__day"), match.groups(), strict=True)
        return Q(**{name: int(part) for name, part in parts if part})
    for number, name in MONTHS.items():
        if word.casefold() == str(name).casefold():
            return Q(date__month=number)
    if match := DAY.fullmatch(word):
        return Q(date__day=int(match[1]))
    return None
