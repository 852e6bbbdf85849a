"""The joined graph says what the networks say, and is prepared once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from emotion.ensemble import GRAPH, ROOT, load_runtime, prepare
from emotion.errors import ModelUnavailable
from emotion.manifest import MANIFEST, read_manifest
from emotion.networks import INPUT_SIZE
from emotion.training.ensembling import temper

# What TensorFlow makes of the weights that are served: argv is model_dir, faces.npy, out.npy.
REFERENCE = """
import sys
from pathlib import Path
import numpy as np
from emotion.manifest import read_manifest
from emotion.networks import build_network, preprocess
folder, faces, out = map(Path, sys.argv[1:])
faces = np.load(faces)
said = []
for member in read_manifest(folder).members:
    network = build_network(member.network)
    network.load_weights(folder / member.file)
    said.append(network.predict(np.asarray(preprocess(member.network, faces)), verbose=0))
np.save(out, np.stack(said))
"""
RANDOM_WEIGHTS = """
import sys
from pathlib import Path
from emotion.networks import NETWORKS, build_network
from emotion.training.export import export
import keras
keras.utils.set_random_seed(7)
out = Path(sys.argv[1])
files = {name: out / f"{name}.weights.h5" for name in NETWORKS}
for name, file in files.items():
    network = build_network(name)
    # A gentle last layer, or random features make every answer 0 or 1.
    head = network.get_layer("moods")
    head.set_weights([w * 0.05 for w in head.get_weights()])
    network.save_weights(file)
export(files, ensemble_weights=dict.fromkeys(NETWORKS, 1.0), temperature=1.2,
       version="random", out_dir=out / "model")
"""


def random_faces(count: int) -> np.ndarray:
    return np.random.default_rng(4).uniform(0, 255, (count, *INPUT_SIZE, 3)).astype(np.float32)


def blended(members: np.ndarray, model_dir: Path) -> np.ndarray:
    manifest = read_manifest(model_dir)
    weights = np.array([member.weight for member in manifest.members])
    return temper(np.tensordot(weights, members, axes=1), manifest.temperature)


def test_graph_agrees_with_the_networks_it_was_made_of(small_networks, options):
    from emotion.networks import preprocess

    runtime = load_runtime(
        options.model_dir, prepare(options.model_dir, options.cache_dir, say=str), threads=1
    )
    faces = random_faces(4)
    members = np.stack(
        [
            network.predict(np.asarray(preprocess(name, faces)), verbose=0)
            for (name, _), network in small_networks.items()
        ]
    )
    # The file holds float16, so the weights themselves differ in the fourth digit.
    for face, expected in zip(faces, members.transpose(1, 0, 2), strict=True):
        assert np.abs(runtime.member_probabilities(face) - expected).max() < 2e-3
    for face, expected in zip(faces, blended(members, options.model_dir), strict=True):
        said = runtime.probabilities(face)
        assert said.sum() == pytest.approx(1, abs=1e-9)
        assert np.abs(said - expected).max() < 2e-3


def test_prepare_does_nothing_the_second_time(options):
    first = prepare(options.model_dir, options.cache_dir, say=str)
    stamp = (first / GRAPH).stat().st_mtime_ns
    lines: list[str] = []
    assert prepare(options.model_dir, options.cache_dir, say=lines.append) == first
    assert (first / GRAPH).stat().st_mtime_ns == stamp
    assert lines == []


def test_prepare_shows_progress_and_removes_older_graphs(model_dir, tmp_path):
    (tmp_path / "ensemble-old").mkdir()
    lines: list[str] = []
    prepared = prepare(model_dir, tmp_path, say=lines.append)
    assert lines == ["1/3 vgg16", "2/3 xception", "3/3 resnet50", "ensemble"]
    assert list(tmp_path.iterdir()) == [prepared]


def test_model_is_unavailable_when_weights_are_damaged(model_dir, tmp_path):
    copied = shutil.copytree(model_dir, tmp_path / "model")
    (copied / "resnet50.keras").write_bytes(b"not a network")
    with pytest.raises(ModelUnavailable, match=r"resnet50\.keras is damaged"):
        prepare(copied, tmp_path / "cache", say=str)


def test_model_is_unavailable_when_weights_are_sound_but_no_network(model_dir, tmp_path):
    from emotion.manifest import file_sha256

    copied = shutil.copytree(model_dir, tmp_path / "model")
    old = file_sha256(copied / "vgg16.keras")
    (copied / "vgg16.keras").write_bytes(b"not a network")
    text = (copied / MANIFEST).read_text()
    (copied / MANIFEST).write_text(text.replace(old, file_sha256(copied / "vgg16.keras")))
    with pytest.raises(ModelUnavailable, match="cannot be joined"):
        prepare(copied, tmp_path / "cache", say=str)
    assert list((tmp_path / "cache").iterdir()) == []


def test_model_is_unavailable_when_the_cache_cannot_be_written(model_dir, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        prepare(model_dir, tmp_path / "cache", say=str)


def test_threads_may_ask_at_once(options):
    prepared = prepare(options.model_dir, options.cache_dir, say=str)
    runtime = load_runtime(options.model_dir, prepared, threads=1)
    faces = random_faces(8)
    alone = [runtime.probabilities(face) for face in faces]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(runtime.probabilities, faces))
    assert np.allclose(alone, together, atol=1e-7)


@pytest.mark.slow
def test_openvino_agrees_with_tensorflow_on_the_real_networks(tmp_path):
    def run(script: str, *arguments: Path) -> None:
        subprocess.run([sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, check=True)

    model_dir = ROOT / "ml_models"
    if not (model_dir / MANIFEST).exists():
        run(RANDOM_WEIGHTS, tmp_path)
        model_dir = tmp_path / "model"
    faces = random_faces(2)
    np.save(tmp_path / "faces.npy", faces)
    run(REFERENCE, model_dir, tmp_path / "faces.npy", tmp_path / "out.npy")
    members = np.load(tmp_path / "out.npy")
    runtime = load_runtime(model_dir, prepare(model_dir, tmp_path / "cache", say=str))
    expected = blended(members, model_dir)
    for number, face in enumerate(faces):
        assert np.abs(runtime.member_probabilities(face) - members[:, number]).max() < 1e-4
        assert np.abs(runtime.probabilities(face) - expected[number]).max() < 1e-4
