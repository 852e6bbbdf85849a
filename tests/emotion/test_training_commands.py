"""`python -m emotion.training` as a person types it, on TensorFlow and on JAX."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from emotion.ensemble import ROOT
from emotion.labels import KEYS
from emotion.training.datasets import save_npz
from emotion.training.facesets import FaceSet
from emotion.training.sources import like, recognise

# A machine that only trains: an import of any of these fails there.
ABSENT = ("tensorflow", "django", "cv2", "openvino", "PIL")


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    rng = np.random.default_rng(5)
    count = 60
    images = rng.integers(0, 255, (count, 48, 48, 1), dtype="uint8")
    targets = np.eye(6, dtype="float32")[rng.integers(0, 6, count)]
    names = tuple(map(str, range(count)))
    (path,) = save_npz(FaceSet(images, targets, names, KEYS), tmp_path / "faces.npz")
    return path


def verb(*arguments: object, backend: str, bare: bool = False) -> subprocess.CompletedProcess[str]:
    blocked = f"sys.modules.update(dict.fromkeys({ABSENT!r}))" if bare else ""
    script = f"import sys; {blocked}\nfrom emotion.training.__main__ import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_archive_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    done = verb(
        *("train", "--network", "vgg16", "--data", tmp_path / "none.zip"),
        *("--out", tmp_path / "run"),
        backend="tensorflow",
    )
    assert done.returncode == 2
    assert done.stderr.strip() == f"{tmp_path / 'none.zip'} does not exist"
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("jax"), reason="needs JAX: uv sync --group dev")
def test_a_bare_machine_with_jax_trains_in_short_commands(faces: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train = ("train", "--network", "vgg16", "--data", faces, "--out", run, "--size", "96x72")
    settings = ("--epochs", 2, "--batch", 27, "--learning-rate", 1e-4)
    first = verb(*train, *settings, "--minutes", 1e-6, backend="jax", bare=True)
    assert first.returncode == 75, first.stderr
    second = verb(*train, *settings, backend="jax", bare=True)
    assert second.returncode == 0, second.stderr
    assert "Epoch 2/2" in second.stdout
    assert "Epoch 1/2" not in second.stdout
    packed = verb(
        *("pack", "--network", "vgg16", "--run", run, "--out", tmp_path / "pieces"),
        backend="jax",
        bare=True,
    )
    assert packed.returncode == 0, packed.stderr
    sizes = [path.stat().st_size for path in (tmp_path / "pieces").glob("vgg16.0*")]
    assert len(sizes) == 2
    assert max(sizes) <= 16 * 2**20


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("tensorflow"), reason="needs the train extra")
def test_train_and_evaluate_the_small_network(faces: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    asked = ("--network", "fer_cnn", "--data", faces, "--classes", "moods")
    done = verb("train", *asked, "--out", run, "--epochs", 1, backend="tensorflow")
    assert done.returncode == 0, done.stderr
    assert "54 faces to learn from, 6 to validate with" in done.stdout
    config = json.loads((run / "config.json").read_text())
    assert config["network"] == "fer_cnn"
    assert config["stages"][0]["faces"] == 54
    done = verb("evaluate", *asked, "--run", run, backend="tensorflow")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout[done.stdout.index("{") :])
    assert scores["n"] == 60
    assert set(scores["per_class"]) == set(KEYS)


def test_archives_are_recognised_by_their_marks(tmp_path: Path) -> None:
    def folder(name: str, file: str, text: str = "") -> Path:
        (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name / file).write_text(text)
        return tmp_path / name

    assert recognise(folder("a", "labels.csv", "image,neutral,not_a_face\n")) == "ferplus"
    assert recognise(folder("b", "labels.csv", "image,label,person\n")) == "portraits"
    assert recognise(folder("c", "deep/img_emotion_training_data(기쁨).json")) == "aihub"
    assert recognise(folder("d", "happy/one.jpg")) == "folders"
    assert recognise(folder("e", "piece-0001-of-0001.npz")) == "npz"
    assert recognise(folder("f", "fer2013.csv") / "fer2013.csv") == "fer2013"


def test_validation_faces_are_brought_to_the_learning_ones() -> None:
    def some(side: int, channels: int) -> FaceSet:
        return FaceSet(
            np.full((3, side, side, channels), 90, "uint8"),
            np.eye(6, dtype="float32")[:3],
            ("a", "b", "c"),
        )

    assert like(some(48, 1), some(96, 3)).images.shape == (3, 96, 96, 3)
    assert like(some(96, 3), some(48, 1)).images.shape == (3, 48, 48, 1)
    assert like(some(96, 3), some(48, 1)).images.mean() == 90
