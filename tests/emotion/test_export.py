"""What is written to be served holds float16 and nothing else, and is named by the manifest."""

from __future__ import annotations

import zipfile

import h5py
import numpy as np
import pytest

from emotion.manifest import check_files, read_manifest
from emotion.training import export as exporting
from emotion.training.errors import ExportError
from emotion.training.export import export, write_half


@pytest.fixture
def small(monkeypatch, small_networks):
    """Let the exporter build small networks under the big ones' names."""
    by_name = {name: network for (name, _), network in small_networks.items()}
    monkeypatch.setattr(exporting, "build_network", by_name.__getitem__)
    return by_name


def test_export_writes_files_that_pass_the_check(small, tmp_path):
    files = {name: tmp_path / f"{name}.weights.h5" for name in small}
    for name, file in files.items():
        small[name].save_weights(file)
    parts = {"vgg16": 1.0, "xception": 1.0, "resnet50": 2.0}
    out = tmp_path / "out"
    manifest = export(files, ensemble_weights=parts, temperature=1.1, version="1", out_dir=out)
    assert read_manifest(out) == manifest
    assert check_files(out) == []
    assert [member.weight for member in manifest.members] == [0.25, 0.25, 0.5]
    assert [member.preprocessing for member in manifest.members] == ["caffe", "tf", "caffe"]


def test_file_holds_float16_and_no_optimizer(small, tmp_path):
    path = tmp_path / "vgg16.keras"
    write_half(small["vgg16"], path)
    with zipfile.ZipFile(path) as archive:
        archive.extract("model.weights.h5", tmp_path)
    kinds = {}
    with h5py.File(tmp_path / "model.weights.h5") as stored:
        stored.visititems(
            lambda name, node: (
                kinds.update({name: node.dtype}) if isinstance(node, h5py.Dataset) else None
            )
        )
    # Dropout keeps the two integers of its random state.
    floats = {kind for kind in kinds.values() if kind.kind == "f"}
    assert floats == {np.dtype("float16")}
    assert not any("optimizer" in name for name in kinds)
    assert list(tmp_path.glob("*.keras")) == [path]


def test_export_refuses_weights_that_float16_cannot_hold(small, tmp_path):
    network = small["xception"]
    before = network.get_weights()
    try:
        network.set_weights([w * 0 + 1e6 if w.ndim == 1 else w for w in before])
        with pytest.raises(ExportError, match="does not fit float16"):
            write_half(network, tmp_path / "xception.keras")
    finally:
        network.set_weights(before)


@pytest.mark.parametrize("parts", [{}, {"vgg16": 0.0}, {"vgg16": -1.0}, {"resnet50": 1.0}])
def test_export_refuses_parts_that_are_no_mean(parts, tmp_path):
    with pytest.raises(ExportError):
        export(
            {"vgg16": tmp_path / "x.h5"},
            ensemble_weights=parts,
            temperature=1.0,
            version="1",
            out_dir=tmp_path / "out",
        )
