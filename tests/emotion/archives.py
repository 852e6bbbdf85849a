"""Zips as other systems write them, and pictures to put into them."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image


def face_picture(value: int = 90, side: int = 48, mode: str = "L", kind: str = "PNG") -> bytes:
    """Return a picture of one brightness."""
    written = io.BytesIO()
    Image.new("L", (side, side), value).convert(mode).save(written, kind)
    return written.getvalue()


class KoreanWindowsName(zipfile.ZipInfo):
    """A member whose name is CP949, and is not said to be."""

    def _encodeFilenameFlags(self):  # noqa: N802 (the name is zipfile's)
        return self.filename.encode("cp949"), self.flag_bits


class MacName(zipfile.ZipInfo):
    """A member whose name is decomposed UTF-8, and is not said to be."""

    def _encodeFilenameFlags(self):  # noqa: N802 (the name is zipfile's)
        return unicodedata.normalize("NFD", self.filename).encode(), self.flag_bits


def write_zip(path: Path, files: Mapping[str, bytes], kind=zipfile.ZipInfo) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        for name, data in files.items():
            file.writestr(kind(name), data)
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        at = path / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(data)
    return path
