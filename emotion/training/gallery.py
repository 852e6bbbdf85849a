"""The faces worth looking at: those read worst, and those about which the model is least sure."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion.training.evaluate import face_input
from emotion.training.facesets import FaceSet
from emotion.training.metrics import Floats, losses
from emotion.training.robustness import encode_jpeg

LEAST_SHARE = 0.05  # shares below this are not told


@dataclass(frozen=True)
class FaceCard:
    """One face: a picture as a data URI, and (class, share) pairs, the largest first.

    `excess` is the loss above the votes' own entropy, in nats.
    """

    name: str
    picture: str
    people: tuple[tuple[str, float], ...]
    model: tuple[tuple[str, float], ...]
    excess: float


def worst(faces: FaceSet, probabilities: Floats, count: int) -> list[FaceCard]:
    """Return the faces on which the model is furthest from the votes.

    Furthest by the loss above the votes' entropy: by the loss itself, faces that people
    disagree on would come first however they are read.
    """
    order = np.argsort(-_excess(faces, probabilities), kind="stable")
    return _cards(faces, probabilities, order[:count])


def least_certain(faces: FaceSet, probabilities: Floats, count: int) -> list[FaceCard]:
    """Return the faces whose likeliest class is least likely."""
    order = np.argsort(probabilities.max(axis=1), kind="stable")
    return _cards(faces, probabilities, order[:count])


def _excess(faces: FaceSet, probabilities: Floats) -> Floats:
    return losses(probabilities, faces.targets) - losses(faces.targets, faces.targets)


def _cards(faces: FaceSet, probabilities: Floats, order: NDArray[np.intp]) -> list[FaceCard]:
    excess = _excess(faces, probabilities)
    return [
        FaceCard(
            name=faces.names[i],
            picture=_data_uri(faces.images[i]),
            people=_shares(faces.classes, faces.targets[i]),
            model=_shares(faces.classes, probabilities[i]),
            excess=float(excess[i]),
        )
        for i in order.tolist()
    ]


def _shares(classes: tuple[str, ...], row: Floats) -> tuple[tuple[str, float], ...]:
    pairs = sorted(zip(classes, map(float, row), strict=True), key=lambda pair: -pair[1])
    return tuple(pair for pair in pairs if pair[1] >= LEAST_SHARE)


def _data_uri(image: NDArray[np.uint8]) -> str:
    """Return the face as the networks see it, as a JPEG inside a URI."""
    seen = np.rint(face_input(image)).clip(0, 255).astype(np.uint8)
    return "data:image/jpeg;base64," + base64.b64encode(encode_jpeg(seen, quality=85)).decode()
