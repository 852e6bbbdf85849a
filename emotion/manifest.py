"""`manifest.json`: which weights are served, what they expect and how they are weighed.

Pure Python: a system check of the web process reads it too.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from emotion.errors import ModelUnavailable
from emotion.labels import KEYS
from emotion.networks import INPUT_SIZE
from emotion.precision import CANDIDATES, REFERENCE

MANIFEST = "manifest.json"
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
class Verdict:
    """What a faster precision cost on `faces` validation faces, and whether that may be.

    `accuracy_drop` is a share of the faces, `nll_rise` in nats; below 0 it did better than f32.
    `files` maps the names of the graphs that it needs, beside the manifest, to their sha256.
    """

    passed: bool
    accuracy_drop: float
    nll_rise: float
    faces: int
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is served. `height` and `width` are the crop's; the members' weights sum to 1.

    `precisions` holds what was decided about those of `precision.CANDIDATES` that were tried.
    """

    version: str
    created: str
    height: int
    width: int
    temperature: float
    members: tuple[Member, ...]
    precisions: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def passed(self) -> tuple[str, ...]:
        """The precisions beside f32 that these weights may be served in."""
        return tuple(name for name, verdict in self.precisions.items() if verdict.passed)

    @property
    def files(self) -> dict[str, str]:
        """Every file beside the manifest that is served, and its sha256."""
        files = {member.file: member.sha256 for member in self.members}
        for verdict in self.precisions.values():
            files |= verdict.files
        return files

    def as_json(self) -> str:
        """Return the text of manifest.json."""
        return json.dumps(
            {
                "version": self.version,
                "created": self.created,
                "input": {"height": self.height, "width": self.width, "channels": 3},
                "labels": list(KEYS),
                "temperature": self.temperature,
                "precision": REFERENCE,
                "members": [asdict(member) for member in self.members],
                "precisions": {name: asdict(each) for name, each in self.precisions.items()},
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
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelUnavailable(f"{path}: {error}") from error
    return manifest


def _parse(content: Mapping[str, Any]) -> Manifest:
    if not isinstance(content, dict):
        raise TypeError("no object")
    if tuple(content["labels"]) != KEYS:
        raise ValueError(f"labels are {content['labels']}, expected {list(KEYS)}")
    if content["precision"] != REFERENCE:
        raise ValueError(f"precision {content['precision']!r} is not {REFERENCE!r}")
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
        # Manifests of before have none: f32 alone.
        precisions=_parse_precisions(content.get("precisions", {}), members),
    )


def _parse_precisions(
    content: Mapping[str, Any], members: tuple[Member, ...]
) -> dict[str, Verdict]:
    precisions = {name: Verdict(**verdict) for name, verdict in content.items()}
    for name, verdict in precisions.items():
        if name not in CANDIDATES:
            raise ValueError(f"precision {name!r} is unknown")
        if not isinstance(verdict.passed, bool):
            raise TypeError(f"{name} has passed: {verdict.passed!r}")
        for file in verdict.files:
            _check_plain_name(file)
    if "int8" in precisions and precisions["int8"].passed:
        needed = {name for member in members for name in int8_files(member.network)}
        missing = needed - set(precisions["int8"].files)
        if missing:
            raise ValueError(f"int8 passed without {', '.join(sorted(missing))}")
    return precisions


def int8_files(network: str) -> tuple[str, str]:
    """Return the names of a network's quantised graph and of the weights in it."""
    return f"{network}.int8.xml", f"{network}.int8.bin"


def _check_plain_name(file: str) -> None:
    if Path(file).name != file:
        raise ValueError(f"{file!r} is not a plain file name")


def _check_member(member: Member) -> None:
    if member.preprocessing not in KNOWN_PREPROCESSING:
        raise ValueError(f"preprocessing {member.preprocessing!r} is unknown")
    _check_plain_name(member.file)
    if not member.weight >= 0:
        raise ValueError(f"the weight of {member.network} is {member.weight}")


def check_files(model_dir: Path) -> list[str]:
    """Return what is wrong with the weights, a sentence each; nothing when all is well."""
    try:
        manifest = read_manifest(model_dir)
    except ModelUnavailable as error:
        return [str(error)]
    problems = []
    for name, expected in manifest.files.items():
        path = model_dir / name
        try:
            digest = file_sha256(path)
        except FileNotFoundError:
            problems.append(f"{path} is missing")
        except OSError as error:
            problems.append(f"{path} cannot be read: {error.strerror}")
        else:
            if digest != expected:
                problems.append(f"{path} is damaged: its sha256 is {digest}, not {expected}")
    return problems


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
