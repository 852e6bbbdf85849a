"""The networks as OpenVINO graphs. Runs as a process of its own.

    python -m emotion.graph MODEL_DIR OUT_DIR

Keras decides on its backend once, when it is imported, and stays in memory; in a process of
its own it does neither to the worker.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotion.conversion import convert_network, floats, integers
from emotion.labels import KEYS
from emotion.manifest import Manifest, read_manifest
from emotion.networks import CAFFE_MEAN_BGR, LUMINANCE

if TYPE_CHECKING:
    import openvino


def write_members(model_dir: Path, out_dir: Path, *, say: Callable[[str], None]) -> None:
    """Write `<network>.xml` and `.bin` of every member under `out_dir`, in float32.

    In: preprocessed, (1, height, width, 3). Out: the network's softmax, (1, 6). Needs Keras'
    OpenVINO backend.
    """
    import openvino

    manifest = read_manifest(model_dir)
    shape = (1, manifest.height, manifest.width, 3)
    for number, member in enumerate(manifest.members, start=1):
        say(f"{number}/{len(manifest.members)} {member.network}")
        graph = convert_network(_read_network(model_dir / member.file), shape)
        target = out_dir / f"{member.network}.xml"
        openvino.save_model(graph, target, compress_to_fp16=False)


def _read_network(stored: Path) -> Any:
    """Read a `.keras` file into a network that computes in float32."""
    import keras

    with zipfile.ZipFile(stored) as archive:
        config = json.loads(archive.read("config.json"))
    network = keras.models.model_from_json(json.dumps(_in_float32(config)))
    if network.output_shape[-1] != len(KEYS):
        raise ValueError(f"{stored.name} has {network.output_shape[-1]} outputs, not {len(KEYS)}")
    network.load_weights(stored)
    return network


def _in_float32(config: Any) -> Any:
    """Return a network's description with every layer in float32, its first weights zero.

    Random first weights would take seconds and are overwritten at once.
    """
    if isinstance(config, list):
        return [_in_float32(value) for value in config]
    if not isinstance(config, dict):
        return config
    return {key: _value_in_float32(key, value) for key, value in config.items()}


def _value_in_float32(key: str, value: Any) -> Any:
    if key == "dtype":
        return "float32"
    return "zeros" if key.endswith("_initializer") else _in_float32(value)


def join_graphs(manifest: Manifest, graphs: Sequence[openvino.Model]) -> openvino.Model:
    """Put preprocessing before, and the weighted, tempered mean behind, the members' graphs.

    In: RGB 0..255, float32 (1, height, width, 3). Out: "moods" (1, 6), the tempered mixture,
    and "members" (1, members, 6), each network's own softmax.
    """
    import numpy as np
    import openvino
    from openvino import opset13 as ops

    shape = [1, manifest.height, manifest.width, 3]
    face = ops.parameter(shape, np.float32, name="face")
    face.output(0).set_names({"face"})
    moods = []
    for member, graph in zip(manifest.members, graphs, strict=True):
        (entry,) = graph.get_parameters()
        entry.output(0).replace(preprocess(member.preprocessing, face).output(0))
        (result,) = graph.get_results()
        moods.append(ops.unsqueeze(result.input_value(0), integers([1])))
    members = ops.concat(moods, axis=1)
    weights = floats([member.weight for member in manifest.members])
    weighted = ops.multiply(members, ops.unsqueeze(weights, integers([0, 2])))
    mixture = ops.reduce_sum(weighted, integers([1]), keep_dims=False)
    tempered = ops.power(mixture, floats(1.0 / manifest.temperature))
    total = ops.reduce_sum(tempered, integers([1]), keep_dims=True)
    answer = ops.divide(tempered, total)
    answer.output(0).set_names({"moods"})
    members.output(0).set_names({"members"})
    return openvino.Model([ops.result(answer), ops.result(members)], [face], "ensemble")


def preprocess(preprocessing: str, face: Any) -> Any:
    """Do in the graph what `networks.preprocess` does with keras.ops."""
    from openvino import opset13 as ops

    weighted = ops.multiply(face, floats(LUMINANCE))
    grey = ops.reduce_sum(weighted, integers([3]), keep_dims=True)
    x = ops.tile(grey, integers([1, 1, 1, 3]))
    grey = ops.reduce_sum(ops.multiply(face, floats(LUMINANCE)), integers([3]), keep_dims=True)
    x = ops.concat([grey, grey, grey], axis=3)
    if preprocessing == "tf":
        return ops.subtract(ops.divide(x, floats(127.5)), floats(1.0))
    return ops.subtract(x, floats(CAFFE_MEAN_BGR))


def main() -> int:
    if os.environ.get("KERAS_BACKEND") != "openvino":
        print("KERAS_BACKEND must be openvino", file=sys.stderr)  # noqa: T201
        return 2
    model_dir, out_dir = map(Path, sys.argv[1:])
    write_members(model_dir, out_dir, say=lambda line: print(line, flush=True))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
