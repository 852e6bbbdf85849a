"""Train the ensemble, without Django: `python -m emotion.training train | assemble`.

    python -m emotion.training train resnet50 --learn ferplus-train.zip \
        --validate ferplus-valid.zip --out runs/resnet50
    python -m emotion.training assemble --run vgg16=runs/vgg16 --run xception=runs/xception \
        --run resnet50=runs/resnet50 --validate ferplus-valid.zip --version 2026.11 \
        --out ml_models

Both say how far they are; `train` goes on where it was killed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.networks import NETWORKS, build_network
from emotion.training.datasets import FaceSet, load_ferplus
from emotion.training.evaluate import evaluate, fit_ensemble, temper
from emotion.training.export import export

VALIDATION_SEED = 1


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m emotion.training")
    verbs = parser.add_subparsers(required=True)

    verb = verbs.add_parser("train", help="train one network, or go on where it was killed")
    verb.add_argument("network", choices=NETWORKS)
    verb.add_argument("--learn", type=Path, required=True, help="a FER+ archive")
    verb.add_argument("--validate", type=Path, required=True, help="a FER+ archive")
    verb.add_argument("--validation-faces", type=int, default=1200)
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_train)

    verb = verbs.add_parser("assemble", help="fit the ensemble and write what is served")
    verb.add_argument("--run", action="append", required=True, metavar="NETWORK=DIR", dest="runs")
    verb.add_argument("--validate", type=Path, required=True, help="a FER+ archive")
    verb.add_argument("--validation-faces", type=int, default=0, help="0: all of them")
    verb.add_argument("--version", required=True)
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_assemble)

    asked = parser.parse_args(arguments)
    asked.run(asked)


def _train(asked: argparse.Namespace) -> None:
    from emotion.training.recipes import cpu_recipe
    from emotion.training.train import train

    learn = load_ferplus(asked.learn)
    validate = load_ferplus(asked.validate).take(asked.validation_faces, seed=VALIDATION_SEED)
    _say(f"{len(learn)} faces to learn from, {len(validate)} to validate with")
    _say(f"written: {train(cpu_recipe(asked.network), learn, validate, asked.out)}")


def _assemble(asked: argparse.Namespace) -> None:
    faces = load_ferplus(asked.validate)
    if asked.validation_faces:
        faces = faces.take(asked.validation_faces, seed=VALIDATION_SEED)
    weights, said = {}, {}
    for pair in asked.runs:
        name, _, folder = pair.partition("=")
        weights[name] = Path(folder) / "served.weights.h5"
        said[name] = _predict(name, weights[name], faces)
        _score(name, said[name], faces)
    shares, temperature = fit_ensemble(said, faces.targets)
    mixed = np.tensordot(list(shares.values()), np.stack(list(said.values())), 1)
    _score("mean", np.mean(list(said.values()), axis=0), faces)
    _score("ensemble", temper(mixed, temperature), faces)
    _say(f"weights {shares}, temperature {temperature:.3f}")
    export(
        weights,
        ensemble_weights=shares,
        temperature=temperature,
        version=asked.version,
        out_dir=asked.out,
    )


def _predict(name: str, weights: Path, faces: FaceSet) -> NDArray[np.float64]:
    """Return (n, 6) of one network over faces framed as the served model sees them."""
    import keras

    from emotion.networks import INPUT_SIZE
    from emotion.training.layers import FaceFrame

    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    network = build_network(name)
    network.load_weights(weights)
    face = keras.Input(faces.images.shape[1:], dtype="uint8")
    model = keras.Model(face, network(FaceFrame(name, INPUT_SIZE)(face)))
    said: NDArray[np.float64] = model.predict(faces.images, batch_size=32, verbose=2)
    keras.mixed_precision.set_dtype_policy("float32")
    return said.astype(np.float64)


def _score(name: str, said: NDArray[np.float64], faces: FaceSet) -> None:
    scores = evaluate(said, faces.targets)
    _say(
        f"{name}: accuracy {scores.accuracy:.4f}, macro-F1 {scores.macro_f1:.4f}, "
        f"NLL {scores.nll:.4f}, ECE {scores.ece:.4f}"
    )


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a command line tool talks to its caller)


if __name__ == "__main__":
    main()
