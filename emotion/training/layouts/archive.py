"""A folder or a zip, read the same way, whatever encoding its names are in."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from emotion.training.facesets import DatasetError

UTF8_NAME = 0x800  # the flag of a zip member whose name is declared to be UTF-8
# FER2013's rows hold 2,304 numbers; Python's own limit of a field is 131,072 characters.
LARGEST_FIELD = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive, cheap to send to another process.

    `name` is its path in the archive: NFC, "/" between folders. `file` is where it lies on the
    disk, or the zip that holds it under the raw name `inside`.
    """

    name: str
    file: Path
    inside: str | None = None

    def read(self) -> bytes:
        """Return the bytes. Raises DatasetError."""
        try:
            if self.inside is None:
                return self.file.read_bytes()
            return _opened(self.file).read(self.inside)
        # An encrypted member is a RuntimeError, an unknown compression a NotImplementedError.
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise DatasetError(f"{self.name} in {self.file} cannot be read: {error}") from error


class Archive:
    """The files below a folder, those in its zips included, or in one zip."""

    def __init__(self, path: Path) -> None:
        """Raises DatasetError where `path` is neither."""
        if not path.exists():
            raise DatasetError(f"{path} does not exist")
        self.path = path

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """All files by name, without what macOS adds and without hidden ones."""
        listed = _folder(self.path) if self.path.is_dir() else _zip(self.path)
        return tuple(sorted((m for m in listed if _visible(m.name)), key=lambda m: m.name))

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.members}

    def member(self, name: str) -> Member:
        """Return the file called `name`. Raises DatasetError."""
        try:
            return self._by_name[unicodedata.normalize("NFC", name)]
        except KeyError as error:
            raise DatasetError(f"{self.path} has no {name}") from error

    def folder_of(self, name: str) -> str:
        """Return the folder of the file called `name`, "" or with "/" at its end.

        A zip often holds everything in one folder of its own name: the highest one counts.
        Raises DatasetError where there is none.
        """
        found = [m.name for m in self.members if PurePosixPath(m.name).name == name]
        if not found:
            raise DatasetError(f"{self.path} has no {name}")
        return min(found, key=lambda path: path.count("/")).removesuffix(name)

    def rows(self, name: str, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield line numbers and rows of a csv, `required` columns filled. Raises DatasetError."""
        yield from csv_rows(self.member(name).read(), required, called=f"{self.path}: {name}")


def csv_rows(
    data: bytes, required: Sequence[str], *, called: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line numbers and rows of a csv in UTF-8, with no blank around names of columns.

    Raises DatasetError, which names the file as `called` says.
    """
    csv.field_size_limit(LARGEST_FIELD)
    try:
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
        reader = csv.DictReader(text)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        missing = set(required) - set(reader.fieldnames)
        if missing:
            raise DatasetError(f"{called} has no column {', '.join(sorted(missing))}")
        for row in reader:
            if any(row[column] is None for column in required):
                raise DatasetError(f"{called} line {reader.line_num} is cut off")
            yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{called} is not a csv in UTF-8: {error}") from error


def _folder(path: Path) -> Iterator[Member]:
    for folder, _, files in os.walk(path):
        for file in files:
            at = Path(folder, file)
            name = _decoded(os.fsencode(at.relative_to(path).as_posix()))
            if at.suffix.casefold() == ".zip":
                yield from (Member(f"{name}/{m.name}", at, m.inside) for m in _zip(at))
            else:
                yield Member(name, at)


def _zip(path: Path) -> Iterator[Member]:
    for info in _opened(path).infolist():
        if info.is_dir():
            continue
        declared = info.flag_bits & UTF8_NAME
        # Without the flag, zipfile reads the bytes of a name as cp437, and loses none of them.
        name = info.filename if declared else _decoded(info.filename.encode("cp437"))
        yield Member(unicodedata.normalize("NFC", name), path, info.filename)


@lru_cache(maxsize=64)
def _opened(path: Path) -> zipfile.ZipFile:
    """Return an open zip; each process opens its own, so no two share a position in the file."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path} is neither a folder nor a sound zip: {error}") from error


def _decoded(name: bytes) -> str:
    """Return a file name in NFC: Windows in Korea writes cp949, macOS UTF-8 in NFD."""
    for encoding in ("utf-8", "cp949"):
        try:
            return unicodedata.normalize("NFC", name.decode(encoding))
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")


def _visible(name: str) -> bool:
    return not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
