"""The three networks of the ensemble: keras.applications bodies under a six-way softmax.

Keras is imported inside the functions: a web process never loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emotion.labels import MOODS

if TYPE_CHECKING:
    import keras

INPUT_SIZE = (275, 205)  # height, width
NETWORKS = ("vgg16", "xception", "resnet50")
# keras.applications' names for what each network expects of its pixels:
# caffe: BGR, the ImageNet mean taken off; tf: scaled to -1..1. Both start from RGB in 0..255.
PREPROCESSING = {"vgg16": "caffe", "resnet50": "caffe", "xception": "tf"}
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)


def build_network(
    name: str,
    *,
    size: tuple[int, int] = INPUT_SIZE,
    init: str | None = None,
    dropout: float = 0.4,
) -> keras.Model:
    """Build one network: (n, height, width, 3), preprocessed, in; (n, 6) probabilities out.

    `init` is None (random) or "imagenet" (downloaded by Keras). Raises ValueError for an
    unknown name.
    """
    import keras

    bodies: dict[str, Any] = {
        "vgg16": keras.applications.VGG16,
        "xception": keras.applications.Xception,
        "resnet50": keras.applications.ResNet50,
    }
    if name not in bodies:
        raise ValueError(f"unknown network {name!r}; expected one of {', '.join(NETWORKS)}")
    body = bodies[name](include_top=False, weights=init, input_shape=(*size, 3), pooling="avg")
    x = keras.layers.Dropout(dropout, name="dropout")(body.output)
    x = keras.layers.Dense(len(MOODS), activation="softmax", dtype="float32", name="moods")(x)
    return keras.Model(body.input, x, name=name)


def preprocess(name: str, images: Any) -> Any:
    """Turn RGB in 0..255 into what the network expects, with keras.ops, on any backend."""
    from keras import ops

    if PREPROCESSING[name] == "tf":
        return images / 127.5 - 1.0
    return ops.flip(images, axis=-1) - ops.convert_to_tensor(CAFFE_MEAN_BGR, dtype=images.dtype)
