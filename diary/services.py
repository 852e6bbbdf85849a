"""Writes of the book that a person asks for. What the worker writes is in `diary.readings`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import chain

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import account_erase, consent_withdraw
from diary.errors import DiaryError
from diary.models import Entry, EntrySong, Reading
from diary.moods import SHARES
from diary.photos import CleanPhoto, photo_small
from diary.songs import songs_replace
from diary.storage import file_keep, files_delete_on_commit, photo_forget
from diary.tags import tag_names, tags_prune, tags_replace
from emotion.boxes import FaceBox
from emotion.labels import BY_KEY

NOTE_LENGTH = 10_000
FIRST_DATE = dt.date(1970, 1, 1)


def entry_upload(
    *,
    owner: User,
    date: dt.date,
    photo: CleanPhoto,
    given_box: FaceBox | None = None,
    note: str | None = None,
) -> Entry:
    """Keep a photograph as that day's and queue its reading; the day's older one goes.

    `given_box` is in pixels of the original upright photograph. Without the owner's consent to
    face analysis the photograph is kept and nobody reads it. Raises DiaryError.
    """
    _check_date(owner, date)
    note = _check_note(note)
    box = given_box.scaled(photo.scale) if given_box else None
    if box:
        _check_box(box, photo.width, photo.height)
    kept: list[str] = []
    try:
        kept.append(file_keep(Entry().photo, photo.jpeg))
        kept.append(file_keep(Entry().photo_small, photo.small))
        with transaction.atomic():
            entry = _entry_of_day(owner, date)
            files_delete_on_commit(entry.photo_names)
            entry.photo.name, entry.photo_small.name = kept
            entry.photo_width, entry.photo_height = photo.width, photo.height
            entry.given_box = _box_json(box) if box else None
            if note is not None:
                entry.note = note
            _queue(entry, owner)
    except BaseException:
        # The row does not name the new files, so nobody else would ever remove them.
        for name in kept:
            default_storage.delete(name)
        raise
    return entry


def photo_small_make(*, entry: Entry) -> str:
    """Make the small photograph of an entry from before there were any; return its name.

    Returns "" where the photograph was replaced or removed meanwhile. Raises OSError where the
    photograph cannot be opened.
    """
    with entry.photo.open("rb") as file:
        name = file_keep(entry.photo_small, photo_small(file.read()))
    row = Entry.objects.filter(pk=entry.pk, photo=entry.photo.name)
    if row.filter(photo_small="").update(photo_small=name):
        return name
    # Two requests at once: the first one's stays.
    default_storage.delete(name)
    return row.values_list("photo_small", flat=True).first() or ""


def entry_write(
    *,
    owner: User,
    date: dt.date,
    note: str | None = None,
    own_mood: str | None = None,
    own_strength: int | None = None,
    tags: Sequence[str] | None = None,
) -> Entry:
    """Write a day by hand; None leaves a field as it is, "", 0 and [] clear it.

    Another mood forgets the strength of the one before. Raises DiaryError.
    """
    _check_date(owner, date)
    note = _check_note(note)
    names = None if tags is None else tag_names(tags)
    if own_mood and own_mood not in BY_KEY:
        raise DiaryError("mood_unknown", _("모르는 기분이에요. 여섯 가운데 하나를 골라 주세요."))
    with transaction.atomic():
        entry = _entry_of_day(owner, date)
        if note is not None:
            entry.note = note
        before = (entry.own_mood, entry.own_strength)
        _say(entry, own_mood, own_strength)
        said_anew = (entry.own_mood, entry.own_strength) != before
        entry.save()
        if names is not None:
            tags_replace(entry=entry, names=names)
        if said_anew and not entry.is_waiting:
            # The person's word wins: the songs say the same. A waiting entry gets its songs
            # when it has been read.
            songs_replace(entry=entry)
    return entry


def _say(entry: Entry, mood: str | None, strength: int | None) -> None:
    """Put the person's own word into an entry that is not saved yet. Raises DiaryError."""
    if mood is not None and mood != entry.own_mood:
        entry.own_mood, entry.own_strength = mood, None
    if strength is not None:
        if strength not in (0, *SHARES):
            raise DiaryError("strength_unknown", _("세기는 조금, 꽤, 많이 가운데 하나예요."))
        if strength and not entry.own_mood:
            raise DiaryError("strength_without_mood", _("먼저 기분을 골라 주세요."))
        entry.own_strength = strength or None


def entry_mark_face(*, entry: Entry, x: float, y: float, width: float, height: float) -> Entry:
    """Read the day's photograph again at a box that the person chose. Raises DiaryError."""
    box = FaceBox(x, y, width, height, "person")
    _check_photo(entry)
    if not entry.owner.consents_to_faces:
        raise DiaryError(
            "no_consent", _("얼굴 분석에 동의하지 않았어요. 설정에서 동의하면 읽을 수 있어요.")
        )
    _check_box(box, entry.photo_width or 0, entry.photo_height or 0)
    return _read_again(entry, _box_json(box))


def entry_read_again(*, entry: Entry) -> Entry:
    """Queue the photograph once more, as after a failure. Raises DiaryError."""
    _check_photo(entry)
    return _read_again(entry, entry.given_box)


def entry_delete(*, entry: Entry) -> None:
    """Remove a day with its photograph, its reading and its songs."""
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        files_delete_on_commit(
            [*entry.photo_names, *_audio_names(Entry.objects.filter(pk=entry.pk))]
        )
        owner = entry.owner
        entry.delete()
        tags_prune(owner=owner)


def photos_delete(*, owner: User) -> int:
    """Remove every photograph that has been read; return how many. The readings stay."""
    with transaction.atomic():
        read = Entry.objects.filter(owner=owner, reading__isnull=False).exclude(photo="")
        entries = list(read.select_for_update(of=("self",)))
        for entry in entries:
            photo_forget(entry=entry)
    return len(entries)


def owner_consent_withdraw(*, owner: User) -> None:
    """Let no machine read this person's face from now on, nor the photographs that wait.

    A worker that is at one of them loses its claim, and its result is left.
    """
    with transaction.atomic():
        consent_withdraw(user=owner)
        waiting = Entry.objects.select_for_update().filter(owner=owner, state__in=Entry.WAITING)
        for entry in waiting:
            entry.state, entry.claim, entry.lease_until = Entry.State.READY, None, None
            entry.save()
            songs_replace(entry=entry)


def owner_erase(*, owner: User) -> None:
    """Remove a person: rows, photographs, pieces, tokens, sessions.

    Work that is still queued finds no row and leaves.
    """
    with transaction.atomic():
        entries = Entry.objects.filter(owner=owner)
        photos = entries.exclude(photo="").values_list("photo", "photo_small")
        files_delete_on_commit([*chain.from_iterable(photos), *_audio_names(entries)])
        account_erase(user=owner)


def _entry_of_day(owner: User, date: dt.date) -> Entry:
    Entry.objects.get_or_create(owner=owner, date=date)
    return Entry.objects.select_for_update().get(owner=owner, date=date)


def _read_again(entry: Entry, given_box: dict[str, float | str] | None) -> Entry:
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        entry.given_box = given_box
        _queue(entry, entry.owner)
    return entry


def _queue(entry: Entry, owner: User) -> None:
    """Forget what was read and wait; a worker at the old photograph loses its claim."""
    Reading.objects.filter(entry=entry).delete()
    entry._state.fields_cache.pop("reading", None)
    files_delete_on_commit(_audio_names(Entry.objects.filter(pk=entry.pk)))
    EntrySong.objects.filter(entry=entry).delete()
    entry.claim = entry.lease_until = None
    entry.attempts, entry.failure_code, entry.found_faces = 0, "", []
    if owner.consents_to_faces:
        entry.state, entry.queued_at = Entry.State.QUEUED, timezone.now()
        entry.save()
        _send_on_commit(entry.pk)
        return
    entry.state, entry.queued_at = Entry.State.READY, None
    entry.save()
    if entry.own_mood:
        songs_replace(entry=entry)


def _send_on_commit(entry_id: int) -> None:
    from diary.tasks import read_entry, send

    transaction.on_commit(lambda: send(read_entry, entry_id))


def _audio_names(entries: QuerySet[Entry]) -> list[str]:
    songs = EntrySong.objects.filter(entry__in=entries).exclude(audio="")
    return list(songs.values_list("audio", flat=True))


def _box_json(box: FaceBox) -> dict[str, float | str]:
    return {
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "source": box.source,
    }


def _check_date(owner: User, date: dt.date) -> None:
    if date > owner.today():
        raise DiaryError(
            "future_date", _("아직 오지 않은 날이에요. 오늘이나 지난날을 골라 주세요.")
        )
    if date < FIRST_DATE:
        raise DiaryError("date_too_early", _("1970년보다 앞선 날은 적을 수 없어요."))


def _check_note(note: str | None) -> str | None:
    if note is None:
        return None
    if len(note) > NOTE_LENGTH:
        raise DiaryError(
            "note_too_long",
            _("글이 %(limit)d자보다 길어요. 조금 줄여 주세요.") % {"limit": NOTE_LENGTH},
        )
    # PostgreSQL cannot store the null character.
    return note.replace("\x00", "")


def _check_photo(entry: Entry) -> None:
    if entry.photo:
        return
    if entry.reading_or_none:
        raise DiaryError(
            "photo_deleted",
            _("사진은 읽고 나서 지웠어요. 다시 읽으려면 새 사진을 올려 주세요."),
        )
    raise DiaryError("no_photo", _("이날에는 사진이 없어요. 먼저 사진을 올려 주세요."))


def _check_box(box: FaceBox, width: int, height: int) -> None:
    sides = (box.x, box.y, box.width, box.height)
    if not all(math.isfinite(side) for side in sides):
        raise DiaryError("box_outside", _("얼굴 상자의 값이 올바르지 않아요."))
    across = min(box.x + box.width, width) - max(box.x, 0)
    down = min(box.y + box.height, height) - max(box.y, 0)
    if box.width < 16 or box.height < 16 or across < box.width / 2 or down < box.height / 2:
        raise DiaryError(
            "box_outside",
            _("얼굴 상자가 사진을 벗어났거나 너무 작아요. 얼굴에 맞게 다시 그려 주세요."),
        )
