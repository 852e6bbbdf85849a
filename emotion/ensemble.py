"""The served runtime: the networks as one OpenVINO graph, prepared once and kept in a cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelUnavailable
from emotion.graph import GRAPH
from emotion.manifest import Manifest, check_files, read_manifest

# Part of the cache key: raise it when the joined graph itself changes.
GRAPH_FORMAT = 1
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


def graph_dir(model_dir: Path, cache_dir: Path) -> Path:
    """Return where the joined graph of these weights is kept, whether it is there or not.

    The name changes with the manifest (and so with every weight) and with OpenVINO's version.
    Raises ModelUnavailable.
    """
    import openvino

    text = f"{GRAPH_FORMAT} {openvino.__version__} {read_manifest(model_dir).as_json()}"
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    return cache_dir / f"{PREFIX}{key}"


def prepare(model_dir: Path, cache_dir: Path, *, say: Callable[[str], None] = print) -> Path:
    """Join the weights into one graph, unless the cache has it, and return the graph's folder.

    The sha256 of every file is checked first. Safe to run twice and in two processes at once.
    Raises ModelUnavailable.
    """
    problems = check_files(model_dir)
    if problems:
        raise ModelUnavailable("; ".join(problems))
    target = graph_dir(model_dir, cache_dir)
    if (target / GRAPH).exists():
        return target
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir, prefix="part-") as part:
            fresh = Path(part) / "graph"
            fresh.mkdir()
            _convert(model_dir, fresh, say)
            _publish(fresh, target)
    except OSError as error:
        raise ModelUnavailable(f"{cache_dir} cannot be written: {error}") from error
    _remove_others(target)
    return target


def _convert(model_dir: Path, out_dir: Path, say: Callable[[str], None]) -> None:
    environment = {
        **os.environ,
        "KERAS_BACKEND": "openvino",
        # A person's own keras.json may ask for another image order or float type.
        "KERAS_HOME": str(out_dir.parent),
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


def _publish(fresh: Path, target: Path) -> None:
    try:
        fresh.replace(target)
    except OSError:
        # Another process was faster; what it made is the same.
        if not (target / GRAPH).exists():
            raise


def _remove_others(target: Path) -> None:
    """Remove graphs of other weights: each takes a quarter of a gigabyte."""
    for other in target.parent.glob(f"{PREFIX}*"):
        if other != target:
            shutil.rmtree(other, ignore_errors=True)


def load_runtime(model_dir: Path, prepared: Path, *, threads: int = 0) -> Runtime:
    """Compile the prepared graph for this CPU; `threads` 0 means every core this process may use.

    Raises ModelUnavailable.
    """
    import openvino

    settings = {
        # Left alone, OpenVINO computes in bfloat16 on CPUs that have it.
        "INFERENCE_PRECISION_HINT": "f32",
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
