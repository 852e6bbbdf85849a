"""What is taken, what is refused, and what is left of a photograph."""

from __future__ import annotations

import io
import pathlib
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from diary.photos import PhotoRefused, photo_clean, photo_small
from tests.diary.conftest import jpeg, upload
from tests.orientations import stored

HEIC = pathlib.Path(__file__).parents[1] / "data" / "drawn.heic"


def drawn(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", size, "#87b5d9")
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, size[0] // 2, size[1] // 2], fill="#dd5f43")
    return image.convert(mode)


def saved(image: Image.Image, fmt: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def png_header(width: int, height: int) -> bytes:
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_it_works() -> None:
    photo = photo_clean(upload(jpeg(drawn())))
    assert (photo.width, photo.height, photo.scale) == (640, 480, 1.0)
    assert opened(photo.jpeg).format == "JPEG"


@pytest.mark.parametrize(
    ("size", "small"), [((640, 480), (320, 240)), ((500, 1500), (107, 320)), ((90, 60), (90, 60))]
)
def test_a_small_one_is_made_with_it(size: tuple[int, int], small: tuple[int, int]) -> None:
    photo = photo_clean(upload(jpeg(drawn(size))))
    image = opened(photo.small)
    assert (image.format, image.size, image.info.keys() & {"exif", "icc_profile"}) == (
        "WEBP",
        small,
        set(),
    )
    assert len(photo.small) < 15_000
    assert opened(photo_small(photo.jpeg)).size == small


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
def test_format_is_told_from_the_content_whatever_the_name(fmt: str) -> None:
    photo = photo_clean(upload(saved(drawn(), fmt), name="x.txt"))
    assert opened(photo.jpeg).getpixel((10, 10))[0] > 200


def test_heic_is_taken() -> None:
    photo = photo_clean(upload(HEIC.read_bytes(), name="IMG_0001.HEIC"))
    assert (photo.width, photo.height) == (320, 240)
    red, _green, blue = opened(photo.jpeg).getpixel((20, 20))
    assert red > blue


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_metadata_gone_for_each_turn(orientation: int) -> None:
    upright = drawn((400, 300))
    turned, exif = stored(upright, orientation)
    exif[0x010F] = "SECRETCAM"
    photo = photo_clean(upload(jpeg(turned, exif=exif, comment=b"SECRETNOTE", quality=95)))
    result = opened(photo.jpeg)
    assert result.size == (400, 300)
    assert result.getpixel((50, 50))[0] > 180, "the red corner is not at the top left"
    assert result.getpixel((350, 250))[0] < 180
    assert not result.getexif()
    assert b"SECRET" not in photo.jpeg


def test_large_photo_is_made_smaller_and_says_by_how_much() -> None:
    photo = photo_clean(upload(jpeg(drawn((4096, 3072)))))
    assert (photo.width, photo.height, photo.scale) == (2048, 1536, 0.5)


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_other_colour_spaces_become_rgb(mode: str) -> None:
    fmt = "PNG" if mode == "1" else "JPEG"
    photo = photo_clean(upload(saved(drawn(mode=mode), fmt)))
    assert opened(photo.jpeg).mode == "RGB"


def test_sixteen_bit_grey_keeps_its_middle() -> None:
    image = Image.new("I;16", (100, 100), 32896)
    photo = photo_clean(upload(saved(image, "PNG")))
    assert abs(opened(photo.jpeg).getpixel((50, 50))[0] - 128) < 4


def test_transparency_lies_on_white_paper() -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    photo = photo_clean(upload(saved(image, "PNG")))
    assert opened(photo.jpeg).getpixel((50, 50)) == (255, 255, 255)


def test_an_odd_colour_profile_does_not_cost_the_photo() -> None:
    photo_clean(upload(jpeg(drawn(), icc_profile=b"not a profile" * 20)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_empty"),
        (b"hello " * 100, "photo_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_format"),
        (saved(drawn().convert("P"), "GIF"), "photo_format"),
        (jpeg(drawn())[:2000], "photo_broken"),
        (saved(drawn(), "PNG")[:300], "photo_broken"),
        (png_header(60000, 60000), "photo_too_many_pixels"),
        (png_header(10000, 6000), "photo_too_many_pixels"),
        (png_header(1, 20000), "photo_too_small"),
        (HEIC.read_bytes()[:700] if HEIC.exists() else b"", "photo_broken"),
    ],
    ids=["empty", "text", "svg", "gif", "cut jpeg", "cut png", "bomb", "60 MP", "line", "cut heic"],
)
def test_refusals_have_a_code_and_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photo_clean(upload(content))
    assert refusal.value.code == code
    assert refusal.value.message.endswith(("요.", "."))


def test_more_than_fifteen_megabytes_are_refused_before_reading() -> None:
    with pytest.raises(PhotoRefused) as refusal:
        photo_clean(upload(b"\xff\xd8\xff\xe0" + b"\0" * (15 * 1024**2)))
    assert refusal.value.code == "photo_too_large"
