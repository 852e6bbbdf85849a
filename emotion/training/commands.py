"""The verbs of `python -m emotion.training`; `manage.py train` and `export_model` are the same.

Each verb is `add_<verb>_arguments(parser)` and a function that does it. Django-free, and Keras
is imported when a verb runs, so that `--help` does not wait for it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion.networks import INPUTS, NETWORKS
from emotion.training import SERVED
from emotion.training.ensembling import cross_fitted, fit_ensemble
from emotion.training.facesets import Classes, FaceSet
from emotion.training.metrics import Scores, evaluate
from emotion.training.sources import load_both, load_sources

if TYPE_CHECKING:
    from emotion.training.learning import TrainConfig

Say = Callable[[str], None]
VALIDATION_SEED = 1
ARCHIVE = "PATH or LAYOUT=PATH; may be given several times"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a command line tool talks to its caller)


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", choices=tuple(INPUTS), required=True)
    parser.add_argument("--data", action="append", required=True, help=f"faces: {ARCHIVE}")
    parser.add_argument("--validate", action="append", default=[], help=f"faces: {ARCHIVE}")
    parser.add_argument("--validation-faces", type=int, help="so many of them, drawn at random")
    parser.add_argument("--classes", choices=("moods", "fer2013"))
    parser.add_argument("--out", type=Path, help="the run's folder; runs/NETWORK")
    parser.add_argument("--recipe", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--minutes", type=float, help="stop in time; the same command goes on")
    parser.add_argument("--init", choices=("imagenet",), help="from scratch when left out")
    parser.add_argument("--optimizer", choices=("adamw", "adam", "rmsprop", "sgd"))
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--augmentation", type=float, help="how much faces are varied: 0 to 1")
    parser.add_argument("--balance", type=float, help="0: as they come, 1: all moods alike")
    parser.add_argument("--precision", choices=("float32", "mixed_bfloat16", "mixed_float16"))
    parser.add_argument("--seed", type=int)
    parser.add_argument("--side", type=int, help="pixels of a stored face; the archives' largest")
    stage = parser.add_argument_group("one stage instead of the recipe's")
    stage.add_argument("--size", type=_size, metavar="HEIGHTxWIDTH")
    stage.add_argument("--epochs", type=int, help="times round the faces")
    stage.add_argument("--batch", type=int)
    stage.add_argument("--learning-rate", type=float)


def _size(text: str) -> tuple[int, int]:
    height, _, width = text.partition("x")
    try:
        return int(height), int(width)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not HEIGHTxWIDTH, as 96x72") from error


def train_network(asked: argparse.Namespace, say: Say = say) -> Path:
    """Train and return the path of the weights to serve.

    Raises DatasetError, RunMismatch and OutOfTime.
    """
    classes = _classes(asked)
    learn, validate = load_both(
        asked.data, asked.validate, classes=classes, side=asked.side, seed=VALIDATION_SEED, say=say
    )
    if asked.validation_faces:
        validate = validate.take(asked.validation_faces, seed=VALIDATION_SEED)
    say(f"{len(learn)} faces to learn from, {len(validate)} to validate with")

    from emotion.training.train import train

    config = _configuration(asked, learn)
    out = asked.out or Path("runs") / asked.network
    served = train(config, learn, validate, out, minutes=asked.minutes, say=say)
    say(f"written: {served}")
    return served


def _classes(asked: argparse.Namespace) -> Classes:
    chosen: Classes = asked.classes or ("fer2013" if asked.network == "fer_cnn" else "moods")
    return chosen


def _configuration(asked: argparse.Namespace, learn: FaceSet) -> TrainConfig:
    from emotion.training.learning import Stage
    from emotion.training.recipes import recipe

    config = recipe(asked.network, asked.recipe, classes=learn.classes)
    names = ("optimizer", "dropout", "augmentation", "balance", "precision", "seed", "init")
    given = {name: getattr(asked, name) for name in names if getattr(asked, name) is not None}
    config = replace(config, **given)
    if not (asked.size or asked.epochs or asked.batch or asked.learning_rate):
        return config
    epochs, last = asked.epochs or 10, config.stages[-1]
    stage = Stage(
        asked.size or INPUTS[asked.network].size,
        epochs * len(learn),
        epochs,
        asked.learning_rate or last.learning_rate,
        asked.batch or last.batch,
    )
    return replace(config, stages=(stage,))


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", action="append", required=True, metavar="NETWORK=DIR", dest="runs")
    parser.add_argument("--validate", action="append", required=True, help=f"faces: {ARCHIVE}")
    parser.add_argument("--validation-faces", type=int, help="so many of them, drawn at random")
    parser.add_argument("--version", required=True, dest="model_version")
    parser.add_argument("--out", type=Path, required=True)


def export_model(asked: argparse.Namespace, say: Say = say) -> None:
    """Fit weights and temperature on the validation faces and write what is served.

    Raises DatasetError and ExportError.
    """
    from emotion.training.export import export

    faces = load_sources(asked.validate, say=say)
    if asked.validation_faces:
        faces = faces.take(asked.validation_faces, seed=VALIDATION_SEED)
    files = {
        name: Path(folder) / SERVED
        for name, _, folder in (pair.partition("=") for pair in asked.runs)
    }
    said = {name: predict(name, path, faces) for name, path in files.items()}
    for name, probabilities in said.items():
        _report(name, evaluate(probabilities, faces.targets), say)
    mean = np.mean(list(said.values()), axis=0)
    _report("plain mean", evaluate(mean, faces.targets), say)
    honest = cross_fitted(said, faces.targets)
    _report("ensemble, cross-fitted", evaluate(honest, faces.targets), say)
    shares, temperature = fit_ensemble(said, faces.targets)
    say(f"weights {shares}, temperature {temperature:.3f}")
    export(
        files,
        ensemble_weights=shares,
        temperature=temperature,
        version=asked.model_version,
        out_dir=asked.out,
    )


def add_precision_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model_dir", type=Path, help="what export wrote")
    parser.add_argument("--validate", action="append", required=True, help=f"faces: {ARCHIVE}")
    parser.add_argument("--faces", type=int, help="judge on so many of them, drawn at random")


def decide_precisions(asked: argparse.Namespace, say: Say = say) -> None:
    """Write into the manifest which faster arithmetic is exact enough for these weights.

    Raises DatasetError and ExportError.
    """
    from emotion.training import quantize

    faces = load_sources(asked.validate, say=say)
    quantize.decide_precisions(asked.model_dir, faces, limit=asked.faces, say=say)


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", choices=tuple(INPUTS), required=True)
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--data", action="append", required=True, help=f"faces: {ARCHIVE}")
    parser.add_argument("--classes", choices=("moods", "fer2013"))
    parser.add_argument("--faces", type=int, help="so many of them, drawn at random")


def evaluate_run(asked: argparse.Namespace, say: Say = say) -> Scores:
    """Score a run's weights through Keras, where there is no OpenVINO. Raises DatasetError."""
    classes = _classes(asked)
    faces = load_sources(asked.data, classes=classes, split="PublicTest", say=say)
    if asked.faces:
        faces = faces.take(asked.faces, seed=VALIDATION_SEED)
    said = predict(asked.network, asked.run / SERVED, faces)
    scores = evaluate(said, faces.targets, classes=faces.classes)
    say(json.dumps(scores.as_dict(), indent=1))
    return scores


def predict(name: str, weights: Path, faces: FaceSet) -> NDArray[np.float64]:
    """Return (n, classes) of one network over faces framed as the served model sees them."""
    import keras

    from emotion.networks import build_network
    from emotion.training.layers import FaceFrame

    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    network = build_network(name, classes=len(faces.classes))
    network.load_weights(weights)
    face = keras.Input(faces.images.shape[1:], dtype="uint8")
    model = keras.Model(face, network(FaceFrame(name, INPUTS[name].size)(face)))
    said: NDArray[np.float64] = model.predict(faces.images, batch_size=32, verbose=2)
    keras.mixed_precision.set_dtype_policy(before)
    return said.astype(np.float64)


def add_pack_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", choices=NETWORKS, required=True)
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the pieces")


def pack(asked: argparse.Namespace, say: Say = say) -> None:
    """Write a run's weights to serve as float16, in pieces of at most 16 MiB."""
    from emotion.networks import build_network
    from emotion.training.pieces import write_pieces

    network = build_network(asked.network)
    network.load_weights(asked.run / SERVED)
    for path in write_pieces(network.get_weights(), asked.out, name=asked.network):
        say(f"{path}: {path.stat().st_size} bytes")


def unpack(asked: argparse.Namespace, say: Say = say) -> None:
    """Turn pieces, in the folder `--run`, back into the weights of a run under `--out`."""
    from emotion.networks import build_network
    from emotion.training.pieces import read_pieces

    network = build_network(asked.network)
    network.set_weights(read_pieces(asked.run, name=asked.network))
    asked.out.mkdir(parents=True, exist_ok=True)
    network.save_weights(asked.out / SERVED)
    say(f"written: {asked.out / SERVED}")


def _report(name: str, scores: Scores, say: Say) -> None:
    say(
        f"{name}: n {scores.n}, accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}, "
        f"NLL {scores.nll:.4f}, ECE {scores.ece:.4f}"
    )
