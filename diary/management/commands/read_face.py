"""manage.py read_face photo.jpg [--annotation label.json]: one reading, as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from diary.readings import predictor_options
from emotion.annotations import AnnotationError, read_annotation
from emotion.boxes import FaceBox
from emotion.labels import KEYS, expected
from emotion.predictor import FaceReading, ReadingError, SeveralFaces, read_face


class Command(BaseCommand):
    help = _("사진 한 장의 표정을 읽어 JSON으로 보여 줍니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photo", type=Path)
        parser.add_argument("--annotation", type=Path, help=_("사진에 딸린 AI Hub 라벨 JSON 파일"))

    def handle(self, *args: Any, **options: Any) -> None:
        photo: Path = options["photo"]
        upright = _upright(_read(photo), photo)
        box = _box(options["annotation"], photo)
        try:
            reading = read_face(upright, options=predictor_options(), box=box)
        except ReadingError as error:
            raise CommandError(_explain(error)) from error
        self.stdout.write(json.dumps(_as_json(reading), ensure_ascii=False, indent=2))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("{path} 파일을 읽을 수 없습니다: {error}").format(path=path, error=error.strerror)
        ) from error


def _upright(data: bytes, path: Path) -> bytes:
    """Return the photograph with its EXIF orientation applied, without a further loss."""
    try:
        _accept_heic()
        with Image.open(io.BytesIO(data)) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise CommandError(
            _("{path} 파일은 열 수 있는 사진이 아닙니다.").format(path=path)
        ) from error
    written = io.BytesIO()
    upright.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _accept_heic() -> None:
    import pi_heif

    pi_heif.register_heif_opener()


def _box(annotation: Path | None, photo: Path) -> FaceBox | None:
    if annotation is None:
        return None
    try:
        return read_annotation(_read(annotation), filename=photo.name)
    except AnnotationError as error:
        raise CommandError(
            _("라벨 파일을 쓸 수 없습니다({code}): {error}").format(code=error.code, error=error)
        ) from error


def _explain(error: ReadingError) -> str:
    sentences = {
        "no_face": _("사진에서 얼굴을 찾지 못했습니다."),
        "photo_unreadable": _("사진을 열 수 없습니다."),
        "box_outside": _("라벨의 얼굴 상자가 사진 밖에 있습니다."),
    }
    if isinstance(error, SeveralFaces):
        return _("얼굴이 여러 개라 누구의 얼굴인지 알 수 없습니다: {count}개").format(
            count=len(error.boxes)
        )
    return sentences.get(error.code) or _("모델을 쓸 수 없습니다: {error}").format(error=error)


def _as_json(reading: FaceReading) -> dict[str, Any]:
    return {
        "dominant": reading.dominant,
        "probabilities": dict(zip(KEYS, reading.probabilities, strict=True)),
        "valence": expected(reading.probabilities, "valence"),
        "arousal": expected(reading.probabilities, "arousal"),
        "model_version": reading.model_version,
        "box": asdict(reading.box),
        "milliseconds": dict(reading.milliseconds),
    }
