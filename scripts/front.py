"""Fetch the front-end packages and copy what pages load into static/vendor.

    python scripts/front.py [NPM ...]

NPM is the command that runs npm, `npm` unless given (`python -m nodejs.npm`, say). The packages
and their hashes stand in package-lock.json. Once a lock file has been fetched, the next run
sees its stamp and leaves, so it needs no network. Standard library only: it runs before
anything is installed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
# Every browser that reads this project's pages takes woff2; its twin would double the folder.
WOFF = re.compile(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)")


def main(npm: list[str]) -> None:
    """Bring static/vendor to the state of package-lock.json."""
    # This file decides what is copied, so a change of it copies anew.
    wanted = hashlib.sha256(
        (ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    ).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        say("already here")
        return
    say("fetching packages")
    fetch(npm)
    # Copied beside and renamed, so that an interrupted run never leaves half a folder.
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, copy in (("htmx", copy_htmx), ("Gaegu", copy_gaegu), ("Pretendard", copy_pretendard)):
        say(f"{name}: {copy(fresh)} files")
    (fresh / STAMP.name).write_text(wanted)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    say("done")


def fetch(npm: list[str]) -> None:
    """Install the locked packages into node_modules; end the program where that fails."""
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 (the command is ours)
    except FileNotFoundError:
        sys.exit(f"front: {npm[0]} was not found; install Node.js or name npm as an argument")
    except subprocess.CalledProcessError as error:
        sys.exit(f"front: npm ended with {error.returncode}; is the network there?")


def copy_htmx(to: Path) -> int:
    source = MODULES / "htmx.org"
    copy_file(source / "dist" / "htmx.min.js", to / "htmx" / "htmx.min.js")
    copy_file(source / "LICENSE", to / "htmx" / "LICENSE")
    return 2


def copy_gaegu(to: Path) -> int:
    source, count = MODULES / "@fontsource" / "gaegu", 1
    copy_file(source / "LICENSE", to / "gaegu" / "LICENSE")
    for weight in ("400", "700"):
        css = WOFF.sub("", (source / f"{weight}.css").read_text("utf-8"))
        count += 1 + copy_fonts(css, source, to / "gaegu")
        (to / "gaegu" / f"{weight}.css").write_text(css, "utf-8")
    return count


def copy_pretendard(to: Path) -> int:
    source = MODULES / "pretendard" / "dist" / "web" / "variable"
    name = "pretendardvariable-dynamic-subset.css"
    count = copy_fonts((source / name).read_text("utf-8"), source, to / "pretendard")
    copy_file(source / name, to / "pretendard" / name)
    copy_file(MODULES / "pretendard" / "dist" / "LICENSE.txt", to / "pretendard" / "LICENSE")
    return count + 2


def copy_fonts(css: str, source: Path, to: Path) -> int:
    """Copy each file that the style sheet names; a missing one is an error here, not later."""
    names = sorted(set(re.findall(r"url\(\./([^)]+)\)", css)))
    for name in names:
        copy_file(source / name, to / name)
    return len(names)


def copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def say(line: str) -> None:
    print(f"front: {line}", flush=True)  # noqa: T201 (progress for the person who runs it)


if __name__ == "__main__":
    main(sys.argv[1:] or ["npm"])
