"""A stranger's bytes in, a clean upright JPEG out, or a refusal that says what to do next."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from diary.errors import DiaryError

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
SHORT_SIDE_LEAST = 48
JPEG_QUALITY = 90
SMALL_SIDE = 320
SMALL_QUALITY = 78


class PhotoRefused(DiaryError):
    """The upload is not a photograph that the diary takes."""


@dataclass(frozen=True)
class CleanPhoto:
    """An upright RGB JPEG without metadata, and a small WebP of it for lists.

    `scale` is the JPEG's size over the original's.
    """

    jpeg: bytes
    width: int
    height: int
    scale: float
    small: bytes


@cache
def _register_heif() -> None:
    # pi-heif decodes only, so its wheel has no GPL encoder inside as pillow-heif's has.
    import pi_heif

    pi_heif.register_heif_opener()


def photo_clean(upload: UploadedFile) -> CleanPhoto:
    """Check, turn upright, shrink and re-encode a photograph.

    The format is told from the content, sizes are checked before any pixel is decoded, and
    re-encoding drops every byte of metadata. Raises PhotoRefused.
    """
    if not upload.size:
        raise PhotoRefused("photo_empty", _("빈 파일이에요. 사진을 다시 골라 주세요."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise PhotoRefused(
            "photo_too_large",
            _("사진이 %(limit)d MB보다 커요. 더 작은 사진을 골라 주세요.")
            % {"limit": settings.PHOTO_MAX_BYTES // 1024**2},
        )
    image = _open(upload)
    original = max(image.size)
    try:
        upright = _upright(image)
    # Decoders report broken content with many built-in errors; none of them is ours to fix.
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError) as error:
        raise _broken() from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY, optimize=False)
    scale = max(upright.size) / original
    return CleanPhoto(out.getvalue(), *upright.size, scale=scale, small=_small(upright))


def photo_small(jpeg: bytes) -> bytes:
    """Return the small WebP of a photograph that was cleaned before. Raises OSError."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        return _small(image)


def _small(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=SMALL_QUALITY)
    return out.getvalue()


def _broken() -> PhotoRefused:
    return PhotoRefused(
        "photo_broken", _("사진 파일이 깨져 있어요. 다시 찍거나 다른 사진을 골라 주세요.")
    )


def _open(upload: UploadedFile) -> Image.Image:
    _register_heif()
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow only warns between one and two times its own limit; ours is checked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise PhotoRefused(
            "photo_format",
            _("JPEG, PNG, WebP, HEIC 사진만 받을 수 있어요. 다른 사진을 골라 주세요."),
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise _broken() from error
    if image.width * image.height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels()
    if min(image.size) < SHORT_SIDE_LEAST:
        raise PhotoRefused(
            "photo_too_small", _("사진이 너무 작아요. 얼굴이 보이는 더 큰 사진을 골라 주세요.")
        )
    return image


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        "photo_too_many_pixels",
        _("사진이 %(limit)d백만 화소보다 커요. 더 작은 사진을 골라 주세요.")
        % {"limit": settings.PHOTO_MAX_PIXELS // 1_000_000},
    )


def _upright(image: Image.Image) -> Image.Image:
    side = settings.PHOTO_LONG_SIDE
    profile = image.info.get("icc_profile")
    # A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size, at a fraction of the time and memory.
    image.draft("RGB", (side, side))
    image.load()
    image = ImageOps.exif_transpose(image)
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _flat_rgb(image, profile)


def _flat_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        # 16 bits a pixel: Pillow's own conversion clips them instead of scaling.
        image = image.convert("F").point(lambda value: value / 257.0).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
        profile = None
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            image = converted or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # An odd profile costs a shade of colour, not the photograph.
    image = image.convert("RGB")
    image.info.clear()
    return image
