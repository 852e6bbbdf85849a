"""manage.py train: `python -m emotion.training train`, for where Django is there anyway."""

from __future__ import annotations

from argparse import Namespace
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from emotion.training.commands import add_train_arguments, train_network
from emotion.training.errors import OutOfTime, TrainingError


class Command(BaseCommand):
    help = _("얼굴 자료로 네트워크 하나를 학습합니다. 끊기면 같은 명령으로 이어 갑니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        add_train_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        require_training_packages()
        try:
            train_network(Namespace(**options), self._say)
        except OutOfTime as pause:
            raise CommandError(
                _("시간이 다 되었습니다. 같은 명령을 다시 주면 이어 갑니다."), returncode=75
            ) from pause
        except TrainingError as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def require_training_packages() -> None:
    """Raise CommandError where TensorFlow and JAX are both missing."""
    if not (find_spec("tensorflow") or find_spec("jax")):
        raise CommandError(
            _("학습에는 TensorFlow나 JAX가 있어야 합니다: {command}").format(
                command="uv sync --extra train --inexact"
            )
        )
