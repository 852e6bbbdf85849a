"""Sets of faces: drawn, split by person, resized and joined."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.labels import KEYS
from emotion.training.datasets import DatasetError, FaceSet, join, load


def face_set(count: int, *, side: int = 4, channels: int = 1, start: int = 0, **known) -> FaceSet:
    images = np.arange(start, start + count, dtype=np.uint8).reshape(count, 1, 1, 1)
    targets = np.eye(6, dtype=np.float32)[np.arange(count) % 6]
    names = tuple(f"{n}.png" for n in range(start, start + count))
    return FaceSet(np.tile(images, (1, side, side, channels)), targets, names, **known)


def test_select_keeps_all_that_belongs_to_a_face():
    faces = face_set(4, people=("a", "b", "c", "d"), votes=True, skipped=2).select([3, 1])
    assert faces.names == ("3.png", "1.png")
    assert faces.people == ("d", "b")
    assert faces.images[:, 0, 0, 0].tolist() == [3, 1]
    assert faces.targets.argmax(axis=1).tolist() == [3, 1]
    assert (faces.votes, faces.skipped, faces.classes) == (True, 2, KEYS)


def test_take_draws_the_same_faces_for_the_same_seed():
    faces = face_set(50)
    assert faces.take(9, seed=3).names == faces.take(9, seed=3).names
    assert faces.take(9, seed=3).names != faces.take(9, seed=4).names
    assert len(set(faces.take(9, seed=3).names)) == 9
    assert len(faces.take(99, seed=3)) == 50


@pytest.mark.parametrize("seed", range(5))
def test_split_keeps_a_person_on_one_side(seed):
    people = tuple(f"p{n % 23}" for n in range(200))
    learn, validate = face_set(200, people=people).split(0.8, seed=seed)
    assert not set(learn.people) & set(validate.people)
    assert sorted(learn.names + validate.names) == sorted(face_set(200).names)
    assert 0.7 <= len(learn) / 200 <= 0.9


def test_split_is_the_same_for_the_same_seed_and_another_for_another():
    faces = face_set(60)
    assert faces.split(0.5, seed=1)[0].names == faces.split(0.5, seed=1)[0].names
    assert faces.split(0.5, seed=1)[0].names != faces.split(0.5, seed=2)[0].names


def test_faces_of_unknown_people_are_split_apart():
    some = face_set(40, people=("a",) * 20 + ("",) * 20)
    for faces in (some, face_set(40)):
        learn, validate = faces.split(0.75, seed=0)
        assert 20 <= len(learn) <= 39
        assert len(learn) + len(validate) == 40
    learn, validate = some.split(0.75, seed=0)
    assert ("a" in learn.people) != ("a" in validate.people)


def test_split_is_refused_when_one_person_has_all_faces():
    with pytest.raises(DatasetError, match="1 people"):
        face_set(9, people=("a",) * 9).split(0.5, seed=0)


def test_shrinking_takes_the_mean_of_what_a_pixel_covers():
    image = np.arange(36, dtype=np.uint8).reshape(1, 6, 6, 1)
    faces = FaceSet(image, np.eye(6, dtype=np.float32)[:1], ("a",))
    halves = image[0, :, :, 0].reshape(3, 2, 3, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(faces.resized(3).images[0, :, :, 0], halves, atol=0.51)


@pytest.mark.parametrize("side", [20, 47, 48, 49, 96, 275])
def test_resizing_agrees_with_opencv(astronaut, side):
    import cv2

    image = np.ascontiguousarray(astronaut[60:108, 180:228])
    faces = FaceSet(image[None], np.eye(6, dtype=np.float32)[:1], ("a",))
    method = cv2.INTER_AREA if side < 48 else cv2.INTER_LINEAR
    expected = cv2.resize(image, (side, side), interpolation=method)
    np.testing.assert_allclose(faces.resized(side).images[0], expected.astype(int), atol=1)


def test_join_brings_all_to_the_largest_side_and_to_colour():
    grey = face_set(2, side=4, votes=True, skipped=1, people=("a", "b"))
    colour = face_set(3, side=8, channels=3, start=2, skipped=2)
    both = join([grey, colour])
    assert both.images.shape == (5, 8, 8, 3)
    assert both.images[:, 0, 0, 2].tolist() == [0, 1, 2, 3, 4]
    assert both.people == ("a", "b", "", "", "")
    assert both.names == ("0.png", "1.png", "2.png", "3.png", "4.png")
    assert (both.votes, both.skipped) == (False, 3)
    assert join([grey, grey]).votes
    assert join([colour]).people == ()


def test_join_is_refused_for_nothing_and_for_different_classes():
    with pytest.raises(DatasetError, match="no set"):
        join([])
    with pytest.raises(DatasetError, match="different classes"):
        join([face_set(6), face_set(6, classes=tuple("abcdef"))])


def test_load_refuses_what_a_layout_does_not_have(tmp_path):
    with pytest.raises(DatasetError, match="no layout other: ferplus, fer2013"):
        load(tmp_path, "other")
    with pytest.raises(DatasetError, match="ferplus has no splits"):
        load(tmp_path, "ferplus", split="Training")
    with pytest.raises(DatasetError, match="six moods only"):
        load(tmp_path, "aihub", classes="fer2013")
