"""Which precisions pass is measured on faces, and only what passes is shipped."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from emotion.ensemble import choose, load_runtime, prepare
from emotion.errors import ModelUnavailable
from emotion.manifest import check_files, int8_files, read_manifest
from emotion.networks import INPUT_SIZE
from emotion.training import quantize
from emotion.training.datasets import FaceSet
from emotion.training.errors import ExportError
from emotion.training.evaluate import face_input, predict
from emotion.training.quantize import decide_precisions, verdict

COUNT = 24


def set_of(images, targets) -> FaceSet:
    return FaceSet(images, targets.astype(np.float32), tuple(map(str, range(len(images)))))


@pytest.fixture(scope="module")
def drawn():
    """Faces of a few broad shapes in grey, which the small networks answer differently."""
    dice = np.random.default_rng(8)
    coarse = dice.integers(0, 256, (COUNT, 6, 6, 1)).astype(np.uint8)
    return coarse.repeat(16, axis=1).repeat(16, axis=2)


@pytest.fixture(scope="module")
def faces(drawn, options):
    """The drawn faces with f32's own answers as votes: any other answer costs something."""
    prepared = prepare(options.model_dir, options.cache_dir, say=str)
    runtime = load_runtime(options.model_dir, prepared, threads=1)
    return set_of(drawn, predict(runtime, drawn, say=str).ensemble)


@pytest.fixture(scope="module")
def decided(model_dir, faces, tmp_path_factory):
    """A folder of weights after the decision, and what was said meanwhile."""
    folder = shutil.copytree(model_dir, tmp_path_factory.mktemp("decided") / "model")
    lines: list[str] = []
    decide_precisions(folder, faces, calibration=8, say=lines.append)
    return folder, lines


def test_int8_that_passes_is_shipped_and_served(decided, faces, tmp_path):
    folder, _ = decided
    manifest = read_manifest(folder)
    assert manifest.precisions["int8"].passed, manifest.precisions
    assert manifest.precisions["int8"].faces == COUNT
    assert check_files(folder) == []
    assert choose(folder, "int8").precision == "int8"
    both = {
        precision: load_runtime(
            folder,
            prepare(folder, tmp_path, precision=precision, say=str),
            precision=precision,
            threads=1,
        )
        for precision in ("f32", "int8")
    }
    plain, quantised = (
        np.stack([runtime.member_probabilities(face_input(image)) for image in faces.images])
        for runtime in both.values()
    )
    # As near as eight bits come, and not the same graph again.
    assert 0 < np.abs(plain - quantised).mean() < 0.02
    assert len(list(tmp_path.iterdir())) == 2


def test_quantised_graphs_hold_eight_bits(decided):
    import openvino

    folder, _ = decided
    for member in read_manifest(folder).members:
        graph = openvino.Core().read_model(folder / int8_files(member.network)[0])
        kinds = {node.get_element_type().to_string() for node in graph.get_ops()}
        assert "i8" in kinds
        (first,) = (each for each in graph.get_ops() if each.get_type_name() == "Convolution")
        assert first.input_value(1).get_element_type().to_string() == "f32"
        assert first.input_value(1).get_node().get_type_name() == "Constant"
        assert tuple(graph.input(0).shape) == (1, *INPUT_SIZE, 3)


def test_decision_says_what_it_does(decided):
    _, lines = decided
    assert "int8: quantising xception with 8 faces" in lines
    assert f"f32: {COUNT} faces" in lines
    assert lines[-1].startswith("int8: passes, loses 0.00 points")


@pytest.mark.parametrize("native", [True, False])
def test_bf16_is_judged_where_the_cpu_has_it(native, model_dir, faces, tmp_path, monkeypatch):
    monkeypatch.setattr(quantize, "cpu_capabilities", lambda: {"bf16"} if native else set())
    monkeypatch.setattr(quantize, "quantise", unquantised)
    folder = shutil.copytree(model_dir, tmp_path / "model")
    decided = decide_precisions(folder, faces, limit=6, say=str)
    assert ("bf16" in decided.precisions) == native


def unquantised(graph, target, **_):
    shutil.copy(graph, target)
    shutil.copy(graph.with_suffix(".bin"), target.with_suffix(".bin"))


def test_int8_that_fails_is_not_shipped(decided, faces, tmp_path, monkeypatch):
    """Networks that answer another network's question fail, and take the old graphs along."""
    folder = shutil.copytree(decided[0], tmp_path / "model")

    def mistaken(graph, target, **_):
        unquantised(graph.with_stem("resnet50"), target)

    monkeypatch.setattr(quantize, "quantise", mistaken)
    said = decide_precisions(folder, faces, say=str).precisions["int8"]
    assert not said.passed
    assert said.nll_rise > quantize.MOST_NLL_RISEN
    assert read_manifest(folder).precisions["int8"] == said
    assert not list(folder.glob("*.int8.*"))
    assert check_files(folder) == []
    with pytest.raises(ModelUnavailable, match="no int8 graphs"):
        choose(folder, "int8")


@pytest.mark.parametrize(
    ("mistakes", "doubt", "passes"),
    [(0, 0.0, True), (2, 0.0, True), (3, 0.0, False), (0, 0.004, True), (0, 0.02, False)],
)
def test_verdict_allows_two_faces_in_a_thousand_and_little_doubt(mistakes, doubt, passes):
    truth = np.arange(1000) % 6
    votes = np.eye(6)[truth]
    sure = 0.3 * votes + 0.7 / 6
    said = np.where(np.arange(1000)[:, None] < mistakes, np.roll(sure, 1, axis=1), sure)
    said = (1 - doubt) * said + doubt / 6
    faces = set_of(np.zeros((1000, 1, 1, 1), np.uint8), votes)
    found = verdict(said, sure, faces)
    assert found.accuracy_drop == pytest.approx(mistakes / 1000)
    assert found.passed == passes


def test_damaged_weights_are_not_judged(model_dir, faces, tmp_path):
    folder = shutil.copytree(model_dir, tmp_path / "model")
    (folder / "vgg16.keras").write_bytes(b"damage")
    with pytest.raises(ExportError, match="damaged"):
        decide_precisions(folder, faces, say=str)
