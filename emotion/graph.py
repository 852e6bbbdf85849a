"""Join the networks into one OpenVINO graph. Runs as a process of its own.

    python -m emotion.graph MODEL_DIR OUT_DIR

Keras decides on its backend once, when it is imported, and stays in memory; in a process of
its own it does neither to the worker.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotion.labels import KEYS
from emotion.manifest import Manifest, Member, read_manifest
from emotion.networks import CAFFE_MEAN_BGR

if TYPE_CHECKING:
    import openvino

GRAPH = "ensemble.xml"


def write_graph(model_dir: Path, out_dir: Path, *, say: Callable[[str], None]) -> Path:
    """Convert every member and write `ensemble.xml` and `.bin` under `out_dir`, in float32.

    In: RGB 0..255, float32 (1, height, width, 3). Out: "moods" (1, 6), the tempered mixture,
    and "members" (1, members, 6), each network's own softmax. Needs Keras' OpenVINO backend.
    """
    import openvino

    manifest = read_manifest(model_dir)
    graphs = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, member in enumerate(manifest.members, start=1):
            say(f"{number}/{len(manifest.members)} {member.network}")
            target = Path(scratch) / f"{number}.xml"
            _export_member(model_dir / member.file, target)
            graphs.append(openvino.Core().read_model(target))
        say("ensemble")
        path = out_dir / GRAPH
        openvino.save_model(join_graphs(manifest, graphs), path, compress_to_fp16=False)
    return path


def _export_member(stored: Path, target: Path) -> None:
    """Write the network of a `.keras` file as an OpenVINO graph that computes in float32."""
    import keras

    with zipfile.ZipFile(stored) as archive:
        config = json.loads(archive.read("config.json"))
    network = keras.models.model_from_json(json.dumps(_in_float32(config)))
    if network.output_shape[-1] != len(KEYS):
        raise ValueError(f"{stored.name} has {network.output_shape[-1]} outputs, not {len(KEYS)}")
    network.load_weights(stored)
    network.export(str(target), format="openvino", verbose=False)


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


def join_graphs(manifest: Manifest, graphs: list[openvino.Model]) -> openvino.Model:
    """Put preprocessing before, and the weighted, tempered mean behind, the members' graphs."""
    import numpy as np
    import openvino
    from openvino import opset13 as ops

    def constant(values: Any) -> Any:
        return ops.constant(np.asarray(values, np.float32))

    face = ops.parameter([1, manifest.height, manifest.width, 3], np.float32, name="face")
    moods = []
    for member, graph in zip(manifest.members, graphs, strict=True):
        graph.reshape([1, manifest.height, manifest.width, 3])
        (entry,) = graph.get_parameters()
        entry.output(0).replace(_preprocess(member, face, ops, constant).output(0))
        (result,) = graph.get_results()
        moods.append(ops.unsqueeze(result.input_value(0), ops.constant(np.int64([1]))))
    members = ops.concat(moods, axis=1)
    weights = constant([member.weight for member in manifest.members]).output(0)
    weights = ops.reshape(weights, ops.constant(np.int64([1, -1, 1])), special_zero=False)
    axis = ops.constant(np.int64([1]))
    mixture = ops.reduce_sum(ops.multiply(members, weights), axis, keep_dims=False)
    tempered = ops.power(mixture, constant(1.0 / manifest.temperature))
    answer = ops.divide(tempered, ops.reduce_sum(tempered, axis, keep_dims=True))
    answer.output(0).set_names({"moods"})
    members.output(0).set_names({"members"})
    return openvino.Model([ops.result(answer), ops.result(members)], [face], "ensemble")


def _preprocess(member: Member, face: Any, ops: Any, constant: Callable[[Any], Any]) -> Any:
    """Do in the graph what `networks.preprocess` does with keras.ops."""
    import numpy as np

    if member.preprocessing == "tf":
        return ops.subtract(ops.divide(face, constant(127.5)), constant(1.0))
    blue_first, channels = ops.constant(np.int64([2, 1, 0])), ops.constant(np.int64(3))
    return ops.subtract(ops.gather(face, blue_first, channels), constant(CAFFE_MEAN_BGR))


def main() -> int:
    if os.environ.get("KERAS_BACKEND") != "openvino":
        print("KERAS_BACKEND must be openvino", file=sys.stderr)  # noqa: T201
        return 2
    model_dir, out_dir = map(Path, sys.argv[1:])
    write_graph(model_dir, out_dir, say=lambda line: print(line, flush=True))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
