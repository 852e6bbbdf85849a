"""Faces of an archive, cut out once and kept: `python -m emotion.training collect`.

    python -m emotion.training collect portraits.zip --layout portraits --side 144 \
        --out portraits.npz

Training then reads them with the layout npz, on a machine that has neither OpenCV nor the
photographs. With --piece-bytes, --out is a folder of files below that size.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from emotion.training.datasets import LAYOUTS, load, save_npz
from emotion.training.facesets import Classes, DatasetError, FaceFinding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("archive", type=Path)
    parser.add_argument("--layout", choices=sorted(LAYOUTS), required=True)
    parser.add_argument("--side", type=int, help="pixels of a face; as stored, photographs 144")
    parser.add_argument("--out", type=Path, required=True, help="a file, or a folder of pieces")
    parser.add_argument("--piece-bytes", type=int, help="write pieces, each smaller than this")
    parser.add_argument("--classes", choices=get_args(Classes), default="moods")
    parser.add_argument("--split", help="a part that the archive knows by this name")
    parser.add_argument("--limit", type=int, help="so many faces, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument(
        "--faces",
        choices=get_args(FaceFinding),
        help="the layout folders only; by default a face is looked for in pictures whose "
        "shorter side has more than 100 pixels, and smaller ones are faces",
    )
    parser.add_argument("--hold-back", type=float, help="the share of people kept from --out")
    parser.add_argument("--held-back", type=Path, help="where the faces of those people go")
    parser.add_argument("--workers", type=int, help="processes; one for each core")


def collect(arguments: argparse.Namespace) -> list[Path]:
    """Write the faces that `add_arguments` asks for and return the files. Raises DatasetError."""
    faces = load(
        arguments.archive,
        arguments.layout,
        classes=arguments.classes,
        side=arguments.side,
        split=arguments.split,
        limit=arguments.limit,
        seed=arguments.seed,
        faces=arguments.faces,
        workers=arguments.workers,
        say=_say,
    )
    if arguments.hold_back:
        if not arguments.held_back:
            raise DatasetError("--hold-back needs --held-back, a file for what it holds back")
        kept, faces = faces.split(arguments.hold_back, seed=arguments.seed)
        save_npz(kept, arguments.held_back)
        _say(f"{len(kept)} faces held back: {arguments.held_back}")
    written = save_npz(faces, arguments.out, piece_bytes=arguments.piece_bytes)
    size = sum(path.stat().st_size for path in written)
    _say(f"{len(faces)} faces, {faces.images.shape[1]} pixels: {len(written)} files, {size} bytes")
    return written


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a command line tool talks to its caller)
