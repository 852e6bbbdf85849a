"""The served ensemble over faces: what it is shown, whom it is compared with, what it loses."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.ensemble import load_runtime, prepare
from emotion.networks import INPUT_SIZE
from emotion.training.evaluate import Predictions, compare, face_input, measure_drops, predict
from emotion.training.facesets import FaceSet
from emotion.training.robustness import mirror

SIX = np.eye(6)


def face_set(count: int, **fields) -> FaceSet:
    images = np.random.default_rng(1).integers(0, 256, (count, 48, 48, 1)).astype(np.uint8)
    targets = np.eye(6, dtype=np.float32)[np.arange(count) % 6]
    return FaceSet(images, targets, tuple(f"{i}.png" for i in range(count)), **fields)


@pytest.mark.parametrize("shape", [(48, 48, 1), (48, 48, 3), (60, 30, 1)])
def test_stored_face_becomes_what_training_saw(shape):
    from emotion.networks import preprocess
    from emotion.training.layers import FaceFrame

    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    face = face_input(image)
    assert face.shape == (*INPUT_SIZE, 3)
    trained = np.asarray(FaceFrame("xception", INPUT_SIZE)(image[None]))[0]
    served = np.asarray(preprocess("xception", face[None]))[0]
    assert np.abs(served - trained).max() < 1e-3


def test_predict_says_what_the_runtime_says_and_how_far_it_is(options):
    runtime = load_runtime(options.model_dir, prepare(options.model_dir, options.cache_dir))
    faces = face_set(3)
    heard: list[str] = []
    said = predict(runtime, faces.images, say=heard.append)
    assert heard == ["3/3"]
    assert list(said.members) == [member.network for member in runtime.manifest.members]
    last = face_input(faces.images[2])
    assert said.of(None)[2] == pytest.approx(runtime.probabilities(last))
    each = runtime.member_probabilities(last)
    for place, name in enumerate(said.members):
        assert said.of(name)[2] == pytest.approx(each[place])


def sharp(targets: np.ndarray, share: float) -> np.ndarray:
    return share * targets + (1 - share) / 6


def test_compare_scores_members_mean_served_and_a_new_fit():
    faces = face_set(60)
    good, bad = sharp(faces.targets, 0.9), sharp(np.roll(faces.targets, 1, axis=1), 0.9)
    said = Predictions(ensemble=good, members={"good": good, "bad": bad})
    rows = compare(said, faces)
    assert list(rows) == ["good", "bad", "plain_mean", "ensemble", "cross_fitted"]
    assert rows["good"].accuracy == rows["cross_fitted"].accuracy == 1
    assert rows["bad"].accuracy == 0
    # Half of 0.9 + 0.1 / 6 for the truth, and half of 0.1 / 6.
    assert rows["plain_mean"].nll == pytest.approx(-np.log(0.45 + 0.1 / 6))
    assert rows["cross_fitted"].nll < rows["good"].nll < rows["plain_mean"].nll


def test_compare_fits_nothing_anew_where_too_few_people_are():
    faces = face_set(12, people=("a", "b") * 6)
    said = Predictions(ensemble=SIX[np.arange(12) % 6], members={"one": sharp(faces.targets, 0.9)})
    assert "cross_fitted" not in compare(said, faces)


def test_drops_are_against_the_same_clean_faces():
    faces = face_set(10)
    clean = sharp(faces.targets, 0.9)
    heard: list[str] = []

    def read(face: np.ndarray) -> np.ndarray:
        """Right about every face as it is stored, wrong about all that were changed."""
        place = next(
            (i for i, image in enumerate(faces.images) if np.array_equal(image, face)), None
        )
        return clean[place] if place is not None else np.full(6, 1 / 6)

    changes = {"nothing": lambda face: face, "mirror": mirror}
    drops = measure_drops(read, faces, clean, changes, say=heard.append)
    assert heard == ["1/2 nothing", "2/2 mirror"]
    assert (drops["nothing"].drop_accuracy, drops["nothing"].rise_nll) == (0, 0)
    assert drops["nothing"].drop_accuracy_interval == (0, 0)
    # Told nothing, argmax says the first mood, which 2 of these 10 faces have.
    assert drops["mirror"].accuracy == pytest.approx(0.2)
    assert drops["mirror"].drop_accuracy == pytest.approx(0.8)
    assert drops["mirror"].rise_nll == pytest.approx(np.log(6) + np.log(0.9 + 0.1 / 6))
    low, high = drops["mirror"].drop_accuracy_interval
    assert low < 0.8 < high
