"""`manifest.json`: which weights are served, what they expect and how they are weighed.

Pure Python: a system check of the web process reads it too.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from emotion.errors import ModelUnavailable
from emotion.labels import KEYS
from emotion.networks import INPUT_SIZE

MANIFEST = "manifest.json"
PRECISION = "f32"
KNOWN_PREPROCESSING = ("caffe", "tf")


@dataclass(frozen=True, slots=True)
class Member:
    """One network of the ensemble: a `.keras` file beside the manifest and its weight."""

    network: str
    file: str
    sha256: str
    weight: float
    preprocessing: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is served. `height` and `width` are the crop's; the members' weights sum to 1."""

    version: str
    created: str
    height: int
    width: int
    temperature: float
    members: tuple[Member, ...]

    def as_json(self) -> str:
        """Return the text of manifest.json."""
        return json.dumps(
            {
                "version": self.version,
                "created": self.created,
                "input": {"height": self.height, "width": self.width, "channels": 3},
                "labels": list(KEYS),
                "temperature": self.temperature,
                "precision": PRECISION,
                "members": [asdict(member) for member in self.members],
            },
            indent=1,
        )


def read_manifest(model_dir: Path) -> Manifest:
    """Read and check manifest.json; the weights' files are not looked at.

    Raises ModelUnavailable.
    """
    path = model_dir / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ModelUnavailable(f"{path} is not JSON") from error
    try:
        manifest = _parse(content)
    except KeyError as error:
        raise ModelUnavailable(f"{path} has no {error}") from error
    except (TypeError, ValueError) as error:
        raise ModelUnavailable(f"{path}: {error}") from error
    return manifest


def _parse(content: Mapping[str, Any]) -> Manifest:
    if not isinstance(content, dict):
        raise TypeError("no object")
    if tuple(content["labels"]) != KEYS:
        raise ValueError(f"labels are {content['labels']}, expected {list(KEYS)}")
    if content["precision"] != PRECISION:
        raise ValueError(f"precision {content['precision']!r} is not {PRECISION!r}")
    shape = content["input"]
    if (shape["height"], shape["width"], shape["channels"]) != (*INPUT_SIZE, 3):
        raise ValueError(f"input is {shape}, expected {INPUT_SIZE} and 3 channels")
    temperature = float(content["temperature"])
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature {temperature} is not above 0")
    members = tuple(Member(**member) for member in content["members"])
    for member in members:
        _check_member(member)
    total = sum(member.weight for member in members)
    if abs(total - 1) > 1e-6:
        raise ValueError(f"the members' weights sum to {total:g}, not to 1")
    return Manifest(
        version=str(content["version"]),
        created=str(content["created"]),
        height=int(shape["height"]),
        width=int(shape["width"]),
        temperature=temperature,
        members=members,
    )


def _check_member(member: Member) -> None:
    if member.preprocessing not in KNOWN_PREPROCESSING:
        raise ValueError(f"preprocessing {member.preprocessing!r} is unknown")
    if Path(member.file).name != member.file:
        raise ValueError(f"{member.file!r} is not a plain file name")
    if not member.weight >= 0:
        raise ValueError(f"the weight of {member.network} is {member.weight}")


def check_files(model_dir: Path) -> list[str]:
    """Return what is wrong with the weights, a sentence each; nothing when all is well."""
    try:
        manifest = read_manifest(model_dir)
    except ModelUnavailable as error:
        return [str(error)]
    problems = []
    for member in manifest.members:
        path = model_dir / member.file
        try:
            digest = file_sha256(path)
        except FileNotFoundError:
            problems.append(f"{path} is missing")
        except OSError as error:
            problems.append(f"{path} cannot be read: {error.strerror}")
        else:
            if digest != member.sha256:
                problems.append(f"{path} is damaged: its sha256 is {digest}, not {member.sha256}")
    return problems


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
