"""manage.py evaluate ARCHIVE --layout ferplus: what the served model says to labelled faces."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from PIL import Image

from diary.evaluation_report import report_write
from diary.photos import photo_clean
from diary.readings import predictor_options
from emotion.ensemble import Runtime
from emotion.errors import ModelUnavailable
from emotion.labels import BY_KEY
from emotion.networks import INPUT_SIZE
from emotion.predictor import warm
from emotion.training.datasets import LAYOUTS, DatasetError, load
from emotion.training.evaluate import (
    Drop,
    Evaluation,
    Predictions,
    compare,
    face_input,
    measure_drops,
    predict,
    save_predictions,
)
from emotion.training.facesets import FaceSet
from emotion.training.metrics import Interval, Scores, evaluate
from emotion.training.robustness import (
    CHANGES,
    ORIENTATIONS,
    Change,
    Picture,
    turned_photo,
)

SEED = 20261120
# Of these the face is as large as serving would crop it; FER's 48 pixels are all there is.
PHOTOGRAPHS = ("aihub", "folders", "portraits")


class Command(BaseCommand):
    help = _("표정 자료로 지금 쓰는 모델의 정확도를 잽니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--layout", choices=sorted(LAYOUTS), required=True)
        parser.add_argument("--split", help=_("자료가 이름으로 나뉘어 있을 때 쓸 부분"))
        parser.add_argument("--limit", type=int, help=_("고르게 뽑을 얼굴 수"))
        parser.add_argument("--member", help=_("앙상블 대신 네트워크 하나만"))
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--robustness",
            action="store_true",
            help=_("거울상, 밝기, 압축, 흐림, 작은 사진, 어긋난 상자, 마스크, 돌린 사진도 잽니다"),
        )
        parser.add_argument(
            "--report", type=Path, metavar="DIR", help=_("그림이 있는 HTML 보고서를 쓸 폴더")
        )
        parser.add_argument(
            "--runs", type=Path, metavar="DIR", help=_("보고서에 그릴 학습 곡선이 있는 폴더")
        )
        parser.add_argument(
            "--predictions", type=Path, metavar="FILE.npz", help=_("얼굴마다의 확률을 쓸 파일")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stderr.write
        try:
            runtime = warm(predictor_options(), say=say)
            member = _member(runtime, options["member"])
            faces = load(
                options["archive"],
                options["layout"],
                side=INPUT_SIZE[0] if options["layout"] in PHOTOGRAPHS else None,
                split=options["split"],
                limit=options["limit"],
                seed=SEED,
                say=say,
            )
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except ModelUnavailable as error:
            raise CommandError(_("모델을 쓸 수 없습니다: {error}").format(error=error)) from error
        said = predict(runtime, faces.images, say=say)
        evaluation = Evaluation(
            model_version=runtime.manifest.version,
            layout=options["layout"],
            member=member,
            skipped=faces.skipped,
            scores=evaluate(said.of(member), faces.targets),
            comparison=compare(said, faces),
            robustness=self._drops(runtime, faces, said, member) if options["robustness"] else {},
        )
        if options["predictions"]:
            version = runtime.manifest.version
            save_predictions(options["predictions"], said, faces, model_version=version)
        if options["json"]:
            self.stdout.write(json.dumps(evaluation.as_dict(), indent=2))
        else:
            self._print(evaluation)
        if options["report"]:
            page = report_write(
                folder=options["report"],
                evaluation=evaluation,
                faces=faces,
                probabilities=said.of(member),
                runs=options["runs"] or predictor_options().model_dir,
            )
            say(_("보고서: {path} (얼굴이 들어 있으니 공개하지 마세요)").format(path=page))

    def _drops(
        self, runtime: Runtime, faces: FaceSet, said: Predictions, member: str | None
    ) -> dict[str, Drop]:
        names = list(said.members)

        def read(face: Picture) -> Any:
            moods, members = runtime.moods_and_members(face_input(face))
            return moods if member is None else members[names.index(member)]

        changes: dict[str, Change] = dict(CHANGES)
        for way in ORIENTATIONS:
            changes[f"exif_{way}"] = partial(_uploaded, orientation=way)
        return measure_drops(read, faces, said.of(member), changes, say=self.stderr.write)

    def _print(self, evaluation: Evaluation) -> None:
        scores, intervals = evaluation.scores, evaluation.scores.intervals
        self._row(_("얼굴 수"), f"{scores.n}")
        self._row(_("얼굴을 찾지 못한 사진"), f"{evaluation.skipped}")
        self._row(_("정확도"), _with_interval(scores.accuracy, intervals.accuracy))
        self._row("macro-F1", _with_interval(scores.macro_f1, intervals.macro_f1))
        self._row("NLL", _with_interval(scores.nll, intervals.nll))
        self._row(_("NLL의 바닥 (사람들 표의 엔트로피)"), f"{scores.nll_floor:.4f}")
        self._row("ECE", _with_interval(scores.ece, intervals.ece))
        self._print_moods(scores)
        self._title(_("비교"), _("정확도"), "macro-F1", "NLL", "ECE")
        for name, each in evaluation.comparison.items():
            figures = (each.accuracy, each.macro_f1, each.nll, each.ece)
            self._row(name, *(f"{figure:.4f}" for figure in figures))
        if evaluation.robustness:
            self._print_drops(evaluation.robustness)

    def _print_moods(self, scores: Scores) -> None:
        self._title(_("기분"), _("정밀도"), _("재현율"), _("얼굴 수"))
        for key, mood in BY_KEY.items():
            each, span = scores.per_class[key], scores.intervals.per_class[key]
            self._row(
                f"{mood.korean} {mood.english}",
                _with_interval(each.precision, span["precision"], digits=3),
                _with_interval(each.recall, span["recall"], digits=3),
                f"{each.n}",
            )
        self._title(_("혼동 행렬 (행: 사람, 열: 모델)"))
        for row in scores.confusion:
            self._row(*map(str, row))

    def _print_drops(self, drops: Mapping[str, Drop]) -> None:
        self._title(_("바뀐 사진"), _("정확도"), _("정확도 하락"), "NLL", _("NLL 상승"))
        for name, drop in drops.items():
            self._row(
                name,
                f"{drop.accuracy:.4f}",
                _with_interval(drop.drop_accuracy, drop.drop_accuracy_interval),
                f"{drop.nll:.4f}",
                _with_interval(drop.rise_nll, drop.rise_nll_interval),
            )

    def _title(self, *cells: str) -> None:
        self.stdout.write("")
        self._row(*cells)

    def _row(self, *cells: str) -> None:
        self.stdout.write("\t".join(cells))


def _member(runtime: Runtime, name: str | None) -> str | None:
    names = [each.network for each in runtime.manifest.members]
    if name is not None and name not in names:
        raise CommandError(
            _("{name} 네트워크는 없습니다: {names}").format(name=name, names=", ".join(names))
        )
    return name


def _uploaded(face: Picture, *, orientation: int) -> Picture:
    """Return the face as it comes through the door, held that way by the camera."""
    photo = turned_photo(face, orientation)
    clean = photo_clean(SimpleUploadedFile("face.jpg", photo))
    with Image.open(io.BytesIO(clean.jpeg)) as picture:
        return np.asarray(picture)


def _with_interval(figure: float, interval: Interval, *, digits: int = 4) -> str:
    low, high = interval
    return f"{figure:.{digits}f} ({low:.{digits}f}…{high:.{digits}f})"
