"""What the system checks say about the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config.checks import model_files, precision_is_known
from emotion.manifest import MANIFEST, Manifest, Member, file_sha256


def weights(folder: Path) -> Path:
    """Write a manifest and one file that it names; nobody looks inside here."""
    file = folder / "vgg16.keras"
    file.write_bytes(b"weights")
    member = Member("vgg16", file.name, file_sha256(file), 1.0, "caffe")
    manifest = Manifest("test-1", "2026-01-01", 275, 205, 1.0, (member,))
    (folder / MANIFEST).write_text(manifest.as_json())
    return file


def test_sound_weights_pass(settings: Any, tmp_path: Path) -> None:
    weights(tmp_path)
    settings.EMOTION_MODEL_DIR = tmp_path
    assert model_files() == []


def test_missing_weights_are_named(settings: Any, tmp_path: Path) -> None:
    weights(tmp_path).unlink()
    settings.EMOTION_MODEL_DIR = tmp_path
    (problem,) = model_files()
    assert problem.id == "gibun.E001"
    assert "vgg16.keras is missing" in problem.msg


def test_damaged_weights_are_named(settings: Any, tmp_path: Path) -> None:
    weights(tmp_path).write_bytes(b"weightz")
    settings.EMOTION_MODEL_DIR = tmp_path
    (problem,) = model_files()
    assert "vgg16.keras is damaged" in problem.msg


def test_missing_manifest_is_said(settings: Any, tmp_path: Path) -> None:
    settings.EMOTION_MODEL_DIR = tmp_path
    (problem,) = model_files()
    assert MANIFEST in problem.msg


def test_manifest_of_nonsense_is_said(settings: Any, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"version": 1}))
    settings.EMOTION_MODEL_DIR = tmp_path
    assert len(model_files()) == 1


@pytest.mark.parametrize("value", ["fast", "f32", "bf16", "int8"])
def test_known_precisions_pass(settings: Any, value: str) -> None:
    settings.EMOTION_PRECISION = value
    assert precision_is_known() == []


@pytest.mark.parametrize("value", ["", "fp16", "INT8"])
def test_unknown_precision_is_said(settings: Any, value: str) -> None:
    settings.EMOTION_PRECISION = value
    (problem,) = precision_is_known()
    assert problem.id == "gibun.E003"
    assert "fast, f32, bf16, int8" in problem.msg


def test_precision_is_fast_unless_it_is_set(settings: Any) -> None:
    assert settings.EMOTION_PRECISION == "fast"
