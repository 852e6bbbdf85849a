"""Faces that are held back while an archive is collected."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.labels import KEYS
from emotion.training.__main__ import main
from emotion.training.datasets import load, save_npz
from emotion.training.facesets import FaceSet


@pytest.fixture
def archive(tmp_path):
    targets = np.eye(6, dtype="float32")[np.arange(40) % 6]
    people = tuple(f"person{number // 4}" for number in range(40))
    faces = FaceSet(
        np.zeros((40, 8, 8, 1), "uint8"), targets, tuple(map(str, range(40))), KEYS, people
    )
    (path,) = save_npz(faces, tmp_path / "all.npz")
    return path


def test_nobody_is_on_both_sides(archive, tmp_path) -> None:
    out, held = tmp_path / "learn.npz", tmp_path / "valid.npz"
    asked = ["collect", str(archive), "--layout", "npz", "--out", str(out)]
    assert main([*asked, "--hold-back", "0.2", "--held-back", str(held)]) == 0
    learn, valid = load(out, "npz"), load(held, "npz")
    assert (len(learn), len(valid)) == (32, 8)
    assert not set(learn.people) & set(valid.people)


def test_held_back_faces_need_a_place(archive, tmp_path, capsys) -> None:
    asked = ["collect", str(archive), "--layout", "npz", "--out", str(tmp_path / "x.npz")]
    assert main([*asked, "--hold-back", "0.2"]) == 2
    assert "--held-back" in capsys.readouterr().err
    assert not (tmp_path / "x.npz").exists()
