"""The real site in real processes: the Procfile's, on a free port, with a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from django.conf import settings
from honcho.environ import parse_procfile

from tests.services import free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
STOP_SECONDS = 20
# What a worker says once it takes messages.
READY = {"worker": "worker@", "composer": "composer@"}


class Site:
    """The running processes, each in a process group of its own."""

    def __init__(self, var_dir: Path, environment: Mapping[str, str]) -> None:
        self.var_dir = var_dir
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **os.environ,
            # One prepared model serves every site of a test run; it takes seconds to make.
            "EMOTION_MODEL_DIR": str(settings.EMOTION_MODEL_DIR),
            "EMOTION_CACHE_DIR": str(settings.EMOTION_CACHE_DIR),
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "GIBUN_VAR_DIR": str(var_dir),
            "GIBUN_ENV_FILE": os.devnull,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "PORT": str(port),
            "HOST": "127.0.0.1",
            **environment,
        }
        self._commands = parse_procfile((ROOT / "Procfile").read_text()).processes
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *arguments: str) -> str:
        """Run a management command of this site and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        with self._log(name).open("wb") as log:
            self._processes[name] = subprocess.Popen(
                self._commands[name],
                shell=True,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self, name: str) -> None:
        """Wait until a process that was just started does its work."""
        if name == "web":
            self._until(name, self._web_answers)
        elif name in READY:
            line = READY[name]
            self._until(name, lambda: line in self.said(name) and " ready." in self.said(name))

    def kill(self, name: str, signal_number: int = signal.SIGKILL) -> None:
        """Signal a process and all that it started; wait where the signal ends it."""
        process = self._processes[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal_number)
        if signal_number in (signal.SIGKILL, signal.SIGTERM):
            process.wait(STOP_SECONDS)

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)
        self.wait(name)

    def stop(self) -> None:
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for name, process in self._processes.items():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill(name)

    def logs(self) -> str:
        """Return the end of what each process said, for a test that fails."""
        return "\n".join(f"── {name}\n{self.said(name)[-3000:]}" for name in self._processes)

    def _until(self, name: str, true: object) -> None:
        def look() -> bool:
            code = self._processes[name].poll()
            assert code is None, f"{name} ended with {code}\n{self.logs()}"
            return true()  # type: ignore[operator]

        try:
            wait_for(look, seconds=START_SECONDS)
        except TimeoutError as error:
            raise AssertionError(f"{name} does not start\n{self.logs()}") from error

    def _web_answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=10).status_code < 500
        except requests.RequestException:
            return False

    def _log(self, name: str) -> Path:
        return self.var_dir / f"{name}.log"

    def said(self, name: str) -> str:
        """Return what a process has printed since it was started."""
        return self._log(name).read_text("utf-8", "replace")


@contextmanager
def start_site(var_dir: Path, env: Mapping[str, str]) -> Iterator[Site]:
    """Prepare a site in `var_dir`, run all its processes, and stop them at the end."""
    var_dir.mkdir(parents=True, exist_ok=True)
    site = Site(var_dir, env)
    site.manage("prepare")
    names = ("web", "worker", "composer", "beat")
    try:
        for name in names:
            site.start(name)
        for name in names:
            site.wait(name)
        yield site
    finally:
        site.stop()
