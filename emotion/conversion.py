"""A Keras network in OpenVINO's words: channels first, nothing between the layers.

Keras' own OpenVINO export turns the picture round before and after every convolution, and
OpenVINO does not take the turns out again: they cost as much time as the arithmetic, and more
of it in bfloat16 (`docs/measurements.md`). They also keep a quantiser from seeing which layers
belong together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras
    import openvino

# A node of an OpenVINO graph with one output, or one output of a node.
Tensor = Any

PADDING = {"same": "same_upper", "valid": "valid"}
NONE = [0, 0]


class UnknownLayer(ValueError):
    """A layer, or a way of using one, that is not translated; the message names it."""


def convert_network(network: keras.Model, shape: Sequence[int]) -> openvino.Model:
    """Translate a network of one input and one output, with its weights, in float32.

    In: preprocessed faces of `shape`, (n, height, width, channels). Out: what the network
    answers. Raises UnknownLayer.
    """
    import openvino
    from openvino import opset13 as ops

    face = ops.parameter(list(shape), np.float32, name="face")
    first = ops.transpose(face, integers([0, 3, 1, 2]))
    made: dict[int, Tensor] = {id(network.input): first}
    for layer in network.layers:
        if id(layer.output) in made:
            continue
        kind = type(layer).__name__
        if kind not in LAYERS:
            raise UnknownLayer(f"{layer.name} is a {kind}, which cannot be translated")
        given = layer.input if isinstance(layer.input, list) else [layer.input]
        made[id(layer.output)] = LAYERS[kind](layer, *(made[id(tensor)] for tensor in given))
    return openvino.Model([ops.result(made[id(network.output)])], [face], network.name)


def floats(values: Any) -> Tensor:
    from openvino import opset13 as ops

    return ops.constant(np.asarray(values, np.float32, order="C"))


def integers(values: int | Sequence[int]) -> Tensor:
    from openvino import opset13 as ops

    return ops.constant(np.asarray(values, np.int64))


def _convolution(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    if layer.groups != 1:
        raise UnknownLayer(f"{layer.name} convolves in {layer.groups} groups")
    kernel = floats(_numbers(layer.kernel).transpose(3, 2, 0, 1))
    x = ops.convolution(x, kernel, *_window(layer), auto_pad=PADDING[layer.padding])
    return _activated(layer, _biased(layer, x))


def _separable_convolution(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    if layer.depth_multiplier != 1:
        raise UnknownLayer(f"{layer.name} has a depth multiplier of {layer.depth_multiplier}")
    each = floats(_numbers(layer.depthwise_kernel).transpose(2, 3, 0, 1)[:, :, None])
    x = ops.group_convolution(x, each, *_window(layer), auto_pad=PADDING[layer.padding])
    across = floats(_numbers(layer.pointwise_kernel).transpose(3, 2, 0, 1))
    x = ops.convolution(x, across, [1, 1], NONE, NONE, [1, 1])
    return _activated(layer, _biased(layer, x))


def _window(layer: Any) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return strides, no padding of our own (the mode says how much), and dilations."""
    return list(layer.strides), NONE, NONE, list(layer.dilation_rate)


def _normalisation(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    variance = _numbers(layer.moving_variance).astype(np.float64)
    scale = 1 / np.sqrt(variance + layer.epsilon)
    if layer.scale:
        scale *= _numbers(layer.gamma)
    shift = -_numbers(layer.moving_mean) * scale
    if layer.center:
        shift += _numbers(layer.beta)
    return ops.add(ops.multiply(x, _per_channel(scale)), _per_channel(shift))


def _zero_padding(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    (top, bottom), (left, right) = layer.padding
    before, after = integers([0, 0, top, left]), integers([0, 0, bottom, right])
    return ops.pad(x, before, after, "constant", floats(0))


def _max_pooling(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    strides, size = list(layer.strides), list(layer.pool_size)
    pooled = ops.max_pool(x, strides, [1, 1], NONE, NONE, size, auto_pad=PADDING[layer.padding])
    return pooled.output(0)  # the second output says where each maximum was


def _mean_pooling(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    return ops.reduce_mean(x, integers([2, 3]), keep_dims=layer.keepdims)


def _dense(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    x = ops.matmul(x, floats(_numbers(layer.kernel)), False, False)
    if layer.use_bias:
        x = ops.add(x, floats(_numbers(layer.bias)[None]))
    return _activated(layer, x)


def _addition(_layer: Any, *terms: Tensor) -> Tensor:
    from openvino import opset13 as ops

    x, *others = terms
    for other in others:
        x = ops.add(x, other)
    return x


def _activated(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    name = layer.activation.__name__
    if name == "linear":
        return x
    if name == "relu":
        return ops.relu(x)
    if name == "softmax":
        return ops.softmax(x, axis=1)
    raise UnknownLayer(f"{layer.name} is activated by {name}")


def _rectified(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    if layer.max_value is not None or layer.negative_slope or layer.threshold:
        raise UnknownLayer(f"{layer.name} is not a plain ReLU")
    return ops.relu(x)


def _unchanged(_layer: Any, x: Tensor) -> Tensor:
    return x


def _biased(layer: Any, x: Tensor) -> Tensor:
    from openvino import opset13 as ops

    return ops.add(x, _per_channel(_numbers(layer.bias))) if layer.use_bias else x


def _per_channel(values: NDArray[Any]) -> Tensor:
    return floats(values.reshape(1, -1, 1, 1))


def _numbers(variable: keras.Variable) -> NDArray[Any]:
    from keras import ops

    return np.asarray(ops.convert_to_numpy(variable))


LAYERS: dict[str, Callable[..., Tensor]] = {
    "Activation": _activated,
    "Add": _addition,
    "BatchNormalization": _normalisation,
    "Conv2D": _convolution,
    "Dense": _dense,
    "Dropout": _unchanged,
    "GlobalAveragePooling2D": _mean_pooling,
    "MaxPooling2D": _max_pooling,
    "ReLU": _rectified,
    "SeparableConv2D": _separable_convolution,
    "ZeroPadding2D": _zero_padding,
}
