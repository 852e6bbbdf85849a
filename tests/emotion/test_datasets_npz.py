"""Collected faces: written without pickle, in pieces, and read where there is NumPy alone."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from emotion.ensemble import ROOT
from emotion.training.datasets import DatasetError, FaceSet, load, save_npz

RANDOM = np.random.default_rng(5)
FACES = FaceSet(
    RANDOM.integers(0, 256, (40, 12, 12, 3), np.uint8),
    RANDOM.dirichlet(np.ones(6), 40).astype(np.float32),
    tuple(f"EMOIMG_기쁨/{n}.jpg" for n in range(40)),
    people=tuple(f"사람{n % 7}" for n in range(40)),
    votes=True,
    skipped=3,
)


def assert_same(read: FaceSet, written: FaceSet = FACES) -> None:
    np.testing.assert_array_equal(read.images, written.images)
    np.testing.assert_array_equal(read.targets, written.targets)
    for field in ("names", "classes", "people", "votes", "skipped"):
        assert getattr(read, field) == getattr(written, field)


def test_one_file_reads_as_it_was_written(tmp_path):
    (path,) = save_npz(FACES, tmp_path / "new" / "faces.npz")
    assert_same(load(path, "npz"))
    assert [file.name for file in path.parent.iterdir()] == ["faces.npz"]


def test_people_who_are_not_known_stay_unknown(tmp_path):
    nobody = FaceSet(FACES.images, FACES.targets, FACES.names)
    (path,) = save_npz(nobody, tmp_path / "faces.npz")
    assert_same(load(path, "npz"), nobody)


@pytest.mark.parametrize("piece_bytes", [10_000, 12_345, 20_000])
def test_pieces_are_smaller_than_said_and_make_the_whole(tmp_path, piece_bytes):
    pieces = save_npz(FACES, tmp_path / "pieces", piece_bytes=piece_bytes)
    assert len(pieces) > 1
    assert max(piece.stat().st_size for piece in pieces) < piece_bytes
    assert_same(load(tmp_path / "pieces", "npz"))


def test_pieces_replace_those_of_an_earlier_time(tmp_path):
    save_npz(FACES, tmp_path, piece_bytes=10_000)
    save_npz(FACES.select(range(9)), tmp_path, piece_bytes=20_000)
    assert load(tmp_path, "npz").names == FACES.names[:9]


def test_side_and_limit_are_applied(tmp_path):
    (path,) = save_npz(FACES, tmp_path / "faces.npz")
    assert load(path, "npz", side=6, limit=7).images.shape == (7, 6, 6, 3)


def test_piece_without_room_for_a_face_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="no room"):
        save_npz(FACES, tmp_path, piece_bytes=8_500)


def test_missing_piece_is_named(tmp_path):
    pieces = save_npz(FACES, tmp_path, piece_bytes=12_000)
    pieces[1].unlink()
    with pytest.raises(DatasetError, match=pieces[1].name):
        load(tmp_path, "npz")


def stored(**changed) -> dict[str, np.ndarray]:
    return {
        "images": FACES.images,
        "targets": FACES.targets,
        "names": np.array(FACES.names),
        "classes": np.array(FACES.classes),
        "people": np.array(FACES.people),
        "votes": np.array(True),
        "skipped": np.array(0),
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"images": FACES.images.astype(np.float32)}, "images are float32"),
        ({"images": FACES.images[:, :10]}, r"images are uint8 \(40, 10, 12, 3\)"),
        ({"images": FACES.images[:9]}, "images are uint8"),
        ({"images": FACES.images[0]}, "images are uint8"),
        ({"targets": FACES.targets[:, :5]}, "targets"),
        ({"targets": FACES.targets * 2}, "sum to 1"),
        ({"people": np.array(["a"])}, "people"),
        ({"names": np.array([{}] * 40)}, "not a file of collected faces"),
    ],
)
def test_malformed_file_is_named(tmp_path, changed, words):
    np.savez(tmp_path / "bad.npz", **stored(**changed))
    with pytest.raises(DatasetError, match=f"bad.npz.*{words}"):
        load(tmp_path / "bad.npz", "npz")


def test_file_that_is_none_is_named(tmp_path):
    (tmp_path / "cut.npz").write_bytes(save_npz(FACES, tmp_path / "a.npz")[0].read_bytes()[:9000])
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    (tmp_path / "text.npz").write_text("faces")
    for name in ("cut.npz", "other.npz", "text.npz"):
        with pytest.raises(DatasetError, match=name):
            load(tmp_path / name, "npz")
    with pytest.raises(DatasetError, match="does not exist"):
        load(tmp_path / "nowhere", "npz")
    with pytest.raises(DatasetError, match="holds no piece"):
        load(tmp_path, "npz")


def test_npz_is_read_and_resized_where_there_is_numpy_alone(tmp_path):
    (path,) = save_npz(FACES, tmp_path / "faces.npz")
    script = (
        "import sys\n"
        "for name in ('cv2', 'PIL', 'keras', 'openvino', 'scipy', 'tensorflow', 'django'):\n"
        "    sys.modules[name] = None\n"
        "from emotion.training.datasets import load\n"
        f"print(load({str(path)!r}, 'npz', side=24).images.shape)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "(40, 24, 24, 3)"
