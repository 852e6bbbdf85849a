"""The label file that may come with a photograph, for the page and for the API."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from diary.errors import DiaryError
from emotion.annotations import AnnotationError, read_annotation
from emotion.boxes import FaceBox

ANNOTATION_MAX_BYTES = 20 * 1024 * 1024


def annotation_box(upload: UploadedFile | None, *, photo_name: str) -> FaceBox | None:
    """Return the box of an AI Hub label file, None where there is none. Raises DiaryError."""
    if upload is None:
        return None
    if (upload.size or 0) > ANNOTATION_MAX_BYTES:
        raise DiaryError("annotation_too_large", _("라벨 파일이 너무 커요. 20 MB까지 받아요."))
    try:
        return read_annotation(upload.read(), filename=photo_name)
    except AnnotationError as error:
        messages = {
            "annotation_no_record": _(
                "라벨 파일에 이 사진의 기록이 없어요. 파일 이름을 확인해 주세요."
            ),
            "annotation_no_box": _("라벨 파일에 쓸 수 있는 얼굴 상자가 없어요."),
        }
        unreadable = _("라벨 파일을 읽지 못했어요. AI Hub의 JSON 파일인지 확인해 주세요.")
        raise DiaryError(error.code, messages.get(error.code, unreadable)) from error
