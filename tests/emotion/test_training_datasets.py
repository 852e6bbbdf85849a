"""FER+ archives: votes to moods, and clear words for what is wrong."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotion.labels import INDEX
from emotion.training.datasets import DatasetError, load_ferplus

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


def picture(value: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("L", (48, 48), value).save(out, "PNG")
    return out.getvalue()


def archive(path: Path, rows: list[str], header: str = HEADER, images: str = "abcd") -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("labels.csv", "\n".join([header, *rows]))
        for name in images:
            file.writestr(f"images/{name}.png", picture(ord(name)))
    return path


def test_votes_become_moods_and_what_is_no_mood_is_left_out(tmp_path: Path) -> None:
    faces = load_ferplus(archive(tmp_path / "f.zip", ROWS))
    assert faces.names == ("a.png", "b.png")
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


def test_take_draws_the_same_faces_for_the_same_seed(tmp_path: Path) -> None:
    faces = load_ferplus(archive(tmp_path / "f.zip", ROWS))
    assert faces.take(1, seed=3).names == faces.take(1, seed=3).names
    assert len(faces.take(99, seed=3)) == 2


@pytest.mark.parametrize(
    ("rows", "header", "images", "words"),
    [
        (ROWS, HEADER.replace("contempt", "x"), "abcd", "contempt"),
        (["a.png,angry,many,0,0,1,3,2,0,0,0,0"], HEADER, "abcd", "line 2"),
        (ROWS, HEADER, "a", "b.png"),
        (ROWS[2:], HEADER, "abcd", "no face"),
    ],
    ids=["column", "number", "picture", "none"],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, rows: list[str], header: str, images: str, words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        load_ferplus(archive(tmp_path / "f.zip", rows, header, images))


def test_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        load_ferplus(tmp_path / "nowhere.zip")
