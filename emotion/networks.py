"""The networks: keras.applications bodies of the ensemble, and two smaller ones.

Keras is imported inside the functions: a web process never loads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emotion.labels import MOODS

if TYPE_CHECKING:
    import keras

INPUT_SIZE = (275, 205)  # height, width
# The members of the ensemble.
NETWORKS = ("vgg16", "xception", "resnet50")


@dataclass(frozen=True, slots=True)
class Input:
    """What a network takes: `size` (height, width), `channels`, and how pixels are prepared.

    Both ways of keras.applications start from 0..255. caffe: the ImageNet mean of blue, green
    and red taken off; tf: scaled to -1..1.
    """

    size: tuple[int, int]
    channels: int
    preprocessing: str


INPUTS: Mapping[str, Input] = {
    "vgg16": Input(INPUT_SIZE, 3, "caffe"),
    "xception": Input(INPUT_SIZE, 3, "tf"),
    "resnet50": Input(INPUT_SIZE, 3, "caffe"),
    "alexnet": Input(INPUT_SIZE, 3, "tf"),
    "fer_cnn": Input((48, 48), 1, "tf"),
}
PREPROCESSING = {name: INPUTS[name].preprocessing for name in NETWORKS}
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)
LUMINANCE = (0.299, 0.587, 0.114)


def build_network(
    name: str,
    *,
    size: tuple[int, int] | None = None,
    init: str | None = None,
    dropout: float = 0.4,
    classes: int = len(MOODS),
) -> keras.Model:
    """Build one network: (n, height, width, channels), preprocessed, in; (n, classes) out.

    `size` is that of `INPUTS` unless given. `init` is None (random) or "imagenet" (downloaded
    by Keras, for the ensemble's networks only). The output is a softmax in float32. Raises
    ValueError for an unknown name, or for weights that do not exist.
    """
    import keras

    if name not in INPUTS:
        raise ValueError(f"unknown network {name!r}; expected one of {', '.join(INPUTS)}")
    if init and name not in NETWORKS:
        raise ValueError(f"there are no {init} weights for {name}")
    expected = INPUTS[name]
    shape = (*(size or expected.size), expected.channels)
    if name in NETWORKS:
        body = _applications()[name](
            include_top=False, weights=init, input_shape=shape, pooling="avg"
        )
        face, x = body.input, body.output
        x = keras.layers.Dropout(dropout, name="dropout")(x)
    else:
        face = keras.Input(shape)
        x = {"alexnet": _alexnet, "fer_cnn": _fer_cnn}[name](face, dropout)
    x = keras.layers.Dense(classes, activation="softmax", dtype="float32", name="moods")(x)
    return keras.Model(face, x, name=name)


def _applications() -> Mapping[str, Any]:
    import keras

    return {
        "vgg16": keras.applications.VGG16,
        "xception": keras.applications.Xception,
        "resnet50": keras.applications.ResNet50,
    }


def _alexnet(x: Any, dropout: float) -> Any:
    """AlexNet on one GPU, with batch normalisation for its local response normalisation.

    Krizhevsky et al., 2012; in groups no more, as in its author's later version (arXiv
    1404.5997).
    """
    from keras import layers

    for number, (filters, kernel, stride) in enumerate(
        ((96, 11, 4), (256, 5, 1), (384, 3, 1), (384, 3, 1), (256, 3, 1)), start=1
    ):
        x = layers.Conv2D(filters, kernel, stride, padding="same", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.Activation("relu", name=f"relu{number}")(x)
        if number in (1, 2, 5):
            x = layers.MaxPooling2D(3, 2, name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    for number in (6, 7):
        x = layers.Dense(4096, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dropout{number}")(x)
    return x


def _fer_cnn(x: Any, dropout: float) -> Any:
    """Four convolutions, each halved by pooling, and two dense layers.

    506,183 parameters at 48 x 48 x 1 with seven outputs.
    """
    from keras import layers

    for number, filters in enumerate((64, 64, 128, 256), start=1):
        x = layers.Conv2D(filters, 3, activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate((256, 128), start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dropout{number}")(x)
    return x


def grey(images: Any) -> Any:
    """Return the luminance (ITU-R BT.601) of (n, h, w, 3), as (n, h, w, 1)."""
    from keras import ops

    weights = ops.convert_to_tensor(LUMINANCE, dtype=images.dtype)
    return ops.sum(images * weights, axis=-1, keepdims=True)


def preprocess(name: str, images: Any) -> Any:
    """Turn RGB or grey in 0..255 into what the network expects, on any backend of Keras.

    Colour is taken off first: nearly all faces that the networks learn from have none, so the
    light of a room would be something that they have never seen.
    """
    from keras import ops

    expected = INPUTS[name]
    x = grey(images) if images.shape[-1] == 3 else images
    x = ops.repeat(x, expected.channels, axis=-1)
    if expected.preprocessing == "tf":
        return x / 127.5 - 1.0
    return x - ops.convert_to_tensor(CAFFE_MEAN_BGR, dtype=x.dtype)
