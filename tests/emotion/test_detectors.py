"""OpenCV's cascades on a real photograph, turned, mirrored, darkened, and on none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps
from skimage import data

from emotion import detectors
from emotion.boxes import FaceBox
from emotion.detectors import Pass, detect_faces, merge_boxes
from emotion.errors import ModelUnavailable
from tests.emotion.conftest import ASTRONAUT_FACE, landscape, overlap


def sides(box: FaceBox) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def test_face_is_found_in_the_pixels_of_the_photograph(astronaut):
    (found,) = detect_faces(astronaut)
    assert overlap(sides(found), ASTRONAUT_FACE) > 0.5
    assert found.source == "opencv"


def test_ordinary_photograph_costs_one_pass(astronaut, monkeypatch):
    asked: list[Pass] = []
    look_once = detectors._look_once

    def counted(grey, each):
        asked.append(each)
        return look_once(grey, each)

    monkeypatch.setattr(detectors, "_look_once", counted)
    detect_faces(astronaut)
    assert asked == [detectors.PASSES[0]]


@pytest.mark.parametrize("side", [200, 1500])
def test_box_has_the_scale_of_the_photograph(astronaut, side):
    scaled = np.asarray(Image.fromarray(astronaut).resize((side, side)))
    (found,) = detect_faces(scaled)
    assert overlap(sides(found.scaled(512 / side)), ASTRONAUT_FACE) > 0.5


@pytest.mark.parametrize("angle", [-25, 25])
def test_tilted_head_is_found(astronaut, angle):
    part = Image.fromarray(astronaut).crop((60, 0, 400, 300))
    tilted = part.rotate(angle, resample=Image.Resampling.BICUBIC, center=(160, 130))
    (found,) = detect_faces(np.asarray(tilted))
    assert abs(found.x + found.width / 2 - 160) < 40
    assert abs(found.y + found.height / 2 - 130) < 40


def test_face_that_fills_the_picture_is_found(astronaut):
    tight = astronaut[60:180, 165:280]
    (found,) = detect_faces(tight)
    assert found.width > 60
    assert found.x >= 0
    assert found.y >= 0
    assert found.x + found.width <= 115
    assert found.y + found.height <= 120


def test_mirrored_face_is_found_at_the_mirrored_place(astronaut):
    (found,) = detect_faces(np.asarray(ImageOps.mirror(Image.fromarray(astronaut))))
    x, y, width, height = ASTRONAUT_FACE
    assert overlap(sides(found), (512 - x - width, y, width, height)) > 0.5


def test_mirrored_pass_gives_the_place_in_the_photograph(astronaut):
    (found,) = detectors._look(astronaut, (Pass(mirrored=True),))
    assert overlap(sides(found), ASTRONAUT_FACE) > 0.5


def test_turned_pass_gives_the_place_in_the_photograph(astronaut):
    (found,) = detectors._look(astronaut, (Pass(angle=10),))
    assert overlap(sides(found), ASTRONAUT_FACE) > 0.5


def test_two_faces_are_found_the_larger_first(astronaut):
    near = Image.fromarray(astronaut).crop((120, 10, 310, 238))
    far = near.resize((114, 137))
    both = Image.new("RGB", (400, 260), "#777777")
    both.paste(far, (20, 20))
    both.paste(near, (190, 16))
    first, second = detect_faces(np.asarray(both))
    assert first.x > 190 > second.x + second.width
    assert first.width > second.width


@pytest.mark.parametrize(
    "picture",
    [
        np.asarray(landscape()),
        np.zeros((480, 640, 3), np.uint8),
        data.rocket(),
        np.full((1, 1, 3), 200, np.uint8),
        np.full((5000, 3, 3), 90, np.uint8),
    ],
    ids=["landscape", "black", "rocket", "one pixel", "thread"],
)
def test_nothing_is_found_where_no_face_is(picture):
    assert detect_faces(picture) == []


def test_box_inside_a_larger_one_is_the_same_face():
    large, inside = FaceBox(0, 0, 100, 100, "opencv"), FaceBox(20, 40, 30, 30, "opencv")
    beside = FaceBox(90, 0, 40, 40, "opencv")
    assert merge_boxes([inside, beside, large]) == [large, beside]


def test_yunet_is_said_to_be_unavailable_when_its_weights_are_no_weights(tmp_path, astronaut):
    path = tmp_path / "yunet.onnx"
    with pytest.raises(ModelUnavailable, match="YuNet"):
        detect_faces(astronaut, yunet=path)
    path.write_bytes(b"no network")
    with pytest.raises(ModelUnavailable, match="YuNet"):
        detectors.load_detectors(path)
