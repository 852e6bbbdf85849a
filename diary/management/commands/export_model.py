"""manage.py export_model: `python -m emotion.training export`, from runs to what is served."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from diary.management.commands.train import require_training_packages
from emotion.training.commands import add_export_arguments, export_model
from emotion.training.errors import TrainingError


class Command(BaseCommand):
    help = _("학습한 네트워크를 합쳐 서비스할 모델 폴더를 만듭니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        add_export_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        require_training_packages()
        try:
            export_model(Namespace(**options), self._say)
        except TrainingError as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
