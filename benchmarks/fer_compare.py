"""Our accuracy against the `fer` package's, on the same faces.

    python manage.py evaluate ferplus-valid.zip --layout ferplus --predictions ours.npz
    python -m benchmarks.fer_compare ferplus-valid.zip --layout ferplus --predictions ours.npz

Its seven classes become our six: angry and disgust together are anger, fear is anxiety, surprise
is panic. Both sides see each face whole, as cut. `fer` is asked in every way that its options
give, and compared with its best. Needs the network once, to install it; says so and leaves where
it cannot.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fer_environment import FER, fer_python
from emotion.labels import INDEX, KEYS
from emotion.training.datasets import LAYOUTS, load
from emotion.training.facesets import FaceSet
from emotion.training.metrics import evaluate, paired_difference, rights

# fer.FER._get_labels, in its order.
MOODS = ("anger", "anger", "anxiety", "happy", "sad", "panic", "neutral")


def six(seven: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return (n, 6) of the package's (n, 7)."""
    moods = np.zeros((len(seven), len(KEYS)))
    for column, mood in enumerate(MOODS):
        moods[:, INDEX[mood]] += seven[:, column]
    return moods


def ask_fer(python: Path, faces: FaceSet) -> dict[str, NDArray[np.float64]]:
    """Return what each way of asking gives, (n, 6)."""
    with tempfile.TemporaryDirectory() as scratch:
        images, answers = Path(scratch) / "faces.npz", Path(scratch) / "answers.npz"
        np.savez(images, images=faces.images)
        program = Path(__file__).with_name("fer_predict.py")
        subprocess.run([str(python), "-W", "ignore", str(program), images, answers], check=True)
        with np.load(answers) as stored:
            return {way: six(stored[way]) for way in stored.files}


def ours(path: Path, faces: FaceSet) -> tuple[str, NDArray[np.float64]]:
    """Return the version and the predictions for exactly `faces`, by name."""
    with np.load(path) as stored:
        rows = {name: row for row, name in enumerate(stored["names"].tolist())}
        missing = [name for name in faces.names if name not in rows]
        if missing:
            sys.exit(f"{path} has no prediction for {len(missing)} faces, such as {missing[0]}")
        said = stored["ensemble"][[rows[name] for name in faces.names]]
        return str(stored["model_version"]), said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--layout", choices=sorted(LAYOUTS), required=True)
    parser.add_argument("--predictions", type=Path, help="what manage.py evaluate wrote")
    parser.add_argument("--limit", type=int, help="so many faces, without --predictions only")
    asked = parser.parse_args()
    if asked.limit and asked.predictions:
        parser.error("--predictions says which faces; --limit is for fer alone")
    python = fer_python()
    if python is None:
        return
    faces = load(asked.archive, asked.layout, limit=asked.limit, say=say)
    if asked.predictions:
        faces = predicted_faces(asked.predictions, faces)
    theirs = ask_fer(python, faces)
    print(f"{len(faces)} faces, {FER}")
    for way, said in theirs.items():
        print(row(f"fer {way}", said, faces))
    best = max(theirs.values(), key=lambda said: rights(said, faces.targets).mean())
    if asked.predictions:
        version, said = ours(asked.predictions, faces)
        print(row(f"ours {version}", said, faces))
        gap, (low, high) = paired_difference(
            rights(said, faces.targets), rights(best, faces.targets)
        )
        print(
            f"ours less fer's best: {100 * gap:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"
        )


def predicted_faces(path: Path, faces: FaceSet) -> FaceSet:
    """Return the faces that the file has predictions for."""
    with np.load(path) as stored:
        names = set(stored["names"].tolist())
    return faces.select([place for place, name in enumerate(faces.names) if name in names])


def row(name: str, said: NDArray[np.float64], faces: FaceSet) -> str:
    scores = evaluate(said, faces.targets)
    low, high = scores.intervals.accuracy
    return (
        f"{name:<20} accuracy {scores.accuracy:.4f} ({low:.4f} to {high:.4f})  "
        f"macro-F1 {scores.macro_f1:.4f}  NLL {scores.nll:.4f}  ECE {scores.ece:.4f}"
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
