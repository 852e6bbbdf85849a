"""Decide which faster arithmetic these weights may be served in, and ship what it needs.

bf16 takes the weights as they are. int8 takes graphs that are quantised here, since whoever
serves them has neither faces to calibrate with nor NNCF.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.ensemble import GRAPH, convert_members, join_members, load_runtime
from emotion.errors import ModelUnavailable
from emotion.manifest import (
    MANIFEST,
    Manifest,
    Verdict,
    check_files,
    file_sha256,
    int8_files,
    read_manifest,
)
from emotion.precision import REFERENCE, cpu_capabilities
from emotion.training.datasets import FaceSet
from emotion.training.errors import ExportError
from emotion.training.evaluate import face_input, predict
from emotion.training.export import MAX_FILE_BYTES
from emotion.training.metrics import negative_log_likelihood, rights

# What a precision may cost and still pass: a share of the faces, and nats.
MOST_ACCURACY_LOST = 0.002
MOST_NLL_RISEN = 0.005
CALIBRATION_FACES = 300
SEED = 20261120
# Another, so that few of the faces that set the ranges are among a `limit` that judges them.
CALIBRATION_SEED = 20261121

Say = Callable[[str], None]


def decide_precisions(
    model_dir: Path,
    faces: FaceSet,
    *,
    limit: int | None = None,
    calibration: int = CALIBRATION_FACES,
    say: Say = print,
) -> Manifest:
    """Quantise the exported networks, judge bf16 and int8 on `faces`, and write both down.

    Of `faces`, `limit` are judged (all when None) and `calibration` set the ranges of int8.
    An int8 that passes is put beside the manifest, one that fails is not. Needs NNCF. Raises
    ExportError.
    """
    problems = check_files(model_dir)
    if problems:
        raise ExportError("; ".join(problems))
    manifest = read_manifest(model_dir)
    judged = faces if limit is None else faces.take(limit, seed=SEED)
    with tempfile.TemporaryDirectory(dir=model_dir, prefix=".part-") as scratch:
        try:
            verdicts, shipped = _judge(
                manifest,
                model_dir,
                Path(scratch),
                judged=judged,
                calibrating=faces.take(calibration, seed=CALIBRATION_SEED),
                say=say,
            )
        except ModelUnavailable as error:
            raise ExportError(str(error)) from error
        for file in shipped:
            os.replace(file, model_dir / file.name)
    decided = replace(manifest, precisions=verdicts)
    (model_dir / MANIFEST).write_text(decided.as_json() + "\n", encoding="utf-8")
    for member in decided.members:
        for name in set(int8_files(member.network)) - set(decided.files):
            (model_dir / name).unlink(missing_ok=True)
    return decided


def _judge(
    manifest: Manifest,
    model_dir: Path,
    scratch: Path,
    *,
    judged: FaceSet,
    calibrating: FaceSet,
    say: Say,
) -> tuple[dict[str, Verdict], list[Path]]:
    """Return what was decided, and the files under `scratch` that the decision needs."""
    plain = convert_members(model_dir, scratch, say=say)

    def answers(graphs: list[Path], precision: str) -> NDArray[np.float64]:
        return _answers(manifest, model_dir, graphs, precision=precision, faces=judged, say=say)

    reference = answers(plain, REFERENCE)
    verdicts = {}
    if "bf16" in cpu_capabilities():
        verdicts["bf16"] = verdict(answers(plain, "bf16"), reference, judged)
        _report("bf16", verdicts["bf16"], say)
    else:
        say("bf16: not judged, this CPU has none")
    quantised = []
    for member, graph in zip(manifest.members, plain, strict=True):
        say(f"int8: quantising {member.network} with {len(calibrating)} faces")
        target = scratch / int8_files(member.network)[0]
        quantise(graph, target, preprocessing=member.preprocessing, faces=calibrating)
        quantised.append(target)
    found = verdict(answers(quantised, "int8"), reference, judged)
    _report("int8", found, say)
    shipped = []
    if found.passed:
        shipped = [scratch / name for each in manifest.members for name in int8_files(each.network)]
    files = {file.name: file_sha256(file) for file in shipped}
    return verdicts | {"int8": replace(found, files=files)}, shipped


def _report(name: str, found: Verdict, say: Say) -> None:
    say(
        f"{name}: {'passes' if found.passed else 'fails'}, loses "
        f"{100 * found.accuracy_drop:.2f} points of accuracy and {found.nll_rise:.4f} nats "
        f"on {found.faces} faces"
    )


def verdict(said: NDArray[np.float64], reference: NDArray[np.float64], faces: FaceSet) -> Verdict:
    """Compare a precision's answers, (n, 6), with those of f32 on the same faces."""
    lost = float((rights(reference, faces.targets) - rights(said, faces.targets)).mean())
    risen = negative_log_likelihood(said, faces.targets) - negative_log_likelihood(
        reference, faces.targets
    )
    passed = lost <= MOST_ACCURACY_LOST and risen <= MOST_NLL_RISEN
    return Verdict(passed, round(lost, 6), round(risen, 6), len(faces))


def _answers(
    manifest: Manifest,
    model_dir: Path,
    graphs: list[Path],
    *,
    precision: str,
    faces: FaceSet,
    say: Say,
) -> NDArray[np.float64]:
    """Return (n, 6): what the ensemble says in this precision, on this CPU."""
    say(f"{precision}: {len(faces)} faces")
    with tempfile.TemporaryDirectory(dir=graphs[0].parent) as joined:
        join_members(manifest, graphs, Path(joined) / GRAPH)
        runtime = load_runtime(model_dir, Path(joined), precision=precision)
        return predict(runtime, faces.images, say=say).ensemble


def quantise(graph: Path, target: Path, *, preprocessing: str, faces: FaceSet) -> None:
    """Write a network's graph with weights and activations in int8, calibrated on `faces`.

    The first convolution, which sees the picture itself, stays f32: that halves what VGG16's
    answers are off by, for a tenth of its time. Raises ExportError when the result is too large
    to ship.
    """
    # Without it NNCF sends statistics of its use to its makers.
    os.environ.setdefault("NNCF_CI", "1")
    import nncf
    import openvino
    from openvino._offline_transformations import apply_moc_transformations

    network = openvino.Core().read_model(graph)
    # Takes normalisation into the convolutions before they are quantised, as
    # openvino.convert_model does with what it reads.
    apply_moc_transformations(network, cf=True)
    prepared = _preprocessing(preprocessing, network.input(0).shape)
    first = next(
        node.get_friendly_name()
        for node in network.get_ordered_ops()
        if node.get_type_name() == "Convolution"
    )
    quantised = nncf.quantize(
        network,
        nncf.Dataset(list(faces.images), lambda image: prepared(face_input(image)[None])),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(faces),
        fast_bias_correction=True,
        ignored_scope=nncf.IgnoredScope(names=[first]),
    )
    openvino.save_model(quantised, target, compress_to_fp16=False)
    size = target.with_suffix(".bin").stat().st_size
    if size > MAX_FILE_BYTES:
        raise ExportError(f"{target.stem}.bin has {size} bytes, over {MAX_FILE_BYTES}")


def _preprocessing(preprocessing: str, shape: Any) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Return what the joined graph does to a face before this network sees it."""
    import openvino
    from openvino import opset13 as ops

    from emotion.graph import preprocess

    face = ops.parameter(shape, np.float32)
    graph = openvino.Model([ops.result(preprocess(preprocessing, face))], [face])
    compiled = openvino.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda batch: np.array(compiled(batch)[0])
