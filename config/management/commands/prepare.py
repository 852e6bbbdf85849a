"""manage.py prepare: everything between an installed project and one that can be served."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError

from config.translations import catalogues_compile

# A database that starts together with us needs some seconds before it lets anybody in.
DATABASE_WAIT_SECONDS = 30


class Command(BaseCommand):
    help = "Prepares database, translations, songs, pages and model. Safe to run twice."
    # Each step reports what is wrong with its own part; the checks would read all weights first.
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        steps: list[tuple[str, Callable[[], str]]] = [
            ("데이터베이스 / database", self._database),
            ("번역 / translations", self._translations),
            ("노래 목록 / songs", self._songs),
            ("화면 / pages", self._pages),
            ("표정 모델 / emotion model", self._model),
        ]
        for number, (name, step) in enumerate(steps, start=1):
            start = time.monotonic()
            self.stdout.write(f"[{number}/{len(steps)}] {name} … ", ending="")
            self.stdout.flush()
            said = step()
            self.stdout.write(f"{said} ({time.monotonic() - start:.1f} s)")

    def _database(self) -> str:
        connection = connections[DEFAULT_DB_ALIAS]
        deadline = time.monotonic() + DATABASE_WAIT_SECONDS
        while True:
            try:
                connection.ensure_connection()
                break
            except OperationalError as error:
                if time.monotonic() > deadline:
                    raise CommandError(f"the database does not answer: {error}") from error
                time.sleep(1)
        call_command("migrate", interactive=False, verbosity=0)
        return connection.display_name

    def _translations(self) -> str:
        return f"{catalogues_compile(settings.LOCALE_PATHS)} compiled"

    def _songs(self) -> str:
        from music.models import Track

        call_command("load_tracks", stdout=_Silence())
        return f"{Track.objects.count()}"

    def _pages(self) -> str:
        call_command("collectstatic", interactive=False, verbosity=0)
        return "collected"

    def _model(self) -> str:
        self.stdout.write("")
        try:
            call_command("prepare_model", stdout=self.stdout)
        except CommandError as error:
            # The diary works without: moods are said by hand, and waiting photographs are read
            # once the weights are there.
            self.stderr.write(self.style.ERROR(f"      {error}"))
            return "      photographs cannot be read until this is mended"
        return "      ready"


class _Silence:
    """A command's output that nobody needs to see at every start."""

    def write(self, _text: str) -> None:
        return
