"""manage.py compile_translations: .po to .mo, where a .po is newer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.translations import catalogues_compile


class Command(BaseCommand):
    help = "Compiles the translations that changed. Safe to run twice."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{catalogues_compile(settings.LOCALE_PATHS)} compiled")
