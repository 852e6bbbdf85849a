"""What a web process and the label reader may load, told by a fresh process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from emotion.ensemble import ROOT

HEAVY = ("tensorflow", "keras", "openvino", "cv2")


def loaded_after(statement: str, modules: tuple[str, ...]) -> str:
    script = f"{statement}\nimport sys\nprint(*(set({modules!r}) & set(sys.modules)))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "modules",
    [
        "emotion.annotations, emotion.boxes, emotion.labels, emotion.manifest",
        "emotion.predictor, emotion.ensemble, emotion.detectors, emotion.faces",
        "emotion.training.datasets, emotion.training.evaluate",
    ],
)
def test_no_heavy_module_is_loaded(modules):
    assert loaded_after(f"import {modules}", HEAVY) == ""


def test_label_reader_is_pure_python():
    light = "import emotion.annotations, emotion.boxes, emotion.labels, emotion.manifest"
    assert loaded_after(light, ("numpy", "PIL", "django")) == ""


def test_serving_loads_neither_tensorflow_nor_keras(options):
    statement = (
        "from pathlib import Path\n"
        "from emotion.predictor import PredictorOptions, warm\n"
        f"warm(PredictorOptions(Path({str(options.model_dir)!r}), "
        f"Path({str(options.cache_dir)!r})))"
    )
    assert loaded_after(statement, ("tensorflow", "keras")) == ""
