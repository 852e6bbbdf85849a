"""Weights in small files."""

from __future__ import annotations

import numpy as np
import pytest

from emotion.training.errors import PiecesError
from emotion.training.pieces import read_pieces, write_pieces

WEIGHTS = [np.random.default_rng(1).normal(size=shape) for shape in ((3, 3, 64, 64), (64,), (7,))]


def test_pieces_hold_the_weights_in_float16(tmp_path) -> None:
    written = write_pieces(WEIGHTS, tmp_path, name="vgg16", piece_bytes=20_000)
    assert len(written) > 3
    assert max(path.stat().st_size for path in written) <= 20_000
    for stored, weight in zip(read_pieces(tmp_path, name="vgg16"), WEIGHTS, strict=True):
        np.testing.assert_array_equal(stored, weight.astype(np.float16))


def test_a_missing_piece_is_named(tmp_path) -> None:
    written = write_pieces(WEIGHTS, tmp_path, name="vgg16", piece_bytes=20_000)
    written[1].unlink()
    with pytest.raises(PiecesError, match=written[1].name):
        read_pieces(tmp_path, name="vgg16")


def test_a_damaged_piece_is_named(tmp_path) -> None:
    written = write_pieces(WEIGHTS, tmp_path, name="vgg16", piece_bytes=20_000)
    content = bytearray(written[2].read_bytes())
    content[5] ^= 1
    written[2].write_bytes(content)
    with pytest.raises(PiecesError, match=f"{written[2].name} is damaged"):
        read_pieces(tmp_path, name="vgg16")


def test_a_weight_beyond_float16_is_refused(tmp_path) -> None:
    with pytest.raises(PiecesError, match="weight 0 of vgg16"):
        write_pieces([np.array([1e6])], tmp_path, name="vgg16")


def test_an_empty_folder_is_no_run(tmp_path) -> None:
    with pytest.raises(PiecesError, match=r"vgg16\.pieces\.json"):
        read_pieces(tmp_path, name="vgg16")
