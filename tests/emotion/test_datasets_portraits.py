"""The portraits archive: a label and a person for each photograph, the face detected."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.labels import KEYS
from emotion.training.collect import add_arguments, collect
from emotion.training.datasets import DatasetError, load
from tests.emotion.archives import write_folder, write_zip
from tests.emotion.conftest import jpeg, landscape

ROWS = [
    "a.jpg,happiness,p1",
    "b.jpg,Surprise,",
    "c.jpg,neutral,p2",
    "d.jpg,contempt,p1",
    "e.jpg,sadness,p3",
]


def files(selfie: bytes, rows: list[str], head: str = "image,label,person") -> dict[str, bytes]:
    table = "\n".join([head, *rows]).encode()
    both = np.concatenate([np.asarray(landscape().resize((512, 512)))] * 2, axis=1)
    nobody = {"images/c.jpg": jpeg(landscape()), "images/z.jpg": jpeg(both)}
    seen = {f"images/{name}.jpg": selfie for name in "abd"}
    return {"labels.csv": table, **seen, **nobody, "images/e.jpg": selfie[:5000]}


def test_faces_are_detected_and_what_has_none_is_counted(tmp_path, selfie):
    said: list[str] = []
    faces = load(
        write_zip(tmp_path / "p.zip", files(selfie, ROWS)), "portraits", side=48, say=said.append
    )
    assert faces.names == ("images/a.jpg", "images/b.jpg")
    assert faces.people == ("p1", "")
    assert [KEYS[i] for i in faces.targets.argmax(axis=1)] == ["happy", "panic"]
    assert faces.images.shape == (2, 48, 48, 3)
    assert (faces.skipped, faces.votes) == (2, False)
    assert said == [
        "1 rows are labelled with what is no mood",
        "2 faces; left out: 1 without a face, 1 cannot be decoded",
        "cannot be decoded: images/e.jpg",
    ]


def test_two_faces_of_one_size_are_left_out(tmp_path, astronaut):
    content = files(jpeg(astronaut), ROWS[:2])
    content["images/b.jpg"] = jpeg(np.concatenate([astronaut, astronaut], axis=1))
    said: list[str] = []
    faces = load(write_folder(tmp_path, content), "portraits", say=said.append)
    assert faces.names == ("images/a.jpg",)
    assert faces.images.shape == (1, 144, 144, 3)
    assert said[-1] == "1 faces; left out: 1 with several faces and no clear owner"


def test_column_of_people_may_be_missing(tmp_path, selfie):
    content = files(selfie, ["a.jpg,fear"], head="image,label")
    assert load(write_folder(tmp_path, content), "portraits", side=8).people == ()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["a.jpg,cross,p1"], "line 2 has the unknown label cross"),
        (["a.jpg,anger,p1", "x.jpg,anger,p1"], r"has no images/x\.jpg"),
        (["../a.jpg,anger,p1"], r"has no images/\.\./a\.jpg"),
        (["c.jpg,anger,p1"], "none of 1 photographs gives a face"),
        ([], "none of 0 photographs"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, selfie, rows, words):
    with pytest.raises(DatasetError, match=words):
        load(write_zip(tmp_path / "p.zip", files(selfie, rows)), "portraits", side=8)


def test_collected_faces_are_those_of_the_archive(tmp_path, selfie, capsys):
    import argparse

    archive = write_zip(tmp_path / "p.zip", files(selfie, ROWS))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    common = [str(archive), "--layout", "portraits", "--side", "64", "--out"]
    collect(parser.parse_args([*common, str(tmp_path / "p.npz")]))
    pieces = collect(
        parser.parse_args([*common, str(tmp_path / "pieces"), "--piece-bytes", "22000"])
    )
    assert len(pieces) == 2
    assert "2 faces, 64 pixels: 2 files" in capsys.readouterr().out
    faces = load(archive, "portraits", side=64)
    for path in (tmp_path / "p.npz", tmp_path / "pieces"):
        read = load(path, "npz")
        np.testing.assert_array_equal(read.images, faces.images)
        assert (read.people, read.skipped) == (faces.people, 2)
