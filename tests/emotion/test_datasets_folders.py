"""Pictures in folders that are named after moods, in Korean, English or FER's words."""

from __future__ import annotations

import unicodedata

import pytest

from emotion.labels import KEYS
from emotion.training.datasets import DatasetError, load
from emotion.training.layouts.names import UnknownName, mood_called
from tests.emotion.archives import KoreanWindowsName, face_picture, write_folder, write_zip
from tests.emotion.conftest import jpeg, landscape


@pytest.mark.parametrize(
    ("names", "mood"),
    [
        ("happy Happiness HAPPY 기쁨", "happy"),
        ("anger angry disgust 분노", "anger"),
        ("sad sadness 슬픔", "sad"),
        ("fear anxiety anxious 불안", "anxiety"),
        ("neutral 중립", "neutral"),
        ("surprise surprised panic 당황", "panic"),
        ("contempt unknown not_a_face 상처 알수없음", None),
    ],
)
def test_names_of_data_sets_are_known(names, mood):
    for name in names.split():
        assert mood_called(name) == mood
        assert mood_called(f" {unicodedata.normalize('NFD', name)} ") == mood


def test_unknown_name_is_said():
    with pytest.raises(UnknownName, match="cross"):
        mood_called("cross")


def moods(faces) -> list[str]:
    return [KEYS[i] for i in faces.targets.argmax(axis=1)]


def test_nearest_folder_that_names_a_mood_counts(tmp_path):
    files = {
        "sad/기쁨/a.png": face_picture(1),
        "sad/somebody/b.PNG": face_picture(2, kind="JPEG"),
        "train/분노/c.png": face_picture(3, mode="RGB"),
        "train/contempt/d.png": face_picture(4),
        "train/cross/e.png": face_picture(5),
        "train/sad/notes.txt": b"text",
    }
    said: list[str] = []
    faces = load(write_folder(tmp_path, files), "folders", side=48, say=said.append)
    assert faces.names == ("sad/somebody/b.PNG", "sad/기쁨/a.png", "train/분노/c.png")
    assert moods(faces) == ["sad", "happy", "anger"]
    assert faces.images[:, 20, 20, 0].tolist() == [2, 1, 3]
    assert said[0] == "1 pictures in folders that name no mood: train/cross (1)"


def test_zipped_classes_are_read(tmp_path):
    write_zip(tmp_path / "당황.zip", {"a.png": face_picture()}, KoreanWindowsName)
    write_zip(tmp_path / "x.zip", {"불안/b.png": face_picture()}, KoreanWindowsName)
    assert moods(load(tmp_path, "folders", say=lambda _: None)) == ["anxiety", "panic"]


def test_split_is_a_folder_above(tmp_path):
    files = {f"{part}/happy/{part}.png": face_picture() for part in ("train", "test")}
    faces = load(write_folder(tmp_path, files), "folders", split="test", say=lambda _: None)
    assert faces.names == ("test/happy/test.png",)


def test_face_is_looked_for_in_what_is_larger_than_a_face(tmp_path, selfie):
    files = {"happy/a.jpg": selfie, "happy/b.png": face_picture(), "sad/c.jpg": jpeg(landscape())}
    folder = write_folder(tmp_path, files)
    said: list[str] = []

    def names(faces):
        return load(folder, "folders", side=32, faces=faces, say=said.append).names

    assert names(None) == ("happy/a.jpg", "happy/b.png")
    assert names("detect") == ("happy/a.jpg",)
    assert names("whole") == ("happy/a.jpg", "happy/b.png", "sad/c.jpg")
    assert said == [
        "2 faces; left out: 1 without a face",
        "1 faces; left out: 2 without a face",
        "3 faces; left out: none",
    ]


def test_archive_without_such_folders_is_refused(tmp_path):
    folder = write_folder(tmp_path, {"photos/a.png": face_picture(), "happy/a.txt": b""})
    with pytest.raises(DatasetError, match="no picture in a folder that is named"):
        load(folder, "folders", say=lambda _: None)
    with pytest.raises(DatasetError, match="does not exist"):
        load(tmp_path / "nowhere", "folders")
