"""Who writes to a file next: processes wait for each other, woken at once and not by looking again.

SQLite's own way of waiting is to sleep and to try again, longer each time: two processes that
write all the time spend most of it asleep.  This lock stands before SQLite's, which still counts.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ModuleNotFoundError:  # pragma: no cover  # Windows, where SQLite's way has to do
    fcntl = None  # type: ignore[assignment]

__all__ = ["Turns"]


class Turns:
    """Turns at a file, for all threads of all processes of this machine.

    Args:
        file: An empty one that stands for it; made where missing.  Where it cannot be had or locked
            nobody waits here.
    """

    def __init__(self, file: Path) -> None:
        self._threads = threading.Lock()
        self._handle: int | None = None
        if fcntl is not None:
            with contextlib.suppress(OSError):
                self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn until the end of the block; a process that dies gives it up."""
        with self._threads:
            handle = self._handle
            if handle is None:
                yield
                return
            with contextlib.suppress(OSError):  # some network disks lock nothing
                fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    fcntl.flock(handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        with self._threads:
            handle, self._handle = self._handle, None
            if handle is not None:
                os.close(handle)
