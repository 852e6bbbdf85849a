"""FER+ archives: votes to moods, and clear words for what is wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from emotion.labels import INDEX
from emotion.training.datasets import DatasetError, load_ferplus
from tests.emotion.archives import face_picture

HEADER = (
    "image,fer2013_label,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,"
    "unknown,not_a_face"
)
ROWS = [
    "a.png,angry,4,0,0,1,3,2,0,0,0,0",
    "b.png,fear,0,0,4,0,0,0,5,0,1,0",
    "c.png,sad,1,0,0,0,0,0,0,8,1,0",
    "d.png,happy,0,0,0,0,0,0,0,0,0,10",
]


def archive(path: Path, rows: list[str], header: str = HEADER, images: str = "abcd") -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("labels.csv", "\n".join([header, *rows]))
        for name in images:
            file.writestr(f"images/{name}.png", face_picture(ord(name)))
    return path


def test_votes_become_moods_and_what_is_no_mood_is_left_out(tmp_path: Path) -> None:
    faces = load_ferplus(archive(tmp_path / "f.zip", ROWS))
    assert faces.names == ("a.png", "b.png")
    assert faces.votes
    assert faces.images.shape == (2, 48, 48, 1)
    np.testing.assert_allclose(faces.targets.sum(axis=1), 1, rtol=1e-6)
    assert faces.targets[0, INDEX["anger"]] == pytest.approx(0.5)
    assert faces.targets[0, INDEX["neutral"]] == pytest.approx(0.4)
    assert faces.targets[1, INDEX["anxiety"]] == pytest.approx(5 / 9)
    assert faces.targets[1, INDEX["panic"]] == pytest.approx(4 / 9)


def test_folder_reads_like_a_zip(tmp_path: Path) -> None:
    zipped = archive(tmp_path / "f.zip", ROWS)
    zipfile.ZipFile(zipped).extractall(tmp_path / "folder")
    np.testing.assert_array_equal(
        load_ferplus(tmp_path / "folder").images, load_ferplus(zipped).images
    )


@pytest.mark.parametrize(
    ("rows", "header", "images", "words"),
    [
        (ROWS, HEADER.replace("contempt", "x"), "abcd", "contempt"),
        (["a.png,angry,many,0,0,1,3,2,0,0,0,0"], HEADER, "abcd", "line 2"),
        (["a.png,angry,-1,0,0,1,3,2,0,0,0,0"], HEADER, "abcd", "line 2"),
        (["a.png,angry,nan,0,0,1,3,2,0,0,0,0"], HEADER, "abcd", "line 2"),
        (ROWS, HEADER, "a", "b.png"),
        (ROWS[2:], HEADER, "abcd", "no face"),
    ],
    ids=["column", "number", "negative", "nan", "picture", "none"],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, rows: list[str], header: str, images: str, words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        load_ferplus(archive(tmp_path / "f.zip", rows, header, images))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (face_picture(side=50), "b.png is 50 x 50 pixels and not 48 x 48"),
        (b"text", "b.png is not a picture"),
        (face_picture()[:60], "b.png is not a picture"),
    ],
    ids=["size", "text", "cut"],
)
def test_picture_that_is_no_face_is_named(tmp_path: Path, other: bytes, words: str) -> None:
    folder = tmp_path / "folder"
    zipfile.ZipFile(archive(tmp_path / "f.zip", ROWS)).extractall(folder)
    (folder / "images" / "b.png").write_bytes(other)
    with pytest.raises(DatasetError, match=words):
        load_ferplus(folder)


def test_archive_in_a_folder_of_its_own_name_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "up" / "ferplus"
    zipfile.ZipFile(archive(tmp_path / "f.zip", ROWS)).extractall(inside)
    assert load_ferplus(tmp_path / "up").names == ("a.png", "b.png")


def test_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        load_ferplus(tmp_path / "nowhere.zip")
