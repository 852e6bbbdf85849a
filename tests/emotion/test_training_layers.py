"""Layers of the training: what they change, and that nothing of it is left in what is served."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras", exc_type=ImportError)
pytest.importorskip("tensorflow", reason="training needs the train extra: uv sync --extra train")

from emotion.training.layers import (  # noqa: E402 (Keras must be there first)
    FaceFrame,
    FusedBatchNormalization,
    StandardizedConv2D,
    jpeg_like,
)

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="another Keras backend was chosen"
)
RNG = np.random.default_rng(7)


def test_folded_convolution_is_exactly_the_standardised_one() -> None:
    images = RNG.normal(size=(2, 9, 9, 3)).astype("float32")
    learned = StandardizedConv2D(5, 3, padding="same", activation="relu", initial_gain=0.3)
    learned.build(images.shape)
    learned.gain.assign(RNG.uniform(0.5, 2, size=5))
    learned.bias.assign(RNG.normal(size=5))
    plain = keras.layers.Conv2D(5, 3, padding="same", activation="relu")
    plain.build(images.shape)
    plain.set_weights([learned.folded_kernel(), learned.bias])
    np.testing.assert_allclose(plain(images), learned(images), atol=1e-6)


def test_gain_survives_saving(tmp_path) -> None:
    def network() -> keras.Model:
        face = keras.Input((9, 9, 3))
        return keras.Model(face, StandardizedConv2D(5, 3)(face))

    first, second = network(), network()
    first.layers[-1].gain.assign(RNG.uniform(size=5))
    first.save_weights(tmp_path / "x.weights.h5")
    second.load_weights(tmp_path / "x.weights.h5")
    np.testing.assert_array_equal(second.layers[-1].gain, first.layers[-1].gain)


def test_fused_normalisation_agrees_with_keras() -> None:
    images = RNG.normal(3, 2, size=(8, 6, 6, 4)).astype("float32")
    keras_own = keras.layers.BatchNormalization(momentum=0.5)
    fused = FusedBatchNormalization(momentum=0.5)
    for _ in range(3):
        expected, got = keras_own(images, training=True), fused(images, training=True)
    np.testing.assert_allclose(got, expected, atol=1e-5)
    np.testing.assert_allclose(fused.moving_mean, keras_own.moving_mean, atol=1e-5)
    np.testing.assert_allclose(fused.moving_variance, keras_own.moving_variance, rtol=0.01)
    np.testing.assert_allclose(fused(images), keras_own(images), atol=0.02)


def test_frame_keeps_the_full_height_and_the_middle_of_the_width() -> None:
    faces = np.zeros((1, 48, 48, 1), "uint8")
    faces[:, :, :6] = 255  # what lies left of the middle 36 columns
    framed = np.asarray(FaceFrame("xception", (96, 72))(faces))
    assert framed.shape == (1, 96, 72, 3)
    assert framed[:, :, 2:].max() == -1.0
    rows = np.zeros((1, 48, 48, 1), "uint8")
    rows[:, :2] = 255
    assert np.asarray(FaceFrame("xception", (96, 72))(rows))[0, 0, 36, 0] == 1.0


def test_frame_varies_faces_only_while_training() -> None:
    faces = RNG.integers(0, 255, (16, 48, 48, 1), dtype="uint8")
    frame = FaceFrame("xception", (96, 72))
    np.testing.assert_array_equal(frame(faces), frame(faces))
    first, second = (np.asarray(frame(faces, training=True)) for _ in range(2))
    assert not np.allclose(first, second)
    assert first.min() >= -1
    assert first.max() <= 1


def test_half_of_the_faces_are_mirrored() -> None:
    faces = np.zeros((200, 48, 48, 1), "uint8")
    faces[:, :, :24] = 255
    framed = np.asarray(FaceFrame("xception", (96, 72), strength=0.0)(faces, training=True))
    mirrored = (framed[:, 48, 10, 0] < 0).mean()
    assert 0.35 < mirrored < 0.65


@pytest.mark.parametrize("network", ["vgg16", "resnet50"])
def test_frame_ends_in_the_networks_own_preprocessing(network: str) -> None:
    faces = np.full((1, 48, 48, 3), 200, "uint8")
    faces[..., 0] = 10
    seen = np.asarray(FaceFrame(network, (96, 72))(faces))[0, 50, 36]
    grey = 0.299 * 10 + 0.587 * 200 + 0.114 * 200
    np.testing.assert_allclose(seen, [grey - 103.939, grey - 116.779, grey - 123.68], atol=0.01)


def test_jpeg_like_loses_what_a_jpeg_loses() -> None:
    import io

    from PIL import Image
    from skimage import data

    grey = data.camera()[100:148, 180:232]  # 52 columns: the last 4 are no whole block
    written = io.BytesIO()
    Image.fromarray(grey).save(written, "JPEG", quality=50)
    expected = np.asarray(Image.open(written), "float32")
    picture = grey[None, :, :, None].astype("float32")
    got = np.asarray(jpeg_like(picture, np.ones((1, 1, 1, 1), "float32")))[0, :, :, 0]
    # Pillow computes in whole numbers: here and there a wave falls on the other side of a half.
    off = np.abs(got - expected)[:, :48]
    assert (off <= 2).mean() > 0.9
    assert off.max() < 8
    assert np.abs(got - grey)[:, :48].max() > 10
    np.testing.assert_array_equal(got[:, 48:], grey[:, 48:])
    same = np.asarray(jpeg_like(picture, np.zeros((1, 1, 1, 1), "float32")))
    np.testing.assert_allclose(same, picture, atol=0.01)


def test_frame_gives_a_grey_network_one_channel() -> None:
    colour = RNG.integers(0, 255, (2, 60, 60, 3), dtype="uint8")
    framed = np.asarray(FaceFrame("fer_cnn", (48, 48))(colour))
    assert framed.shape == (2, 48, 48, 1)
