"""Pictures that no repository should carry: a film for the camera, a phone's large photograph."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

FILM = (640, 480)


def film_write(path: Path, picture: Image.Image) -> Path:
    """Write a film in which the person of `picture` sways a little, as uncompressed Y4M.

    The face, at about (165, 60, 110, 140) of `picture`, fills the middle of each frame.
    """
    large = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    with path.open("wb") as film:
        film.write(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % FILM)
        for sway in (0, 2, 4, 6, 4, 2):
            left, top = 117 + sway, 20
            frame = large.crop((left, top, left + FILM[0], top + FILM[1])).convert("YCbCr")
            light, blue, red = frame.split()
            half = (FILM[0] // 2, FILM[1] // 2)
            planes = (light, blue.resize(half), red.resize(half))
            film.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in planes))
    return path


def phone_photo(picture: Image.Image) -> bytes:
    """Return `picture` as a phone would write it: twelve megapixels with grain, several MB."""
    size = (4000, 3000)
    photo = Image.new("RGB", size, "#8fa7b8")
    photo.paste(picture.resize((3000, 3000)), (500, 0))
    grain = Image.effect_noise(size, 60).convert("RGB")
    written = io.BytesIO()
    Image.blend(photo, grain, 0.12).save(written, "JPEG", quality=92)
    return written.getvalue()
