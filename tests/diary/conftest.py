"""What the diary's tests share: uploads as a browser sends them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from diary.photos import CleanPhoto, photo_clean


def jpeg(image: Image.Image, **save: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **save)
    return out.getvalue()


def upload(content: bytes, name: str = "selfie.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _korean() -> Iterator[None]:
    """A request leaves its language behind, which must not be that of the next test."""
    with translation.override("ko"):
        yield


@pytest.fixture
def astronaut_photo(astronaut_jpeg: bytes) -> CleanPhoto:
    return photo_clean(upload(astronaut_jpeg))
