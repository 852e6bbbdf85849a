"""Layers that exist only while a network learns; `train.plain_network` takes them out again."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from emotion.networks import INPUTS, grey, preprocess

# ITU-T T.81, annex K: the steps in which a JPEG of quality 50 keeps the luminance of a block.
JPEG_STEPS = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
BLOCK = len(JPEG_STEPS)


def jpeg_like(x: Any, coarseness: Any) -> Any:
    """Return `x` (n, h, w, c) in 0..255 with what JPEG loses, channel by channel.

    `coarseness` (n, 1, 1, 1) multiplies the steps of quality 50; 0 is no loss. A rest that is
    no whole block stays as it is.
    """
    height, width, channels = x.shape[1:]
    rows, columns = height // BLOCK, width // BLOCK
    if not rows or not columns:
        return x
    place = np.arange(BLOCK)
    dct = np.cos((2 * place[None] + 1) * place[:, None] * math.pi / (2 * BLOCK))
    dct *= np.where(place[:, None] == 0, math.sqrt(1 / BLOCK), math.sqrt(2 / BLOCK))
    dct = ops.convert_to_tensor(dct, "float32")
    whole = x[:, : rows * BLOCK, : columns * BLOCK]
    blocks = ops.reshape(whole - 128.0, (-1, rows, BLOCK, columns, BLOCK, channels))
    waves = ops.einsum("ua,nraqbc->nruqbc", dct, blocks)
    waves = ops.einsum("vb,nruqbc->nruqvc", dct, waves)
    steps = np.asarray(JPEG_STEPS, "float32")[None, None, :, None, :, None]
    steps = ops.maximum(ops.reshape(coarseness, (-1, 1, 1, 1, 1, 1)) * steps, 1e-3)
    waves = ops.round(waves / steps) * steps
    blocks = ops.einsum("vb,nruqvc->nruqbc", dct, waves)
    blocks = ops.einsum("ua,nruqbc->nraqbc", dct, blocks)
    kept = ops.reshape(blocks, (-1, rows * BLOCK, columns * BLOCK, channels)) + 128.0
    right = x[:, : rows * BLOCK, columns * BLOCK :]
    kept = ops.concatenate([kept, right], axis=2)
    return ops.concatenate([kept, x[:, rows * BLOCK :]], axis=1)


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Batch normalisation through TensorFlow's fused kernel while training.

    Keras composes it from moments, which costs ResNet50 40 % of its training speed in
    bfloat16 on a CPU. On other backends, and at inference, it is Keras' own layer.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if keras.backend.backend() != "tensorflow" or not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.convert_to_tensor(self.gamma, tf.float32),
            offset=tf.convert_to_tensor(self.beta, tf.float32),
            mean=tf.zeros([0]),
            variance=tf.zeros([0]),
            epsilon=self.epsilon,
            is_training=True,
        )
        keep = self.momentum
        self.moving_mean.assign(self.moving_mean * keep + mean * (1 - keep))
        self.moving_variance.assign(self.moving_variance * keep + variance * (1 - keep))
        return y


class StandardizedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is standardised per output channel, times a learned gain.

    VGG16 has no normalisation and hardly learns from scratch; scaled weight standardisation
    (Brock et al., 2021, arXiv 2101.08692) gives it one that depends on the weights alone, so
    `folded_kernel` is exactly the kernel of a plain convolution and what is served is VGG16.
    """

    # Keeps the variance through a ReLU whose input has none of its mean left.
    RELU_GAIN = math.sqrt(2.0 / (1.0 - 1.0 / math.pi))

    def __init__(self, *args: Any, initial_gain: float = 1.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial_gain = initial_gain

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.gain = self.add_weight(
            name="gain",
            shape=(self.filters,),
            initializer=keras.initializers.Constant(self.initial_gain),
        )

    def folded_kernel(self) -> Any:
        """Return the float32 kernel (height, width, in, out) of the plain convolution."""
        kernel = ops.cast(self._kernel, "float32")
        fan_in = math.prod(kernel.shape[:3])
        mean = ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
        variance = ops.var(kernel, axis=(0, 1, 2), keepdims=True)
        scale = self.RELU_GAIN * ops.rsqrt(variance * fan_in + 1e-4)
        return (kernel - mean) * scale * ops.cast(self.gain, "float32")

    def call(self, inputs: Any) -> Any:
        y = self.convolution_op(inputs, ops.cast(self.folded_kernel(), inputs.dtype))
        return self.activation(y + ops.cast(self.bias, y.dtype))

    def save_own_variables(self, store: Any) -> None:
        # Keras' convolution saves its kernel and bias by name and would lose the gain.
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store: Any) -> None:
        keras.layers.Layer.load_own_variables(self, store)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "initial_gain": self.initial_gain}


class FaceFrame(keras.layers.Layer):
    """uint8 faces in, the network's own input out; while training, each face is varied first.

    Input (n, h, w, 1 or 3). The frame keeps the full height and the middle of the width, as
    the served crop does, so a square FER face loses its sides. Variations: mirror, shift,
    zoom, rotation, erasing, light and contrast, loss of resolution, JPEG, noise. All of it runs
    on the accelerator, through keras.ops. `strength` scales every variation but the mirror: a
    short run learns more from faces that are varied less.
    """

    def __init__(
        self,
        network: str,
        size: tuple[int, int],
        *,
        strength: float = 1.0,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(dtype="float32", trainable=False, **kwargs)
        self.network, self.size, self.strength = network, size, strength
        self.seeds = keras.random.SeedGenerator(seed)

    def _uniform(self, n: Any, low: float, high: float) -> Any:
        return keras.random.uniform((n, 1, 1, 1), low, high, seed=self.seeds)

    def _move(self, x: Any, height: int, width: int) -> Any:
        n = ops.shape(x)[0]

        def draw(low: float, high: float) -> Any:
            return ops.reshape(self._uniform(n, low, high), (n,))

        s = self.strength
        angle, zoom = draw(-0.2 * s, 0.2 * s), draw(1 - 0.15 * s, 1 + 0.12 * s)
        mirror = ops.where(draw(0, 1) < 0.5, -1.0, 1.0)
        shift = 0.08 * s
        dx, dy = draw(-shift, shift) * width, draw(-shift, shift) * height
        cx, cy = (width - 1) / 2, (height - 1) / 2
        a, b = ops.cos(angle) * zoom * mirror, -ops.sin(angle) * zoom
        c, d = ops.sin(angle) * zoom * mirror, ops.cos(angle) * zoom
        zero = ops.zeros_like(a)
        transform = ops.stack(
            [
                a,
                b,
                cx + dx - a * cx - b * cy,
                c,
                d,
                cy + dy - c * cx - d * cy,
                zero,
                zero,
            ],
            axis=1,
        )
        return ops.image.affine_transform(
            x, transform, interpolation="bilinear", fill_mode="nearest"
        )

    def _light(self, x: Any) -> Any:
        n = ops.shape(x)[0]
        mean = ops.mean(x, axis=(1, 2, 3), keepdims=True)
        s = self.strength
        contrast = ops.exp(self._uniform(n, -0.5 * s, 0.4 * s))
        x = (x - mean) * contrast + mean + self._uniform(n, -40 * s, 40 * s)
        x = ops.clip(x, 0.0, 255.0)
        gamma = ops.exp(self._uniform(n, -0.6 * s, 0.6 * s))
        x = 255.0 * ops.power(x / 255.0 + 1e-4, gamma)
        noise = keras.random.normal(ops.shape(x), seed=self.seeds)
        return x + noise * self._uniform(n, 0.0, 6.0 * s)

    def _soften(self, x: Any) -> Any:
        """Lose resolution, or what JPEG loses, each in some of the faces."""
        n = ops.shape(x)[0]
        height, width = x.shape[1:3]
        for part in (2, 4):
            small = ops.image.resize(x, (height // part, width // part))
            small = ops.image.resize(small, (height, width))
            x = x + (small - x) * ops.maximum(self._uniform(n, -part, self.strength), 0.0)
        return jpeg_like(x, ops.maximum(self._uniform(n, -1.0, 1.5 * self.strength), 0.0))

    def _erase(self, x: Any, height: int, width: int) -> Any:
        n = ops.shape(x)[0]
        rows = ops.reshape(ops.arange(height, dtype="float32"), (1, height, 1, 1))
        cols = ops.reshape(ops.arange(width, dtype="float32"), (1, 1, width, 1))
        top, left = self._uniform(n, -0.1, 0.9), self._uniform(n, -0.1, 0.9)
        tall, wide = self._uniform(n, 0.05, 0.3), self._uniform(n, 0.05, 0.3)
        hole = (
            (rows >= top * height)
            & (rows < (top + tall) * height)
            & (cols >= left * width)
            & (cols < (left + wide) * width)
            & (self._uniform(n, 0, 1) < 0.35 * self.strength)
        )
        return ops.where(hole, self._uniform(n, 0, 255), x)

    def call(self, inputs: Any, training: bool = False) -> Any:
        height, width = self.size
        x = ops.cast(inputs, "float32")
        if x.shape[-1] == 3:
            x = grey(x)
        stored_height, stored_width = x.shape[1:3]
        if training:
            x = self._light(self._soften(x))
        wide = max(width, round(height * stored_width / stored_height))
        x = ops.image.resize(x, (height, wide), interpolation="bilinear")
        if training:
            x = self._move(x, height, wide)
        left = (wide - width) // 2
        x = x[:, :, left : left + width, :]
        if training:
            x = self._erase(x, height, width)
        x = ops.clip(x, 0.0, 255.0)
        return preprocess(self.network, x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], *self.size, INPUTS[self.network].channels)
