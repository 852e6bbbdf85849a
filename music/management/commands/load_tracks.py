"""Bring the songs of a catalogue file into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from music.catalogue import CATALOGUE, CatalogueError, songs_load, songs_read


class Command(BaseCommand):
    help = "Adds the songs of a catalogue file and updates those that changed. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=CATALOGUE,
            metavar="FILE",
            help="a CSV file as described in music/catalogue.py; default: our own catalogue",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            songs = songs_read(path)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
        self.stdout.write(f"{path.name}: {len(songs)} songs read.")
        count = songs_load(songs=songs)
        self.stdout.write(
            f"Catalogue ready: {count.created} new, {count.updated} changed,"
            f" {count.unchanged} unchanged."
        )
