"""Servers that a test run starts for itself, in folders that go with it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(Exception):
    """A program that this machine lacks; the message says how to get it."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], object], *, seconds: float, step: float = 0.1) -> object:
    """Return what `what` returns once that is true; TimeoutError when it never is."""
    end = time.monotonic() + seconds
    while not (value := what()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(step)
    return value


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Redis:
    """A Redis of our own that can be stopped and started again; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if not program:
            raise Missing("Redis: apt-get install redis-server")
        self.port, self._process = free_port(), None
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        self._command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port), seconds=30)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL cluster of our own in `folder` and give its URL."""
    programs = _postgres_programs()
    # PostgreSQL refuses to run as root, and its own user must reach the folder.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()

    def call(*command: str) -> None:
        subprocess.run(
            [*as_user, *command], check=True, cwd=folder, capture_output=True, timeout=120
        )

    call(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "gibun", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off"
    options += f" -c unix_socket_directories={folder}"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
    call(*control, "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgres://gibun@127.0.0.1:{port}/postgres"
    finally:
        call(*control, "-m", "immediate", "stop")


def _postgres_programs() -> Path:
    # Debian keeps the server's programs off the PATH.
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path))
    if not found:
        raise Missing("PostgreSQL: apt-get install postgresql")
    return found[-1].parent


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise Missing("Chromium: apt-get install chromium fonts-nanum")


def gettext_tools() -> None:
    """Raise Missing unless messages can be collected from the sources."""
    if not shutil.which("xgettext"):
        raise Missing("gettext (apt-get install gettext)")
