"""A second thread for a list that is made alone: a third of its time is waiting for memory.

Where several lists are made at once each processor has one already, and none gets the thread.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

__all__ = ["BESIDE", "Beside"]

T = TypeVar("T")


class Beside:
    """One thread beside the one that makes a list.

    A child that is forked begins without, as threads stay with their parent.
    """

    def __init__(self) -> None:
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._working = 0
        self._thread: ThreadPoolExecutor | None = None
        self._several = _processors() > 1

    @contextlib.contextmanager
    def work(self) -> Iterator[None]:
        """Count who makes a list in the block."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1

    @property
    def alone(self) -> bool:
        """Whether one list is being made, where there are processors for two."""
        return self._several and self._working == 1

    def start(self, job: Callable[[], T]) -> Future[T]:
        """Do *job* in the other thread."""
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
            return self._thread.submit(job)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


BESIDE: Final = Beside()
"""That of this process."""
