"""The networks' shapes; the big ones are built at small sizes."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="training needs the train extra: uv sync --extra train")

from emotion.networks import INPUTS, build_network, preprocess


def test_fer_cnn_has_the_known_number_of_parameters() -> None:
    network = build_network("fer_cnn", classes=7)
    assert network.input_shape == (None, 48, 48, 1)
    assert network.count_params() == 506_183


def test_alexnet_has_five_convolutions_at_full_size() -> None:
    network = build_network("alexnet")
    kinds = [type(layer).__name__ for layer in network.layers]
    assert network.input_shape == (None, 275, 205, 3)
    assert kinds.count("Conv2D") == 5
    assert kinds.count("Dense") == 3


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_every_network_ends_in_probabilities(name: str) -> None:
    size = (48, 48) if name == "fer_cnn" else (96, 72)
    network = build_network(name, size=size)
    face = preprocess(name, np.full((2, *size, INPUTS[name].channels), 120, "float32"))
    said = np.asarray(network(face))
    assert said.shape == (2, 6)
    np.testing.assert_allclose(said.sum(axis=1), 1, atol=1e-5)


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown network 'lenet'"):
        build_network("lenet")


def test_imagenet_weights_are_for_the_ensemble_only() -> None:
    with pytest.raises(ValueError, match="no imagenet weights for fer_cnn"):
        build_network("fer_cnn", init="imagenet")
