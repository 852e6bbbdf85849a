"""Write what is served: float16 `.keras` files and manifest.json, from the trained weights."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotion.manifest import MANIFEST, Manifest, Member, file_sha256
from emotion.networks import INPUT_SIZE, PREPROCESSING, build_network
from emotion.training.errors import ExportError

if TYPE_CHECKING:
    import keras

# What GitHub shows and git hosts take without large file storage.
MAX_FILE_BYTES = 50_000_000


def export(
    weights: Mapping[str, Path],
    *,
    ensemble_weights: Mapping[str, float],
    temperature: float,
    version: str,
    out_dir: Path,
) -> Manifest:
    """Write `<network>.keras` in float16 for each network, then manifest.json.

    `weights` maps a network's name to the `served.weights.h5` that `train` wrote,
    `ensemble_weights` to its part of the mean; the parts are scaled to sum to 1. Until
    `quantize.decide_precisions` has judged others, f32 alone is served. Raises ExportError.
    """
    if set(weights) != set(ensemble_weights):
        raise ExportError("every network needs its weights and its part of the mean")
    total = sum(ensemble_weights.values())
    if not weights or not total > 0 or min(ensemble_weights.values()) < 0:
        raise ExportError("the parts of the mean must not be negative, nor all be 0")
    out_dir.mkdir(parents=True, exist_ok=True)
    members = []
    for name, path in weights.items():
        network = build_network(name)
        network.load_weights(path)
        file = out_dir / f"{name}.keras"
        write_half(network, file)
        members.append(
            Member(
                network=name,
                file=file.name,
                sha256=file_sha256(file),
                weight=ensemble_weights[name] / total,
                preprocessing=PREPROCESSING[name],
            )
        )
    manifest = Manifest(
        version=version,
        created=datetime.datetime.now(datetime.UTC).date().isoformat(),
        height=INPUT_SIZE[0],
        width=INPUT_SIZE[1],
        temperature=temperature,
        members=tuple(members),
    )
    # Last, so that a manifest never names files that are not there yet.
    (out_dir / MANIFEST).write_text(manifest.as_json() + "\n", encoding="utf-8")
    return manifest


def write_half(network: keras.Model, path: Path) -> None:
    """Write `network` as a `.keras` file with float16 weights. Raises ExportError."""
    import keras

    values = network.get_weights()
    largest = np.finfo(np.float16).max
    for variable, value in zip(network.weights, values, strict=True):
        if not np.all(np.abs(value) <= largest):
            raise ExportError(f"{network.name}: {variable.path} does not fit float16")

    def in_float16(layer: keras.layers.Layer) -> keras.layers.Layer:
        return type(layer).from_config({**layer.get_config(), "dtype": "float16"})

    half = keras.models.clone_model(network, clone_function=in_float16)
    half.set_weights(values)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        part = Path(scratch) / path.name
        half.save(part)
        size = part.stat().st_size
        if size > MAX_FILE_BYTES:
            raise ExportError(f"{path.name} has {size} bytes, over {MAX_FILE_BYTES}")
        os.replace(part, path)
