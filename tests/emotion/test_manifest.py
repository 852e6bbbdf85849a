"""What a system check and the worker say about weights that are not as they should be."""

from __future__ import annotations

import json
import shutil

import pytest

from emotion.errors import ModelUnavailable
from emotion.labels import KEYS
from emotion.manifest import MANIFEST, check_files, read_manifest


@pytest.fixture
def copied(model_dir, tmp_path):
    return shutil.copytree(model_dir, tmp_path / "model")


def test_manifest_is_read_as_it_was_written(model_dir):
    manifest = read_manifest(model_dir)
    assert manifest.version == "test-1"
    assert [member.network for member in manifest.members] == ["vgg16", "xception", "resnet50"]
    assert json.loads(manifest.as_json())["labels"] == list(KEYS)
    assert check_files(model_dir) == []


def test_missing_folder_is_reported_in_one_sentence(tmp_path):
    (problem,) = check_files(tmp_path / "nowhere")
    assert MANIFEST in problem
    with pytest.raises(ModelUnavailable):
        read_manifest(tmp_path / "nowhere")


def test_missing_and_damaged_weights_are_reported_by_name(copied):
    (copied / "vgg16.keras").unlink()
    with (copied / "xception.keras").open("r+b") as file:
        file.seek(200)
        file.write(b"damage")
    missing, damaged = check_files(copied)
    assert "vgg16.keras is missing" in missing
    assert "xception.keras is damaged" in damaged


@pytest.mark.parametrize(
    "change",
    [
        {"labels": list(reversed(KEYS))},
        {"labels": None},
        {"precision": "bf16"},
        {"temperature": 0},
        {"temperature": "warm"},
        {"members": []},
        {"members": [{"network": "vgg16"}]},
        {"input": {"height": 48, "width": 48, "channels": 1}},
        {"input": None},
    ],
)
def test_malformed_manifest_is_reported(copied, change):
    path = copied / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    (problem,) = check_files(copied)
    assert str(path) in problem


@pytest.mark.parametrize(
    "change",
    [{"weight": 0.9}, {"weight": -1}, {"file": "../x.keras"}, {"preprocessing": "torch"}],
)
def test_malformed_member_is_reported(copied, change):
    path = copied / MANIFEST
    content = json.loads(path.read_text())
    content["members"][0].update(change)
    path.write_text(json.dumps(content))
    assert len(check_files(copied)) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}"])
def test_manifest_that_is_no_manifest_is_reported(copied, text):
    (copied / MANIFEST).write_text(text)
    assert len(check_files(copied)) == 1
