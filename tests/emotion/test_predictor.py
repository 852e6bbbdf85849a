"""The one door: a photograph in, six probabilities out, or a named reason why not."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from emotion import ensemble
from emotion.boxes import FaceBox
from emotion.labels import KEYS
from emotion.predictor import (
    BoxOutside,
    ModelUnavailable,
    NoFace,
    PhotoUnreadable,
    ReadingError,
    SeveralFaces,
    read_face,
    warm,
)
from tests.emotion.conftest import ASTRONAUT_FACE, jpeg, landscape, overlap


def test_face_is_read(selfie, options):
    reading = read_face(selfie, options=options)
    assert len(reading.probabilities) == len(KEYS)
    assert abs(sum(reading.probabilities) - 1) < 1e-9
    assert reading.dominant == KEYS[int(np.argmax(reading.probabilities))]
    box = reading.box
    assert box.source == "opencv"
    assert overlap((box.x, box.y, box.width, box.height), ASTRONAUT_FACE) > 0.5
    assert reading.model_version == "test-1"
    assert list(reading.milliseconds) == ["decode", "detect", "crop", "infer"]


def test_same_photograph_gives_the_same_reading(selfie, options):
    first, second = (read_face(selfie, options=options) for _ in range(2))
    assert first.probabilities == second.probabilities


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_are_read(astronaut, options, kind):
    written = io.BytesIO()
    Image.fromarray(astronaut).save(written, kind)
    assert read_face(written.getvalue(), options=options).box.source == "opencv"


@pytest.mark.parametrize("source", ["annotation", "person"])
def test_detector_is_not_asked_when_a_box_is_given(options, source):
    box = FaceBox(300, 100, 200, 260, source)
    reading = read_face(jpeg(landscape()), options=options, box=box)
    assert reading.box == box


def test_given_box_is_clamped_into_the_photograph(options):
    box = FaceBox(-20, -20, 120, 120, "person")
    reading = read_face(jpeg(landscape()), options=options, box=box)
    assert reading.box == FaceBox(0, 0, 100, 100, "person")


def test_box_outside_the_photograph_is_refused(options):
    box = FaceBox(5000, 100, 200, 260, "annotation")
    with pytest.raises(BoxOutside):
        read_face(jpeg(landscape()), options=options, box=box)


def test_no_face_is_said(options):
    with pytest.raises(NoFace):
        read_face(jpeg(landscape()), options=options)


def test_several_faces_are_said_when_two_are_alike(astronaut, options):
    face = Image.fromarray(astronaut).crop((120, 10, 310, 238))
    both = Image.new("RGB", (380, 228))
    both.paste(face, (0, 0))
    both.paste(face, (190, 0))
    with pytest.raises(SeveralFaces) as caught:
        read_face(jpeg(both), options=options)
    assert len(caught.value.boxes) == 2


@pytest.mark.parametrize("length", [0, 20, 5000])
def test_photo_is_unreadable_when_it_is_cut_off(selfie, options, length):
    with pytest.raises(PhotoUnreadable):
        read_face(selfie[:length], options=options)


def test_photo_is_unreadable_when_it_is_no_photo(options):
    with pytest.raises(PhotoUnreadable):
        read_face(b"hello " * 100, options=options)


def test_model_is_unavailable_when_nothing_is_there(selfie, options, tmp_path):
    with pytest.raises(ModelUnavailable):
        read_face(selfie, options=replace(options, model_dir=tmp_path))


def test_model_is_loaded_once(options):
    assert warm(options) is warm(options)


def test_cached_graph_is_made_anew_when_it_is_damaged(options, tmp_path):
    prepared = ensemble.prepare(options.model_dir, options.cache_dir, say=str)
    damaged = shutil.copytree(prepared, tmp_path / prepared.name)
    (damaged / ensemble.GRAPH).write_text("half a gra")
    lines: list[str] = []
    warm(replace(options, cache_dir=tmp_path), say=lines.append)
    assert lines[-1] == "ensemble"


def test_every_error_has_its_own_stable_code():
    codes = {error: error.code for error in (NoFace, SeveralFaces, PhotoUnreadable)}
    codes |= {error: error.code for error in (BoxOutside, ModelUnavailable)}
    assert sorted(codes.values()) == [
        "box_outside",
        "model_unavailable",
        "no_face",
        "photo_unreadable",
        "several_faces",
    ]
    assert all(issubclass(error, ReadingError) for error in codes)
