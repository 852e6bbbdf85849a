"""The songs of a day: choosing, composing, and how they are shown."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.models import Entry, EntrySong
from diary.storage import file_keep, files_delete_on_commit
from music import services as music
from music.players import player_for

logger = logging.getLogger(__name__)

TRACKS_PER_DAY = 3
NO_REPEAT_DAYS = 30


@dataclass(frozen=True)
class SongCard:
    """What a page or a program needs to show a song and to play it."""

    id: int
    kind: str
    title: str
    artist: str
    reason: str
    player_kind: str
    src: str
    links: tuple[tuple[str, str], ...]
    seconds: float | None
    is_made: bool


def songs_replace(*, entry: Entry) -> None:
    """Choose the day's songs anew: the piece first, then tracks of the catalogue.

    A day that says no mood has no songs. Must run inside a transaction.
    """
    from diary.tasks import compose_piece, send

    old = EntrySong.objects.filter(entry=entry)
    files_delete_on_commit(old.values_list("audio", flat=True))
    old.delete()
    probabilities = entry.probabilities
    if probabilities is None:
        return
    chosen = music.choose(
        probabilities=probabilities,
        seed=str(entry.public_id),
        avoid=_heard_lately(entry),
        count=TRACKS_PER_DAY,
    )
    numbers = list(probabilities)
    piece = EntrySong(entry=entry, position=0, kind=EntrySong.Kind.PIECE, probabilities=numbers)
    tracks = [
        EntrySong(
            entry=entry,
            position=position,
            kind=EntrySong.Kind.TRACK,
            track_id=choice.track_id,
            probabilities=numbers,
        )
        for position, choice in enumerate(chosen, start=1)
    ]
    piece.save()
    EntrySong.objects.bulk_create(tracks)
    transaction.on_commit(lambda: send(compose_piece, piece.pk))


def piece_compose(*, song_id: int) -> None:
    """Compose the piece of a day and keep it; leave where it is gone or already made."""
    from music.composer import compose

    song = (
        EntrySong.objects.select_related("entry")
        .filter(pk=song_id, kind=EntrySong.Kind.PIECE, audio="")
        .first()
    )
    if song is None:
        return
    piece = compose(song.probabilities, seed=str(song.entry.public_id))
    key = file_keep(song.audio, piece.audio)
    kept = EntrySong.objects.filter(pk=song_id, audio="").update(audio=key, seconds=piece.seconds)
    if not kept:
        default_storage.delete(key)


def song_cards(entry: Entry) -> list[SongCard]:
    """Return the entry's songs as they are shown, in the active language."""
    return [_card(song, entry) for song in entry.songs.all()]


def _card(song: EntrySong, entry: Entry) -> SongCard:
    if song.kind == EntrySong.Kind.PIECE or song.track is None:
        from music.composer import piece_title

        return SongCard(
            id=song.pk,
            kind=song.kind,
            title=piece_title(song.probabilities, seed=str(entry.public_id)),
            artist=_("오늘의 여섯 숫자로 지은 곡"),
            reason=music.piece_reason(song.probabilities),
            player_kind="audio",
            src=reverse("piece", args=[song.pk]),
            links=(),
            seconds=song.seconds,
            is_made=bool(song.audio),
        )
    player = player_for(song.track)
    return SongCard(
        id=song.pk,
        kind=song.kind,
        title=song.track.title,
        artist=song.track.artist,
        reason=music.reason(
            probabilities=song.probabilities,
            valence=song.track.valence,
            energy=song.track.energy,
        ),
        player_kind=player.kind,
        src=player.src,
        links=player.links,
        seconds=None,
        is_made=True,
    )


def _heard_lately(entry: Entry) -> set[int]:
    since = entry.date - dt.timedelta(days=NO_REPEAT_DAYS)
    songs = EntrySong.objects.filter(
        entry__owner_id=entry.owner_id,
        entry__date__range=(since, entry.date + dt.timedelta(days=NO_REPEAT_DAYS)),
        track__isnull=False,
    ).exclude(entry=entry)
    return {pk for pk in songs.values_list("track_id", flat=True) if pk is not None}
