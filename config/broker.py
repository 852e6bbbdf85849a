"""The embedded broker: kombu's filesystem transport, with messages that appear whole.

kombu writes a message in place and reads without a lock. A worker that looks in between reads
half of it and stops for good with a JSON error; at ten looks a second that is one upload in a
few thousand. Here a message is renamed into place, and taken by a rename, which one worker wins.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

LOOK_SECONDS = 0.3


class Channel(filesystem.Channel):
    """Messages as files: `<time>_<random>.<queue>.msg`, the oldest first."""

    # kombu's own two classes above this one name the argument differently.
    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        # kombu counts from the machine's start, which puts old messages last after a restart.
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}.msg"
        part = folder / f"{name}.part"
        try:
            part.write_text(dumps(payload), encoding="utf-8")
            part.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"{folder} cannot be written: {error}") from error

    def _get(self, queue: str, timeout: Any = None) -> Any:
        folder, taken_folder = Path(self.data_folder_in), Path(self.processed_folder)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = taken_folder / name
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            try:
                return loads(taken.read_text(encoding="utf-8"))
            except ValueError:
                # A disk that was full when it was written: the row stands, the sweeper sends it.
                continue
            finally:
                taken.unlink()
        raise Empty


class Transport(filesystem.Transport):
    """What CELERY_BROKER_TRANSPORT names."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: Any = None, **_kwargs: Any) -> Any:
        """Look for messages, but return often: a worker notices only then that it shall stop."""
        seconds = min(timeout or LOOK_SECONDS, LOOK_SECONDS)
        return super().drain_events(connection, timeout=seconds)
