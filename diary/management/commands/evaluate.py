"""manage.py evaluate ARCHIVE --layout ferplus: what the served model says to labelled faces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from diary.readings import predictor_options
from emotion.ensemble import Runtime
from emotion.errors import ModelUnavailable
from emotion.labels import BY_KEY
from emotion.predictor import warm
from emotion.training.datasets import DatasetError, FaceSet, load_ferplus
from emotion.training.evaluate import Scores, evaluate, face_input

LOADERS = {"ferplus": load_ferplus}
STEP = 50  # faces between two lines of progress
SEED = 20261120


class Command(BaseCommand):
    help = _("표정 자료로 지금 쓰는 모델의 정확도를 잽니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--layout", choices=sorted(LOADERS), required=True)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--member", help=_("앙상블 대신 네트워크 하나만"))
        parser.add_argument("--limit", type=int, help=_("고르게 뽑을 얼굴 수"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faces = LOADERS[options["layout"]](options["archive"])
            runtime = warm(predictor_options(), say=self.stderr.write)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except ModelUnavailable as error:
            raise CommandError(_("모델을 쓸 수 없습니다: {error}").format(error=error)) from error
        if options["limit"]:
            faces = faces.take(options["limit"], seed=SEED)
        probabilities = self._probabilities(runtime, faces, options["member"])
        scores = evaluate(probabilities, faces.targets)
        if options["json"]:
            content = {"model_version": runtime.manifest.version, **scores.as_dict()}
            self.stdout.write(json.dumps(content, indent=2))
        else:
            self._print(scores)

    def _probabilities(
        self, runtime: Runtime, faces: FaceSet, member: str | None
    ) -> NDArray[np.float64]:
        names = [each.network for each in runtime.manifest.members]
        if member is not None and member not in names:
            raise CommandError(
                _("{name} 네트워크는 없습니다: {names}").format(name=member, names=", ".join(names))
            )
        said = []
        for number, image in enumerate(faces.images, start=1):
            face = face_input(image)
            if member is None:
                said.append(runtime.probabilities(face))
            else:
                said.append(runtime.member_probabilities(face)[names.index(member)])
            if number % STEP == 0 or number == len(faces):
                self.stderr.write(f"{number}/{len(faces)}")
        return np.stack(said)

    def _print(self, scores: Scores) -> None:
        lines = [
            (_("얼굴 수"), f"{scores.faces}"),
            (_("정확도"), f"{scores.accuracy:.4f}"),
            ("macro-F1", f"{scores.macro_f1:.4f}"),
            ("NLL", f"{scores.nll:.4f}"),
            ("ECE", f"{scores.ece:.4f}"),
        ]
        for name, value in lines:
            self.stdout.write(f"{name}\t{value}")
        self.stdout.write(f"\n\t{_('정밀도')}\t{_('재현율')}")
        for key, mood in BY_KEY.items():
            self.stdout.write(
                f"{mood.korean} {mood.english}\t"
                f"{scores.precision[key]:.3f}\t{scores.recall[key]:.3f}"
            )
        self.stdout.write("\n" + _("혼동 행렬 (행: 사람, 열: 모델)"))
        for row in scores.confusion:
            self.stdout.write("\t".join(str(count) for count in row))
