"""Small networks that stand in for the big ones, and one real photograph."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage import data

from emotion.labels import KEYS
from emotion.manifest import MANIFEST, Manifest, Member, file_sha256
from emotion.networks import INPUT_SIZE
from emotion.predictor import PredictorOptions

# Where the astronaut's face is, as a person would mark it: x, y, width, height.
ASTRONAUT_FACE = (165, 60, 110, 140)


def jpeg(image: NDArray[np.uint8] | Image.Image, **save) -> bytes:
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=92, **save)
    return written.getvalue()


def landscape() -> Image.Image:
    picture = Image.new("RGB", (900, 600), "#87b5d9")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 600), (300, 250), (520, 600)], fill="#4b6b43")
    draw.polygon([(350, 600), (640, 300), (900, 600)], fill="#3c5836")
    draw.ellipse([700, 60, 790, 150], fill="#ffd86b")
    return picture


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return intersection over union of two (x, y, width, height)."""
    width = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    height = max(0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def small_network(name: str, seed: int):
    """Build a network with the big ones' input, output and kinds of layers."""
    import keras

    keras.utils.set_random_seed(seed)
    face = keras.Input((*INPUT_SIZE, 3))
    x = keras.layers.Conv2D(4, 16, strides=16, name="conv")(face)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.4)(x)
    x = keras.layers.Dense(len(KEYS), activation="softmax", name="moods")(x)
    network = keras.Model(face, x, name=name)
    rounded = [w.astype(np.float16).astype(np.float32) for w in network.get_weights()]
    # Pixels reach about 100; smaller weights keep the softmax from saying 0 and 1 alone.
    network.set_weights([w * 0.125 if w.ndim == 4 else w for w in rounded])
    return network


@pytest.fixture(scope="session")
def small_networks():
    """Map (network, preprocessing) to a small network that stands in for it."""
    return {
        ("vgg16", "caffe"): small_network("vgg16", 1),
        ("xception", "tf"): small_network("xception", 2),
        ("resnet50", "caffe"): small_network("resnet50", 3),
    }


@pytest.fixture(scope="session")
def model_dir(small_networks, tmp_path_factory) -> Path:
    """A complete folder of weights, with small networks."""
    from emotion.training.export import write_half

    folder = tmp_path_factory.mktemp("model")
    members = []
    weights = (0.5, 0.3, 0.2)
    for ((name, preprocessing), network), weight in zip(
        small_networks.items(), weights, strict=True
    ):
        file = folder / f"{name}.keras"
        write_half(network, file)
        members.append(Member(name, file.name, file_sha256(file), weight, preprocessing))
    manifest = Manifest("test-1", "2026-01-01", *INPUT_SIZE, 1.3, tuple(members))
    (folder / MANIFEST).write_text(manifest.as_json())
    return folder


@pytest.fixture(scope="session")
def options(model_dir, tmp_path_factory) -> PredictorOptions:
    return PredictorOptions(model_dir, tmp_path_factory.mktemp("cache"), threads=1)


@pytest.fixture(scope="session")
def astronaut() -> NDArray[np.uint8]:
    return data.astronaut()


@pytest.fixture(scope="session")
def selfie(astronaut) -> bytes:
    return jpeg(astronaut)
