"""The served runtime: the networks as one OpenVINO graph, prepared once and kept in a cache.

Computing in f32 and in bf16 takes the same graph; int8 has one of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelUnavailable
from emotion.graph import join_graphs
from emotion.manifest import Manifest, check_files, int8_files, read_manifest
from emotion.precision import REFERENCE, Choice, choose_precision, cpu_capabilities

GRAPH = "ensemble.xml"
# Part of the cache key: raise it when the joined graph itself changes.
GRAPH_FORMAT = 3
PREFIX = "ensemble-"
ROOT = Path(__file__).resolve().parents[1]


class Runtime:
    """The compiled ensemble; may be asked from several threads, answers one at a time."""

    def __init__(self, manifest: Manifest, compiled: Any) -> None:
        self.manifest = manifest
        self._request = compiled.create_infer_request()
        self._lock = threading.Lock()

    def probabilities(self, face: NDArray[Any]) -> NDArray[np.float64]:
        """Return six float64 that sum to 1 for RGB 0..255 (height, width, 3)."""
        return self.moods_and_members(face)[0]

    def member_probabilities(self, face: NDArray[Any]) -> NDArray[np.float64]:
        """Return (members, 6): what each network says by itself, in the manifest's order."""
        return self.moods_and_members(face)[1]

    def moods_and_members(
        self, face: NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return both of one inference, for whoever compares them."""
        batch = np.ascontiguousarray(face, dtype=np.float32)[None]
        with self._lock:
            self._request.infer({"face": batch})
            moods, members = (
                self._request.get_tensor(name).data[0].astype(np.float64)
                for name in ("moods", "members")
            )
        return moods / moods.sum(), members


def choose(model_dir: Path, asked: str) -> Choice:
    """Return the precision that serves these weights on this machine; `asked` as in SETTINGS.

    Raises ModelUnavailable.
    """
    passed = read_manifest(model_dir).passed
    try:
        choice = choose_precision(asked, passed=passed, capabilities=cpu_capabilities())
    except ValueError as error:
        raise ModelUnavailable(str(error)) from error
    if choice.precision == "int8" and "int8" not in passed:
        raise ModelUnavailable(f"{model_dir} has no int8 graphs; ask for another precision")
    return choice


def graph_dir(model_dir: Path, cache_dir: Path, *, precision: str = REFERENCE) -> Path:
    """Return where the joined graph of these weights is kept, whether it is there or not.

    The name changes with the manifest (and so with every weight) and with OpenVINO's version.
    Raises ModelUnavailable.
    """
    import openvino

    text = f"{GRAPH_FORMAT} {openvino.__version__} {read_manifest(model_dir).as_json()}"
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    return cache_dir / f"{PREFIX}{key}-{'int8' if precision == 'int8' else 'float'}"


def prepare(
    model_dir: Path,
    cache_dir: Path,
    *,
    precision: str = REFERENCE,
    say: Callable[[str], None] = print,
) -> Path:
    """Join the weights into one graph, unless the cache has it, and return the graph's folder.

    The sha256 of every file is checked first. Safe to run twice and in two processes at once.
    Raises ModelUnavailable.
    """
    problems = check_files(model_dir)
    if problems:
        raise ModelUnavailable("; ".join(problems))
    target = graph_dir(model_dir, cache_dir, precision=precision)
    if (target / GRAPH).exists():
        return target
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir, prefix="part-") as part:
            fresh, members = Path(part) / "graph", Path(part) / "members"
            fresh.mkdir()
            members.mkdir()
            manifest = read_manifest(model_dir)
            if precision == "int8":
                graphs = [model_dir / int8_files(each.network)[0] for each in manifest.members]
            else:
                graphs = convert_members(model_dir, members, say=say)
            say("ensemble")
            join_members(manifest, graphs, fresh / GRAPH)
            _publish(fresh, target)
    except OSError as error:
        raise ModelUnavailable(f"{cache_dir} cannot be written: {error}") from error
    _remove_others(target)
    return target


def convert_members(
    model_dir: Path, out_dir: Path, *, say: Callable[[str], None] = print
) -> list[Path]:
    """Write each network as a float32 graph under `out_dir`; return their paths, in order.

    Raises ModelUnavailable.
    """
    environment = {
        **os.environ,
        "KERAS_BACKEND": "openvino",
        # A person's own keras.json may ask for another image order or float type.
        "KERAS_HOME": str(out_dir),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    command = [sys.executable, "-m", "emotion.graph"]
    command += [str(model_dir.resolve()), str(out_dir.resolve())]
    tail: deque[str] = deque(maxlen=3)
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process:
            for line in process.stdout or ():
                say(line.rstrip())
        if process.returncode:
            errors.seek(0)
            tail.extend(line.strip() for line in errors if line.strip())
            raise ModelUnavailable(
                f"the weights in {model_dir} cannot be joined: {' | '.join(tail)}"
            )
    return [out_dir / f"{each.network}.xml" for each in read_manifest(model_dir).members]


def join_members(manifest: Manifest, graphs: Sequence[Path], target: Path) -> None:
    """Write the members' graphs as one. Raises ModelUnavailable."""
    import openvino

    core = openvino.Core()
    try:
        read = [core.read_model(path) for path in graphs]
        openvino.save_model(join_graphs(manifest, read), target, compress_to_fp16=False)
    except RuntimeError as error:
        raise ModelUnavailable(f"the networks' graphs cannot be joined: {error}") from error


def _publish(fresh: Path, target: Path) -> None:
    try:
        fresh.replace(target)
    except OSError:
        # Another process was faster; what it made is the same.
        if not (target / GRAPH).exists():
            raise


def _remove_others(target: Path) -> None:
    """Remove graphs of other weights: each takes up to a quarter of a gigabyte."""
    weights, _, _ = target.name.rpartition("-")
    for other in target.parent.glob(f"{PREFIX}*"):
        if not other.name.startswith(weights):
            shutil.rmtree(other, ignore_errors=True)


def load_runtime(
    model_dir: Path, prepared: Path, *, precision: str = REFERENCE, threads: int = 0
) -> Runtime:
    """Compile the prepared graph for this CPU; `threads` 0 means every core this process may use.

    `precision` is the one that `prepare` was given. Raises ModelUnavailable.
    """
    import openvino

    settings = {
        # Left alone, OpenVINO computes in bfloat16 on CPUs that have it. What of an int8 graph
        # is not quantised stays f32.
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads or available_cores(),
        "NUM_STREAMS": 1,
        # Pinned threads of two workers on one machine would share the first cores.
        "ENABLE_CPU_PINNING": False,
    }
    manifest = read_manifest(model_dir)
    try:
        compiled = openvino.Core().compile_model(prepared / GRAPH, "CPU", settings)
    except RuntimeError as error:
        raise ModelUnavailable(f"{prepared} cannot be loaded: {error}") from error
    return Runtime(manifest, compiled)


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
