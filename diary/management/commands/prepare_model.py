"""manage.py prepare_model: check the weights and make the graph that the worker loads."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from diary.readings import predictor_options
from emotion.ensemble import choose, prepare
from emotion.errors import ModelUnavailable


class Command(BaseCommand):
    help = _("모델 파일을 확인하고 읽기에 쓸 그래프를 준비합니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = predictor_options()
        start = time.monotonic()
        self.stdout.write(_("모델을 준비하는 중입니다…"))
        try:
            choice = choose(chosen.model_dir, chosen.precision)
            self.stdout.write(_("정밀도: {choice}").format(choice=choice))
            prepared = prepare(
                chosen.model_dir, chosen.cache_dir, precision=choice.precision, say=self._say
            )
        except ModelUnavailable as error:
            raise CommandError(_("모델을 쓸 수 없습니다: {error}").format(error=error)) from error
        self.stdout.write(
            _("준비되었습니다: {path} ({seconds:.1f}초)").format(
                path=prepared, seconds=time.monotonic() - start
            )
        )

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
