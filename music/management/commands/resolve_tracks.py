"""Look up the Spotify ids that the catalogue does not have yet."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from music.models import SPOTIFY_ID_PATTERN, Track
from music.providers.spotify import SpotifyUnavailableError, track_id_search


class Command(BaseCommand):
    help = "Fills missing Spotify ids from Spotify's search. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--market", default="KR", help="country to search in (default: KR)")

    def handle(self, *_args: Any, **options: Any) -> None:
        client_id = getattr(settings, "SPOTIPY_CLIENT_ID", "")
        client_secret = getattr(settings, "SPOTIPY_CLIENT_SECRET", "")
        if not (client_id and client_secret):
            raise CommandError(
                "Set SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET first. Without them songs that"
                " have no id keep their search link, and nothing else is missing."
            )
        tracks = list(Track.objects.filter(spotify_id="").order_by("pk"))
        self.stdout.write(f"{len(tracks)} songs have no Spotify id.")
        found = 0
        for number, track in enumerate(tracks, start=1):
            try:
                track_id = track_id_search(
                    artist=track.artist,
                    title=track.title,
                    market=options["market"],
                    client_id=client_id,
                    client_secret=client_secret,
                )
            except SpotifyUnavailableError as error:
                # What has been found is kept already, so the next run goes on from here.
                raise CommandError(
                    f"Spotify could not be asked ({error}). {found} ids found so far."
                ) from error
            if track_id and re.match(SPOTIFY_ID_PATTERN, track_id):
                # Guarded, because another run may have filled it while we asked.
                found += Track.objects.filter(pk=track.pk, spotify_id="").update(
                    spotify_id=track_id
                )
            self.stdout.write(f"{number}/{len(tracks)} {track}: {track_id or 'not found'}")
        self.stdout.write(f"Done: {found} ids found, {len(tracks) - found} still missing.")
