"""Weights in float16, in files small enough for a machine that hands out small files only."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.training.errors import PiecesError

PIECE_BYTES = 16 * 1024 * 1024
INDEX = "pieces.json"


def write_pieces(
    weights: Sequence[NDArray[np.generic]],
    folder: Path,
    *,
    name: str,
    piece_bytes: int = PIECE_BYTES,
) -> list[Path]:
    """Write `weights` as float16 in files of at most `piece_bytes` and return the files.

    Beside the pieces lies `<name>.pieces.json`, which names them and their sha256. Raises
    PiecesError for a weight that float16 cannot hold.
    """
    stored = io.BytesIO()
    for number, each in enumerate(weights):
        if not np.all(np.abs(each) <= np.finfo(np.float16).max):
            raise PiecesError(f"weight {number} of {name} does not fit float16")
    np.savez(stored, *(np.asarray(each, np.float16) for each in weights))
    content = stored.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    index, written = {}, []
    for number, start in enumerate(range(0, len(content), piece_bytes)):
        piece = folder / f"{name}.{number:02d}"
        part = content[start : start + piece_bytes]
        piece.write_bytes(part)
        index[piece.name] = hashlib.sha256(part).hexdigest()
        written.append(piece)
    listing = folder / f"{name}.{INDEX}"
    listing.write_text(json.dumps(index, indent=1))
    return [*written, listing]


def read_pieces(folder: Path, *, name: str) -> list[NDArray[np.float16]]:
    """Return the weights that `write_pieces` wrote, in their order. Raises PiecesError."""
    try:
        index = json.loads((folder / f"{name}.{INDEX}").read_text())
    except (OSError, ValueError) as error:
        raise PiecesError(f"{folder} has no readable {name}.{INDEX}") from error
    content = b""
    for piece, digest in index.items():
        try:
            part = (folder / piece).read_bytes()
        except OSError as error:
            raise PiecesError(f"{folder} has no {piece}") from error
        if hashlib.sha256(part).hexdigest() != digest:
            raise PiecesError(f"{piece} is damaged")
        content += part
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return [stored[f"arr_{number}"] for number in range(len(stored.files))]
