"""The `fer` package in an environment of its own, so that ours can be compared with it.

    from benchmarks.fer_environment import fer_python

    python = fer_python()  # None where it cannot be installed

What runs there says `from fer.fer import FER`: the package's own `__init__` exports nothing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "var" / "benchmarks" / "fer"

FER = "fer==25.10.3"
# What `fer.fer` imports. Installed without its own requirements, which would add PyTorch (for a
# face detector that is off by default), moviepy and ffmpeg (for videos).
REQUIREMENTS = (
    "tensorflow-cpu==2.19.1",  # still has tf.lite, in which fer runs by default
    "numpy==2.1.3",
    "opencv-python-headless==4.11.0.86",
    "pillow>=11",
    "requests>=2.32",
    "setuptools<81",  # fer imports pkg_resources
)


def fer_python() -> Path | None:
    """Return the Python of an environment that has `fer`, made once under var/benchmarks.

    Says on stderr what it does. None, and a word why, where it cannot be made.
    """
    python = PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = "\n".join((*REQUIREMENTS, FER))
    # Written last: an environment that a kill left half installed is made anew.
    ready = PLACE / "ready.txt"
    if ready.exists() and ready.read_text() == wanted and python.exists():
        return python
    _say(f"installing {FER} under {PLACE}, once (about 1.5 GB) ...")
    try:
        uv = _run("sh", str(ROOT / "scripts" / "uv.sh")).strip()
        _run(uv, "venv", "--clear", "--python", sys.executable, str(PLACE))
        install = (uv, "pip", "install", "--python", str(python))
        _run(*install, *REQUIREMENTS)
        _run(*install, "--no-deps", FER)
        _run(str(python), "-c", "from fer.fer import FER")
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", None) or "").strip() or str(error)
        _say(f"fer cannot be installed here: {reason.splitlines()[-1].strip()}")
        return None
    ready.write_text(wanted)
    return python


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    made = fer_python()
    if made is None:
        raise SystemExit(1)
    print(made)
