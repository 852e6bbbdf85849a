"""Compiling translations with Babel, in Python: a user's machine has no gettext tools."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def catalogues_compile(folders: Iterable[Path]) -> int:
    """Compile every catalogue under these locale folders and return how many were stale."""
    paths = (path for folder in folders for path in Path(folder).glob("*/LC_MESSAGES/*.po"))
    return sum(_compile(path) for path in sorted(paths))


def _compile(path: Path) -> bool:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
        return False
    with path.open("rb") as file:
        catalogue = read_po(file)
    # Renamed into place, so that a process that starts now reads the old one or the new one.
    part = compiled.with_suffix(".mo.part")
    with part.open("wb") as file:
        write_mo(file, catalogue)
    part.replace(compiled)
    return True
