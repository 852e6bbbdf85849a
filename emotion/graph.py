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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion.labels import KEYS
from emotion.manifest import Manifest, read_manifest
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
    import openvino
    from openvino import opset13 as ops

    shape = [1, manifest.height, manifest.width, 3]
    face = ops.parameter(shape, np.float32, name="face")
    face.output(0).set_names({"face"})
    moods = []
    for member, graph in zip(manifest.members, graphs, strict=True):
        graph.reshape(shape)
        (entry,) = graph.get_parameters()
        entry.output(0).replace(_preprocess(member.preprocessing, face).output(0))
        (result,) = graph.get_results()
        moods.append(ops.unsqueeze(result.input_value(0), _integers([1])))
    members = ops.concat(moods, axis=1)
    weights = _floats([member.weight for member in manifest.members])
    weighted = ops.multiply(members, ops.unsqueeze(weights, _integers([0, 2])))
    mixture = ops.reduce_sum(weighted, _integers([1]), keep_dims=False)
    tempered = ops.power(mixture, _floats(1.0 / manifest.temperature))
    total = ops.reduce_sum(tempered, _integers([1]), keep_dims=True)
    answer = ops.divide(tempered, total)
    answer.output(0).set_names({"moods"})
    members.output(0).set_names({"members"})
    return openvino.Model([ops.result(answer), ops.result(members)], [face], "ensemble")


def _preprocess(preprocessing: str, face: Any) -> Any:
    """Do in the graph what `networks.preprocess` does with keras.ops."""
    from openvino import opset13 as ops

    if preprocessing == "tf":
        return ops.subtract(ops.divide(face, _floats(127.5)), _floats(1.0))
    blue_first = ops.gather(face, _integers([2, 1, 0]), _integers(3))
    return ops.subtract(blue_first, _floats(CAFFE_MEAN_BGR))


def _floats(values: float | Sequence[float]) -> Any:
    from openvino import opset13 as ops

    return ops.constant(np.asarray(values, np.float32))


def _integers(values: int | Sequence[int]) -> Any:
    from openvino import opset13 as ops

    return ops.constant(np.asarray(values, np.int64))


def main() -> int:
    if os.environ.get("KERAS_BACKEND") != "openvino":
        print("KERAS_BACKEND must be openvino", file=sys.stderr)  # noqa: T201
        return 2
    model_dir, out_dir = map(Path, sys.argv[1:])
    write_graph(model_dir, out_dir, say=lambda line: print(line, flush=True))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
