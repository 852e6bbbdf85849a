"""Changes of a picture whose result is known by hand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from emotion.training.robustness import (
    CHANGES,
    ORIENTATIONS,
    blur,
    compress,
    cover_lower_face,
    gamma,
    mirror,
    move_box,
    reduce,
    turned_photo,
)


@pytest.fixture(params=[(48, 48, 1), (275, 275, 3)], ids=["grey", "colour"])
def face(request, astronaut) -> np.ndarray:
    height, width, channels = request.param
    square = Image.fromarray(astronaut[20:220, 120:320])
    picture = square.convert("L" if channels == 1 else "RGB").resize((width, height))
    return np.asarray(picture).reshape(request.param)


def test_every_change_keeps_the_shape_and_changes_the_face(face):
    for name, change in CHANGES.items():
        before = face.copy()
        changed = change(face)
        assert changed.shape == face.shape, name
        assert changed.dtype == np.uint8, name
        assert not np.array_equal(changed, face), name
        assert np.array_equal(face, before), name


def test_mirror_swaps_left_and_right():
    row = np.array([[[1], [2], [3]]], np.uint8)
    assert mirror(row)[0, :, 0].tolist() == [3, 2, 1]


def test_gamma_brightens_below_one_and_darkens_above():
    greys = np.array([[[0], [64], [255]]], np.uint8)
    # 255 * sqrt(64 / 255) and 255 * (64 / 255) ** 2.
    assert gamma(greys, 0.5)[0, :, 0].tolist() == [0, 128, 255]
    assert gamma(greys, 2)[0, :, 0].tolist() == [0, 16, 255]


def test_compress_loses_more_at_lower_quality(face):
    def loss(quality: int) -> float:
        return float(np.abs(compress(face, quality).astype(int) - face).mean())

    assert loss(95) < loss(30) < 15


def test_compress_keeps_the_colours(astronaut):
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    assert compress(red, 95)[8, 8].tolist() == pytest.approx([200, 0, 0], abs=6)


def test_blur_spreads_a_point_and_keeps_its_sum():
    point = np.zeros((50, 50, 1), np.uint8)
    point[25, 25] = 255
    blurred = blur(point, 0.02).astype(int)
    assert blurred[25, 25, 0] < 60
    assert blurred[25, 26, 0] == blurred[26, 25, 0] > 20
    assert blurred.sum() == pytest.approx(255, abs=12)


def test_reduce_keeps_what_is_coarse_and_loses_what_is_fine():
    stripes = np.zeros((48, 48, 1), np.uint8)
    stripes[:, ::2] = 200
    assert reduce(stripes, 2).std() == 0
    assert reduce(stripes, 2).mean() == 100
    halves = np.zeros((48, 48, 1), np.uint8)
    halves[24:] = 200
    kept = reduce(halves, 4)
    assert (kept[0, 0, 0], kept[-1, 0, 0]) == (0, 200)


def test_moved_box_sees_its_edge_again():
    numbers = np.broadcast_to(np.arange(10, dtype=np.uint8)[:, None, None], (10, 8, 1))
    assert move_box(numbers, down=0.2)[:, 0, 0].tolist() == [2, 3, 4, 5, 6, 7, 8, 9, 9, 9]
    assert move_box(numbers, down=-0.1)[:, 0, 0].tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    wide = np.broadcast_to(np.arange(20, dtype=np.uint8)[None, :, None], (20, 20, 1))
    # The frame is 20 * 205 / 275 = 14.9 pixels wide, so a tenth of it is one.
    assert move_box(wide, right=0.1)[0, :3, 0].tolist() == [1, 2, 3]
    assert move_box(wide, right=-0.1)[0, :3, 0].tolist() == [0, 0, 1]


def test_cover_leaves_eyes_and_hides_the_mouth(face):
    covered = cover_lower_face(face)
    half = face.shape[0] // 2
    assert np.array_equal(covered[:half], face[:half])
    assert np.ptp(covered[round(0.6 * face.shape[0]) :]) == 0


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_turned_photo_is_upright_after_its_orientation_is_applied(face, orientation):
    with Image.open(io.BytesIO(turned_photo(face, orientation))) as picture:
        assert min(picture.size) == 275
        upright = ImageOps.exif_transpose(picture)

        def distance(other: Image.Image) -> float:
            small = np.asarray(other.resize(face.shape[:2], Image.Resampling.BOX))
            return float(np.abs(small.reshape(face.shape).astype(int) - face).mean())

        assert distance(upright) < 6
        assert (distance(picture) < 12) == (orientation == 1)
