"""What a camera, a network and a person do to a face: each a function of one picture.

All take and return uint8 (height, width, 1 or 3) of the same size, and draw nothing at random.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from emotion.networks import INPUT_SIZE

Picture = NDArray[np.uint8]
Change = Callable[[Picture], Picture]

# Of the face's height: about one pixel of a FER face, a hand that shook a little.
BLUR = 0.02
# From below the nose's root down, in the grey of a bright mask.
MASK_FROM, MASK_GREY = 0.55, 220
MOVED = 0.1
EXIF_ORIENTATION = 0x0112
# A picture stored so, and turned as its EXIF orientation says, is upright again.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATIONS = range(1, 9)


def mirror(face: Picture) -> Picture:
    """Swap left and right."""
    return np.ascontiguousarray(face[:, ::-1])


def gamma(face: Picture, power: float) -> Picture:
    """Raise brightness, as 0 to 1, to `power`: below 1 brighter, above 1 darker."""
    table = np.rint(255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return table[face]


def compress(face: Picture, quality: int) -> Picture:
    """Encode as JPEG of `quality` (1 to 95) and decode again."""
    with Image.open(io.BytesIO(encode_jpeg(face, quality=quality))) as picture:
        return np.asarray(picture).reshape(face.shape)


def blur(face: Picture, share: float) -> Picture:
    """Blur by a Gaussian whose standard deviation is `share` of the height."""
    import cv2

    blurred = cv2.GaussianBlur(face, (0, 0), share * face.shape[0])
    return np.asarray(blurred, np.uint8).reshape(face.shape)


def reduce(face: Picture, factor: int) -> Picture:
    """Shrink both sides to 1/`factor` and enlarge again: what a small picture keeps."""
    import cv2

    height, width = face.shape[:2]
    small = cv2.resize(face, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.uint8).reshape(face.shape)


def move_box(face: Picture, *, right: float = 0.0, down: float = 0.0) -> Picture:
    """Look through a frame moved by these shares of its width and height, in whole pixels.

    The frame has the networks' 205:275 in the middle of the picture; beyond the picture its
    edge is repeated.
    """
    height, width = face.shape[:2]
    frame_width = min(width, height * INPUT_SIZE[1] / INPUT_SIZE[0])
    rows = np.arange(height) + round(down * height)
    columns = np.arange(width) + round(right * frame_width)
    moved: Picture = face[rows.clip(0, height - 1)][:, columns.clip(0, width - 1)]
    return moved


def cover_lower_face(face: Picture) -> Picture:
    """Cover nose, mouth and chin, as a mask does."""
    covered = face.copy()
    covered[round(MASK_FROM * face.shape[0]) :] = MASK_GREY
    return covered


CHANGES: Mapping[str, Change] = {
    "mirror": mirror,
    "gamma_0.5": partial(gamma, power=0.5),
    "gamma_2": partial(gamma, power=2.0),
    "jpeg_30": partial(compress, quality=30),
    "blur": partial(blur, share=BLUR),
    "half_resolution": partial(reduce, factor=2),
    "quarter_resolution": partial(reduce, factor=4),
    "box_left": partial(move_box, right=-MOVED),
    "box_right": partial(move_box, right=MOVED),
    "box_up": partial(move_box, down=-MOVED),
    "box_down": partial(move_box, down=MOVED),
    "lower_face_covered": cover_lower_face,
}


def turned_photo(face: Picture, orientation: int) -> bytes:
    """Return a JPEG as a camera held that way writes it: pixels turned, EXIF `orientation` 1-8.

    What applies the orientation sees `face` upright again, at least as large as the networks
    see it: cameras take no photographs of 48 pixels, and at that size it is the encoding that
    would be measured, not the turn.
    """
    picture = _picture(face)
    scale = max(1.0, INPUT_SIZE[0] / picture.height)
    size = (round(scale * picture.width), round(scale * picture.height))
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    if orientation in _STORED:
        picture = picture.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    return _jpeg(picture, quality=95, exif=exif)


def encode_jpeg(face: Picture, *, quality: int) -> bytes:
    """Return the face as a JPEG file."""
    return _jpeg(_picture(face), quality=quality)


def _picture(face: Picture) -> Image.Image:
    return Image.fromarray(face[..., 0] if face.shape[2] == 1 else face)


def _jpeg(picture: Image.Image, *, quality: int, exif: Image.Exif | None = None) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, exif=exif or Image.Exif())
    return written.getvalue()
