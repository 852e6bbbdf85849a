"""What a system check and the worker say about weights that are not as they should be."""

from __future__ import annotations

import json
import shutil

import pytest

from emotion.errors import ModelUnavailable
from emotion.labels import KEYS
from emotion.manifest import (
    MANIFEST,
    Verdict,
    check_files,
    file_sha256,
    int8_files,
    read_manifest,
)


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


BF16 = {"passed": True, "accuracy_drop": 0.0, "nll_rise": 0.0001, "faces": 400}
NETWORKS = ("vgg16", "xception", "resnet50")


def decided(folder, precisions):
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), "precisions": precisions}))


def test_manifest_of_before_means_f32_alone(copied):
    path = copied / MANIFEST
    content = json.loads(path.read_text())
    del content["precisions"]
    path.write_text(json.dumps(content))
    assert read_manifest(copied).passed == ()
    assert check_files(copied) == []


def test_precisions_are_read_as_they_were_written(copied):
    files = {name: "0" * 64 for network in NETWORKS for name in int8_files(network)}
    failed = {"passed": False, "accuracy_drop": 0.01, "nll_rise": 0.2, "faces": 400}
    decided(copied, {"bf16": BF16, "int8": {**failed, "passed": True, "files": files}})
    manifest = read_manifest(copied)
    assert manifest.passed == ("bf16", "int8")
    assert manifest.precisions["bf16"] == Verdict(True, 0.0, 0.0001, 400)
    (copied / MANIFEST).write_text(manifest.as_json())
    assert read_manifest(copied) == manifest
    decided(copied, {"bf16": BF16, "int8": failed})
    assert read_manifest(copied).passed == ("bf16",)


def test_quantised_graphs_are_checked_like_the_weights(copied):
    for network in NETWORKS:
        for name in int8_files(network):
            (copied / name).write_bytes(b"a graph")
    digest = file_sha256(copied / "vgg16.int8.xml")
    files = {name: digest for network in NETWORKS for name in int8_files(network)}
    decided(copied, {"int8": {**BF16, "files": files}})
    assert check_files(copied) == []
    (copied / "vgg16.int8.bin").write_bytes(b"damage")
    (copied / "xception.int8.xml").unlink()
    damaged, missing = check_files(copied)
    assert "vgg16.int8.bin is damaged" in damaged
    assert "xception.int8.xml is missing" in missing


@pytest.mark.parametrize(
    "precisions",
    [
        None,
        [],
        {"fp8": BF16},
        {"bf16": True},
        {"bf16": {**BF16, "passed": "yes"}},
        {"bf16": {"passed": True}},
        {"int8": BF16},
        {"int8": {**BF16, "passed": False, "files": {"../x.xml": ""}}},
    ],
)
def test_malformed_precisions_are_reported(copied, precisions):
    decided(copied, precisions)
    (problem,) = check_files(copied)
    assert MANIFEST in problem


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}"])
def test_manifest_that_is_no_manifest_is_reported(copied, text):
    (copied / MANIFEST).write_text(text)
    assert len(check_files(copied)) == 1
