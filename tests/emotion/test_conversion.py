"""A translated network says what Keras says, and nothing stands between its layers."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.conversion import UnknownLayer, convert_network

SHAPE = (1, 21, 18, 3)


def network_of_every_layer():
    import keras
    from keras import layers

    keras.utils.set_random_seed(5)
    face = keras.Input(SHAPE[1:])
    x = layers.ZeroPadding2D(((1, 2), (3, 0)))(face)
    x = layers.Conv2D(8, 3, strides=2, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    side = layers.Conv2D(8, 1)(x)
    x = layers.SeparableConv2D(8, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(scale=False, center=False)(x)
    x = layers.Conv2D(8, 3, padding="same", dilation_rate=2, activation="relu")(x)
    x = layers.ReLU()(layers.Add()([x, side, x]))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    x = layers.Dense(6, activation="softmax")(layers.Dense(7)(x))
    network = keras.Model(face, x)
    dice = np.random.default_rng(6)
    network.set_weights(
        [
            dice.uniform(0.2, 1.2, each.shape)
            if each.ndim == 1
            else dice.normal(0, 0.2, each.shape)
            for each in network.get_weights()
        ]
    )
    return network


def answer(graph, batch):
    import openvino

    compiled = openvino.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled(batch)[0]


def test_every_layer_is_translated_exactly():
    network = network_of_every_layer()
    batch = np.random.default_rng(7).uniform(-1, 1, SHAPE).astype(np.float32)
    expected = network.predict(batch, verbose=0)
    assert 0.01 < expected.max() < 0.99
    assert np.abs(answer(convert_network(network, SHAPE), batch) - expected).max() < 1e-5


def test_picture_is_turned_round_once(small_networks):
    for network in small_networks.values():
        graph = convert_network(network, (1, *network.input_shape[1:]))
        kinds = [node.get_type_name() for node in graph.get_ops()]
        assert kinds.count("Transpose") == 1


def unknown_layers():
    from keras import layers

    return {
        "LayerNormalization": layers.LayerNormalization(),
        "2 groups": layers.Conv2D(4, 1, groups=2),
        "depth multiplier": layers.SeparableConv2D(4, 1, depth_multiplier=2),
        "tanh": layers.Conv2D(4, 1, activation="tanh"),
        "plain ReLU": layers.ReLU(max_value=6),
    }


@pytest.mark.parametrize(
    "said", ["LayerNormalization", "2 groups", "depth multiplier", "tanh", "plain ReLU"]
)
def test_layer_that_is_not_translated_is_named(said):
    import keras

    face = keras.Input((8, 8, 2))
    network = keras.Model(face, unknown_layers()[said](face))
    with pytest.raises(UnknownLayer, match=said):
        convert_network(network, (1, 8, 8, 2))
