"""Face crops out of photographs: what serving sees, in every orientation, in several processes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotion.boxes import FaceBox
from emotion.errors import PhotoUnreadable
from emotion.faces import face_crop
from emotion.networks import INPUT_SIZE
from emotion.training.datasets import DatasetError
from emotion.training.evaluate import face_input
from emotion.training.facesets import LoadOptions
from emotion.training.layouts import photographs
from emotion.training.layouts.archive import Member
from emotion.training.layouts.photographs import (
    Photograph,
    crop_photograph,
    read_photographs,
    square_crop,
)
from tests.emotion.conftest import ASTRONAUT_FACE, jpeg, landscape
from tests.orientations import STORED_AS, stored

FACE = FaceBox(*ASTRONAUT_FACE, "annotation")
TARGET = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def turned_jpeg(upright: Image.Image, orientation: int) -> bytes:
    """Return a JPEG whose pixels lie as a camera stores them, and whose EXIF says how."""
    picture, exif = stored(upright, orientation)
    return jpeg(picture, exif=exif)


def off(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean difference of two pictures in levels of 255."""
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


@pytest.fixture
def photograph(tmp_path) -> Callable[..., Photograph]:
    def write(data: bytes, name: str = "a.jpg", **known) -> Photograph:
        (tmp_path / name).write_bytes(data)
        return Photograph(Member(name, tmp_path / name), TARGET, **known)

    return write


@pytest.mark.parametrize(
    "box",
    [
        FACE,
        FaceBox(165, 60, 141, 141, "opencv"),
        FaceBox(0, 0, 90, 120, "annotation"),
        FaceBox(430, 400, 82, 112, "annotation"),
        FaceBox(100, 0, 400, 512, "annotation"),
        FaceBox(0, 0, 512, 512, "opencv"),
        FaceBox(200, 90, 41, 55, "person"),
    ],
    ids=str,
)
def test_middle_of_the_square_is_what_serving_sees(astronaut, box):
    served = face_crop(astronaut, box)
    square = square_crop(astronaut, box, INPUT_SIZE[0])
    assert square.shape == (275, 275, 3)
    # Frames lie on whole pixels, so a small one may be half of its pixel aside.
    assert off(square[:, 35:240], served) < 6
    # Stored smaller, it has lost detail and nothing else.
    assert off(face_input(square_crop(astronaut, box, 144)), served) < 8
    # The same measure sees a face that is moved by 4 % of its height.
    assert off(np.roll(square, 11, axis=1)[:, 35:240], served) > 8


def test_edge_repeats_where_the_square_leaves_the_picture(astronaut):
    crop = square_crop(astronaut, FaceBox(0, 100, 149, 200, "annotation"), 200)
    np.testing.assert_array_equal(crop[:, 0], crop[:, 24])
    np.testing.assert_array_equal(crop[:, 25:], astronaut[100:300, :175])


@pytest.mark.parametrize("orientation", STORED_AS)
def test_box_lies_on_the_face_in_every_orientation(photograph, astronaut, orientation):
    # Not a square, so that width and height cannot be mistaken for each other.
    upright = Image.fromarray(astronaut[:400])
    expected = square_crop(astronaut[:400], FACE, 144)
    data = turned_jpeg(upright, orientation)
    assert off(crop_photograph(photograph(data, box=FACE), 144), expected) < 3


@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_large_photograph_is_decoded_no_larger_than_the_crop_needs(
    photograph, astronaut, orientation, monkeypatch
):
    upright = Image.fromarray(astronaut[:400]).resize((2048, 1600), Image.Resampling.BICUBIC)
    large = photograph(turned_jpeg(upright, orientation), box=FACE.scaled(4))
    expected = square_crop(np.asarray(upright), FACE.scaled(4), 100)
    looked_at = []
    cut = photographs.square_crop
    monkeypatch.setattr(
        photographs,
        "square_crop",
        lambda image, *a: looked_at.append(image.shape) or cut(image, *a),
    )
    assert off(crop_photograph(large, 100), expected) < 3
    # 560 pixels of face make 100: a quarter is enough, an eighth is not.
    assert looked_at == [(400, 512, 3)]
    crop_photograph(large, 281)
    assert looked_at[1] == (1600, 2048, 3)


def test_face_is_detected_in_an_upright_and_a_turned_photograph(photograph, astronaut):
    upright = crop_photograph(photograph(jpeg(astronaut)), 96)
    turned = crop_photograph(photograph(turned_jpeg(Image.fromarray(astronaut), 8)), 96)
    # The detector's box may move by some pixels; a mirrored face is not the same face.
    assert off(upright, turned) < 15 < off(upright, upright[:, ::-1])


def test_picture_is_taken_whole_when_it_is_a_face_already(photograph):
    small = np.zeros((100, 140), np.uint8)
    small[:, 20:120] = np.arange(100, dtype=np.uint8)
    data = jpeg(Image.fromarray(small))
    whole = crop_photograph(photograph(data, finding=None), 100)
    assert whole.shape == (100, 100, 1)
    assert off(whole[..., 0], small[:, 20:120]) < 3
    picture = landscape().crop((0, 0, 300, 600))
    tall = crop_photograph(photograph(jpeg(picture), finding="whole"), 80)
    assert off(tall[:, 20:60], np.asarray(picture.resize((40, 80), Image.Resampling.BOX))) < 3
    np.testing.assert_array_equal(tall[:, :20], np.repeat(tall[:, :1], 20, axis=1))


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("spoil", [truncated, lambda data: b"text", lambda data: b""])
def test_what_cannot_be_decoded_is_said(photograph, selfie, spoil):
    with pytest.raises(PhotoUnreadable, match=r"a\.jpg"):
        crop_photograph(photograph(spoil(selfie), box=FACE), 48)


def many(photograph, astronaut, count: int) -> list[Photograph]:
    """Return photographs that differ in brightness; the third is broken, the fifth has no face."""
    made = []
    for n in range(count):
        data = jpeg(astronaut // 2 + np.uint8(n))
        box = FaceBox(9000, 9000, 50, 50, "annotation") if n == 4 else FACE
        spoilt = truncated(data) if n == 2 else data
        made.append(photograph(spoilt, f"{n}.jpg", box=box, person=f"p{n}"))
    return made


def test_broken_photographs_are_counted_and_named(photograph, astronaut, tmp_path):
    said: list[str] = []
    faces = read_photographs(
        many(photograph, astronaut, 6), LoadOptions(side=32, say=said.append), path=tmp_path
    )
    assert faces.names == ("0.jpg", "1.jpg", "3.jpg", "5.jpg")
    assert faces.people == ("p0", "p1", "p3", "p5")
    assert faces.images.shape == (4, 32, 32, 3)
    assert faces.targets.tolist() == [list(TARGET)] * 4
    assert faces.skipped == 2
    assert said == [
        "4 faces; left out: 1 cannot be decoded, 1 with a box outside the picture",
        "cannot be decoded: 2.jpg",
    ]


def test_nothing_left_is_fatal(photograph, selfie, tmp_path):
    broken = [photograph(truncated(selfie), box=FACE)]
    with pytest.raises(DatasetError, match="none of 1 photographs"):
        read_photographs(broken, LoadOptions(say=lambda _: None), path=tmp_path)


def test_processes_give_what_one_process_gives(photograph, astronaut, tmp_path, monkeypatch):
    monkeypatch.setattr(photographs, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(photographs, "BATCH", 2)
    given = many(photograph, astronaut, 21)
    one, two = (
        read_photographs(
            given, LoadOptions(side=32, workers=workers, say=lambda _: None), path=tmp_path
        )
        for workers in (1, 2)
    )
    np.testing.assert_array_equal(one.images, two.images)
    assert one.names == two.names
    assert len(one) == 19


def test_crops_lie_in_a_file_when_they_are_many(photograph, astronaut, tmp_path, monkeypatch):
    given = many(photograph, astronaut, 4)
    options = LoadOptions(side=32, say=lambda _: None)
    in_memory = read_photographs(given, options, path=tmp_path)
    monkeypatch.setattr(photographs, "IN_MEMORY_BYTES", 1000)
    in_file = read_photographs(given, options, path=tmp_path)
    assert isinstance(in_file.images, np.memmap)
    np.testing.assert_array_equal(in_file.images, in_memory.images)


def test_missing_room_for_crops_is_said_before_work_begins(
    photograph, astronaut, tmp_path, monkeypatch
):
    monkeypatch.setattr(photographs, "IN_MEMORY_BYTES", 1000)
    usage = type("Usage", (), {"free": 2000})
    monkeypatch.setattr(photographs.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DatasetError, match="less than the 12288 bytes"):
        read_photographs(many(photograph, astronaut, 4), LoadOptions(side=32), path=tmp_path)


def test_limit_draws_the_same_photographs_for_the_same_seed(photograph, astronaut, tmp_path):
    given = [each for n, each in enumerate(many(photograph, astronaut, 20)) if n not in (2, 4)]
    first, again, other = (
        read_photographs(
            given, LoadOptions(side=8, limit=6, seed=seed, say=lambda _: None), path=tmp_path
        ).names
        for seed in (1, 1, 2)
    )
    assert first == again != other
    assert len(first) == 6


def test_progress_is_said_while_it_is_long(photograph, astronaut, tmp_path, monkeypatch):
    monkeypatch.setattr(photographs, "SECONDS_BETWEEN_WORDS", 0.0)
    said: list[str] = []
    read_photographs(
        many(photograph, astronaut, 2), LoadOptions(side=8, say=said.append), path=tmp_path
    )
    assert [line.split(",")[0] for line in said[:2]] == [
        "1 of 2 photographs",
        "2 of 2 photographs",
    ]


def test_grey_photographs_keep_one_channel(photograph, astronaut, tmp_path):
    grey = Image.fromarray(astronaut).convert("L")
    options = LoadOptions(side=8, say=lambda _: None)
    given = [photograph(jpeg(grey), "g.jpg", box=FACE)]
    assert read_photographs(given, options, path=Path("x")).images.shape == (1, 8, 8, 1)
    given.append(photograph(jpeg(astronaut), "c.jpg", box=FACE))
    assert read_photographs(given, options, path=Path("x")).images.shape == (2, 8, 8, 3)


def test_transparent_and_palette_pictures_are_read(photograph, astronaut):
    for mode in ("RGBA", "P", "1", "I;16"):
        written = io.BytesIO()
        picture = Image.fromarray(astronaut)
        picture = picture.convert("L").convert("I") if mode == "I;16" else picture
        picture.convert(mode).save(written, "PNG")
        crop = crop_photograph(photograph(written.getvalue(), "p.png", box=FACE), 16)
        assert crop.shape[:2] == (16, 16)
