"""Which face is the owner's, and what of it the networks see."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotion.boxes import FaceBox
from emotion.errors import BoxOutside, NoFace, SeveralFaces
from emotion.faces import CLEARLY_LARGER, choose_face, clamp_box, crop_frame, face_crop


def box(x: float, y: float, width: float, height: float, source="opencv") -> FaceBox:
    return FaceBox(x, y, width, height, source)


def test_only_face_is_chosen():
    assert choose_face([box(1, 2, 30, 30)]) == box(1, 2, 30, 30)


def test_no_face_is_said_when_there_is_none():
    with pytest.raises(NoFace):
        choose_face([])


def test_largest_is_chosen_when_it_is_clearly_larger():
    near, far = box(0, 0, 100, 100), box(200, 0, 100, 100 / CLEARLY_LARGER)
    assert choose_face([far, near]) == near


def test_several_faces_are_said_when_none_is_clearly_larger():
    near, far = box(0, 0, 100, 100), box(200, 0, 100, 100 / CLEARLY_LARGER + 1)
    with pytest.raises(SeveralFaces) as caught:
        choose_face([far, near])
    assert caught.value.boxes == (near, far)
    assert caught.value.code == "several_faces"


def test_box_is_clamped_into_the_picture():
    assert clamp_box(box(-10, 90, 50, 50), height=100, width=200) == box(0, 90, 40, 10)


@pytest.mark.parametrize(
    "outside",
    [box(300, 0, 10, 10), box(-50, 0, 50, 50), box(5, 5, 0, 9), box(math.nan, 0, 9, 9)],
)
def test_box_outside_is_said(outside):
    with pytest.raises(BoxOutside):
        clamp_box(outside, height=100, width=200)


def test_cascade_square_keeps_its_height_and_loses_its_sides():
    assert crop_frame(box(100, 100, 275, 275), height=600, width=600) == (135, 100, 205, 275)


def test_annotated_box_lies_wholly_in_the_frame():
    for width, height in ((150, 275), (205, 275), (300, 275)):
        given = box(150, 150, width, height, "annotation")
        left, top, wide, tall = crop_frame(given, height=900, width=900)
        assert left <= 150
        assert left + wide >= 150 + width
        assert top <= 150
        assert top + tall >= 150 + height
        assert wide / tall == pytest.approx(205 / 275, abs=0.01)


def test_frame_is_moved_into_the_picture_when_it_leaves_it():
    left, top, width, height = crop_frame(box(0, 380, 100, 120, "person"), height=500, width=400)
    assert (left, top + height) == (0, 500)
    assert width / height == pytest.approx(205 / 275, abs=0.01)


def checkers(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows % 256, columns % 256, (rows + columns) % 256], axis=2).astype(np.uint8)


def test_crop_has_the_networks_shape_and_is_the_picture_itself():
    picture = checkers(600, 600)
    crop = face_crop(picture, box(100, 100, 275, 275))
    assert crop.shape == (275, 205, 3)
    assert crop.dtype == np.uint8
    assert np.array_equal(crop, picture[100:375, 135:340])


@pytest.mark.parametrize("size", [(60, 600), (600, 40), (3, 3)])
def test_crop_repeats_the_edge_when_the_picture_is_too_small(size):
    height, width = size
    picture = np.full((height, width, 3), 77, np.uint8)
    crop = face_crop(picture, box(0, 0, width, height, "person"))
    assert crop.shape == (275, 205, 3)
    assert np.all(crop == 77)


def test_crop_is_never_stretched():
    picture = np.zeros((800, 800, 3), np.uint8)
    rows, columns = np.mgrid[:800, :800]
    picture[(rows - 400) ** 2 + (columns - 400) ** 2 < 60**2] = 255
    for source, width in (("opencv", 200), ("annotation", 120), ("person", 190)):
        crop = face_crop(picture, box(400 - width / 2, 300, width, 200, source))
        disc = crop[..., 0] > 127
        assert np.ptp(np.where(disc.any(axis=1))) == pytest.approx(
            np.ptp(np.where(disc.any(axis=0))), abs=2
        )
