"""Prepare the site and run the Procfile's processes until Ctrl-C: what `make run` does.

HOST and PORT say where it answers. Everything else is read from the environment by the settings.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

ROOT = Path(__file__).resolve().parents[1]
HOST = os.environ.setdefault("HOST", "127.0.0.1")
PORT = os.environ.setdefault("PORT", "8000")
# A wildcard address is where to listen, not where to look.
ADDRESS = f"http://{'127.0.0.1' if HOST in ('0.0.0.0', '::') else HOST}:{PORT}/"  # noqa: S104


def main() -> int:
    """Return the exit status: 0 after Ctrl-C, else that of the process that stopped first."""
    os.chdir(ROOT)
    # The processes are this environment's, whatever is activated in the person's shell.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    take_terminal()
    # Taken before anything is prepared: two preparations would write the same files.
    lock = take_folder()
    check_port()
    if code := subprocess.call([sys.executable, "manage.py", "prepare"]):
        return code
    code = run()
    lock.close()
    return code


def take_terminal() -> None:
    """Have Ctrl-C reach this program alone: make would end with an error of its own."""
    if not sys.stdin.isatty() or os.getpgrp() == os.getpid():
        return
    terminal, parent = sys.stdin.fileno(), os.getpgrp()
    if os.tcgetpgrp(terminal) != parent:
        return  # in the background, where no Ctrl-C comes from
    # A group that is not in front is stopped when it touches the terminal's settings.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpid())
    import atexit

    atexit.register(os.tcsetpgrp, terminal, parent)


def take_folder() -> IO[str]:
    """Lock the folder that the site writes to; the lock goes with the process, however it ends."""
    folder = Path(os.environ.get("GIBUN_VAR_DIR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"\nGibun already runs with {folder}. Stop it with Ctrl-C where it was started, or "
            "give this one a folder and a port of its own:\n\n"
            "    make run GIBUN_VAR_DIR=/another/folder PORT=8001\n"
        )
    return lock


def check_port() -> None:
    try:
        family, kind, *_, address = socket.getaddrinfo(HOST, PORT, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        sys.exit(
            f"\n{HOST}:{PORT} cannot be used: {error.strerror}. Choose another port:\n\n"
            f"    make run PORT={int(PORT) + 1 if PORT.isdecimal() else 8001}\n"
        )


def run() -> int:
    manager = Manager()
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    hang_up = threading.Event()

    def on_hangup(_signal: int, _frame: Any) -> None:
        # The terminal is gone: what is printed from here on would be an error.
        hang_up.set()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGHUP, on_hangup)
    # honcho forks a helper for each process, and waits for what each has to say at the end.
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    threading.Thread(target=announce, daemon=True).start()
    manager.loop()
    asked = manager.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    return 0 if asked or hang_up.is_set() else manager.returncode or 1


def announce() -> None:
    """Print the address once something really answers there."""
    while True:
        try:
            urllib.request.urlopen(ADDRESS, timeout=5).close()
        except urllib.error.HTTPError:
            pass  # an answer, too
        except OSError:
            time.sleep(0.1)
            continue
        break
    line = f"  기분  Gibun is ready:  {ADDRESS}  (Ctrl-C stops it)  "
    rule = "─" * (len(line) + 2)
    print(f"\n{rule}\n{line}\n{rule}\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
