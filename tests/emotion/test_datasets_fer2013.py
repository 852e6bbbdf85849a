"""FER2013: the csv of seven emotions, and the same labels in a FER+ archive."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from emotion.ensemble import ROOT
from emotion.labels import KEYS
from emotion.training.datasets import DatasetError, load
from emotion.training.layouts.fer2013 import FER2013_CLASSES
from tests.emotion.archives import face_picture, write_zip

MOODS = ("anger", "anger", "anxiety", "happy", "sad", "panic", "neutral")


def pixels(value: int) -> str:
    return " ".join([str(value)] * 2303 + ["7"])


def csv(*rows: str, head: str = "emotion,pixels,Usage") -> bytes:
    return "\n".join([head, *rows]).encode()


SEVEN = csv(*(f"{n},{pixels(n * 10)},{'Training' if n < 5 else 'PublicTest'}" for n in range(7)))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "fer2013.csv"
    path.write_bytes(SEVEN)
    return path


def test_emotions_become_moods(table):
    faces = load(table, "fer2013")
    assert faces.images.shape == (7, 48, 48, 1)
    assert faces.images[3, 0, 0, 0] == 30
    assert faces.images[3, 47, 47, 0] == 7
    assert faces.targets.sum(axis=1).tolist() == [1] * 7
    assert tuple(KEYS[i] for i in faces.targets.argmax(axis=1)) == MOODS
    assert faces.names[6] == "fer0000006.png"
    assert not faces.votes


def test_seven_classes_stay_in_the_order_of_the_csv(table):
    faces = load(table, "fer2013", classes="fer2013")
    assert faces.classes == FER2013_CLASSES
    np.testing.assert_array_equal(faces.targets, np.eye(7, dtype=np.float32))


def test_split_is_picked_and_names_stay(table):
    faces = load(table, "fer2013", split="PublicTest", side=24)
    assert faces.names == ("fer0000005.png", "fer0000006.png")
    assert faces.images.shape == (2, 24, 24, 1)


def test_csv_is_found_in_a_zip(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"fer2013/fer2013.csv": SEVEN})
    assert len(load(path, "fer2013")) == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv(f"0,{pixels(3)},Training", "1,1 2 3,Training"), "line 3 has 3 pixels and not 2304"),
        (csv(f"0,{pixels(256)},Training"), "line 2 has a pixel"),
        (csv(f"0,{pixels(-1)},Training"), "line 2 has a pixel"),
        (csv(f"0,{pixels(3)} x,Training"), "line 2 has a pixel"),
        (csv(f"7,{pixels(3)},Training"), "line 2 has the emotion 7"),
        (csv(f"angry,{pixels(3)},Training"), "line 2 has the emotion angry"),
        (csv("0"), "line 2 is cut off"),
        (csv(f"0,{pixels(3)}", head="label,pixels"), "no column emotion"),
        (csv(), "has no face"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=f"bad.csv.*{words}"):
        load(path, "fer2013")


def test_split_that_is_not_there_is_named(table, tmp_path):
    with pytest.raises(DatasetError, match="Training, PublicTest, PrivateTest, not test"):
        load(table, "fer2013", split="test")
    with pytest.raises(DatasetError, match="no face of PrivateTest"):
        load(table, "fer2013", split="PrivateTest")
    with pytest.raises(DatasetError, match="does not exist"):
        load(tmp_path / "nowhere.csv", "fer2013")


def ferplus(tmp_path, *labels: str):
    rows = [f"{n}.png,{label},0" for n, label in enumerate(labels)]
    files = {f"images/{n}.png": face_picture(n) for n in range(len(labels))}
    table = "\n".join(["image,fer2013_label,not_a_face", *rows]).encode()
    return write_zip(tmp_path / "f.zip", {"labels.csv": table, **files})


def test_labels_of_a_ferplus_archive_are_taken(tmp_path):
    path = ferplus(tmp_path, *FER2013_CLASSES)
    seven = load(path, "fer2013", classes="fer2013")
    np.testing.assert_array_equal(seven.targets, np.eye(7, dtype=np.float32))
    assert seven.images[:, 0, 0, 0].tolist() == list(range(7))
    assert tuple(KEYS[i] for i in load(path, "fer2013").targets.argmax(axis=1)) == MOODS


def test_what_is_wrong_with_a_ferplus_archive_is_named(tmp_path):
    path = ferplus(tmp_path, "angry", "cross")
    with pytest.raises(DatasetError, match=r"labels.csv line 3 has the label cross"):
        load(path, "fer2013")
    with pytest.raises(DatasetError, match="only the csv has splits"):
        load(path, "fer2013", split="Training")
    with pytest.raises(DatasetError, match="has no face"):
        load(ferplus(tmp_path / "none"), "fer2013")


def test_fer_archives_are_read_where_there_is_no_opencv(table, tmp_path):
    archive = ferplus(tmp_path, *FER2013_CLASSES)
    script = (
        "import sys\n"
        "sys.modules['cv2'] = None\n"
        "from emotion.training.datasets import load\n"
        f"for path in {[str(table), str(archive)]!r}:\n"
        "    print(load(path, 'fer2013', side=96).images.shape)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["(7, 96, 96, 1)"] * 2
