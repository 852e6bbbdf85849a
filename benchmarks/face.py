"""One selfie, from the bytes of a JPEG to six probabilities, against the `fer` package.

    python -m benchmarks.face [--rounds N] [--json FILE]
    ONEDNN_MAX_CPU_ISA=AVX512_CORE_VNNI python -m benchmarks.face   # as a lesser CPU

The photograph is scikit-image's astronaut (public domain), cut to 3:4 and enlarged to 1200 x 1600.
Everyone reads it in turn, round after round, so that whatever else the machine does is shared.
`fer` runs in an environment of its own with its defaults, from the same bytes; it is left out
where it cannot be installed. Beside the times stands what this machine can do at most, measured
with one large multiplication in each precision, so that the share of the possible is visible.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fer_environment import ROOT, fer_python
from emotion import ensemble
from emotion.manifest import read_manifest
from emotion.precision import CANDIDATES, FAST, REFERENCE, cpu_capabilities
from emotion.predictor import PredictorOptions, read_face, warm

STAGES = ("decode", "detect", "crop", "infer")
# By the clock, and of processor time: a machine that does other work too stretches the first.
SUMS = ("total", "cpu")
# Of the square matrices whose product shows the peak: 17 thousand million operations.
SIDE = 2048
Milliseconds = dict[str, float]
Reader = Callable[[], Milliseconds]


def selfie() -> bytes:
    import skimage.data
    from PIL import Image

    astronaut = Image.fromarray(skimage.data.astronaut()).crop((28, 0, 412, 512))
    written = io.BytesIO()
    large = astronaut.resize((1200, 1600), Image.Resampling.BICUBIC)
    large.save(written, "JPEG", quality=92)
    return written.getvalue()


def our_reader(photo: bytes, options: PredictorOptions) -> Reader:
    warm(options)

    def read() -> Milliseconds:
        start, worked = time.perf_counter(), time.process_time()
        stages = read_face(photo, options=options).milliseconds
        total, cpu = time.perf_counter() - start, time.process_time() - worked
        return {**stages, "total": total * 1000, "cpu": cpu * 1000}

    return read


@contextmanager
def fer_reader(photo: Path) -> Iterator[Reader | None]:
    """Yield a reader that asks a process of fer's environment, or None where there is none."""
    python = fer_python()
    if python is None:
        yield None
        return
    command = [str(python), "-W", "ignore", str(ROOT / "benchmarks" / "fer_worker.py"), str(photo)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        ask, answers = process.stdin, process.stdout
        assert ask
        assert answers
        while answers.readline().strip() != "ready":
            if process.poll() is not None:
                raise SystemExit("fer does not start")

        def read() -> Milliseconds:
            ask.write("\n")
            ask.flush()
            said: Milliseconds = json.loads(answers.readline())
            return said

        yield read
        ask.close()


def take_turns(readers: dict[str, Reader], rounds: int) -> dict[str, list[Milliseconds]]:
    """Return each one's times; the first round warms up and is not kept."""
    times: dict[str, list[Milliseconds]] = {name: [] for name in readers}
    for turn in range(rounds + 1):
        for name, read in readers.items():
            taken = read()
            if turn:
                times[name].append(taken)
        print(f"round {turn}/{rounds}", file=sys.stderr, flush=True)
    return times


def middle(times: list[Milliseconds], stage: str) -> float:
    return statistics.median(each[stage] for each in times)


def graph_operations(graph: Path) -> float:
    """Return how many multiplications and additions one face takes, each counted as one."""
    import openvino

    total = 0
    for node in openvino.Core().read_model(graph).get_ops():
        if node.get_type_name() in ("Convolution", "GroupConvolution"):
            # Of the kernel (groups, outputs, inputs, rows, columns), what one output sums over.
            summed = node.input(1).get_shape()[-3:]
            total += 2 * int(np.prod(node.output(0).shape)) * int(np.prod(summed))
        elif node.get_type_name() == "MatMul":
            total += 2 * int(np.prod(node.output(0).shape)) * node.input(0).get_shape()[-1]
    return float(total)


def measured_peak(precision: str) -> float:
    """Return operations a second of the fastest of some large matrix products."""
    import openvino
    from openvino import opset13 as ops

    dice = np.random.default_rng(1)
    left = ops.parameter([SIDE, SIDE], np.float32)
    right = ops.constant(dice.normal(0, 1, (SIDE, SIDE)).astype(np.float32))
    product = ops.matmul(
        *((_in_int8(left), _in_int8(right)) if precision == "int8" else (left, right)),
        False,
        False,
    )
    # A sum is what is asked for, so that no time goes into handing out the product.
    graph = openvino.Model([ops.result(ops.reduce_sum(product, [0, 1], False))], [left])
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": ensemble.available_cores(),
    }
    request = openvino.compile_model(graph, "CPU", settings).create_infer_request()
    given = dice.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        request.infer([given])
        seconds.append(time.perf_counter() - start)
    return 2 * SIDE**3 / min(seconds)


def _in_int8(values: Any) -> Any:
    from openvino import opset13 as ops

    low, high = (ops.constant(np.float32(end)) for end in (-4.0, 4.0 * 127 / 128))
    return ops.fake_quantize(values, low, high, low, high, 256)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model-dir", type=Path, default=ROOT / "ml_models")
    parser.add_argument("--cache-dir", type=Path, default=ROOT / "var" / "model")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args()

    photo = selfie()
    served = ensemble.choose(asked.model_dir, FAST)
    passed = read_manifest(asked.model_dir).passed
    # bf16 takes no files of its own: it is timed on weights, too, that may not be served in it.
    able = [name for name in CANDIDATES if name in cpu_capabilities() and name in (*passed, "bf16")]
    precisions = [REFERENCE, *able]
    readers = {
        name: our_reader(photo, PredictorOptions(asked.model_dir, asked.cache_dir, precision=name))
        for name in precisions
    }
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "selfie.jpg"
        stored.write_bytes(photo)
        with fer_reader(stored) as fer:
            times = take_turns(readers | ({"fer": fer} if fer else {}), asked.rounds)
    graph = ensemble.prepare(asked.model_dir, asked.cache_dir) / ensemble.GRAPH
    operations = graph_operations(graph)
    figures = {name: summary(times[name], times.get("fer")) for name in times}
    for name in precisions:
        peak = measured_peak(name)
        reached = operations / (figures[name]["infer"] / 1000)
        figures[name] |= {"peak_gops": peak / 1e9, "share_of_peak": reached / peak}
    show(figures, operations=operations, served=str(served))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")


def summary(times: list[Milliseconds], against: list[Milliseconds] | None) -> dict[str, float]:
    """Return the medians of the stages and, where there is something to compare, the ratio."""
    figures = {stage: middle(times, stage) for stage in (*STAGES, *SUMS) if stage in times[0]}
    for each in SUMS if against else ():
        pairs = zip(times, against or (), strict=True)
        figures[f"{each}/fer"] = statistics.median(ours[each] / its[each] for ours, its in pairs)
    return figures


def show(figures: dict[str, dict[str, float]], *, operations: float, served: str) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"one face takes {operations / 1e9:.1f} thousand million operations")
    print(f"this machine serves in {served}\n")
    ratios = (f"{each}/fer" for each in SUMS)
    columns = (*STAGES, *SUMS, *ratios, "peak_gops", "share_of_peak")
    print(f"{'median ms':<10}" + "".join(f"{column:>14}" for column in columns))
    for name, values in figures.items():
        cells = (f"{values[c]:>14.2f}" if c in values else f"{'':>14}" for c in columns)
        print(f"{name:<10}" + "".join(cells))


if __name__ == "__main__":
    main()
