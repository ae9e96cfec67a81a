"""Group commit: what waits to be written goes into one transaction, and is durable together.

A commit costs a flush to disk whatever it holds, so jobs that arrive while one is under way share
the next.  One thread writes; a store has one writer at a time in any case.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

__all__ = ["Run", "Writer"]

Run: TypeAlias = Callable[[sa.Connection, Sequence[Any]], Sequence[Any]]
"""Does several jobs of one kind: gets their payloads, returns a result each."""

_MOST: Final = 256
"""Jobs in one transaction."""

_LATER: Final = 0.25
"""Seconds that a job which nobody waits for may wait for company."""


@dataclass(slots=True)
class _Job:
    run: Run
    payload: Any
    done: Future[Any] = field(default_factory=Future)

    def wanted(self) -> bool:
        """Tell whether somebody still waits for it; from now on nobody can call it off."""
        return self.done.set_running_or_notify_cancel()


class Writer:
    """Runs jobs in the order in which they come, many in one transaction.

    Args:
        transaction: Opens an exclusive transaction that commits durably, or raises.
        name: Of the thread.
    """

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[sa.Connection]], *, name: str
    ) -> None:
        self._transaction = transaction
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._later: list[_Job] = []
        self._lock = threading.Lock()
        self._closed = False
        self._last = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, run: Run, payload: Any) -> Future[Any]:  # noqa: ANN401  the job's own
        """Queue a job; its future is done when its transaction is durable.

        Raises:
            RuntimeError: After `close`.
        """
        job = _Job(run, payload)
        with self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._jobs.put(job)
        return job.done

    def later(self, run: Run, payload: Any) -> None:  # noqa: ANN401  the job's own
        """Queue a job that nobody waits for; it goes with the next transaction, or soon."""
        with self._lock:
            if not self._closed:
                self._later.append(_Job(run, payload))

    def close(self) -> None:
        """Write what is queued, then stop."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while not self._last:
            jobs = self._next()
            if jobs:
                self._write(jobs, more=True)

    def _next(self) -> list[_Job]:
        """Wait for jobs and return what there is."""
        try:
            first = self._jobs.get(timeout=_LATER)
        except queue.Empty:
            return self._waiting(0)
        self._last = first is None
        if first is None or not first.wanted():
            return self._waiting(0)
        return [first, *self._waiting(1)]

    def _waiting(self, taken: int) -> list[_Job]:
        """Return the jobs that wait now, beside *taken* ones."""
        jobs: list[_Job] = []
        with contextlib.suppress(queue.Empty):
            while taken + len(jobs) < _MOST and not self._last:
                job = self._jobs.get_nowait()
                self._last = job is None
                jobs += [job] if job is not None and job.wanted() else []
        with self._lock:
            jobs += [job for job in self._later if job.wanted()]
            self._later = []
        return jobs

    def _write(self, jobs: list[_Job], *, more: bool) -> None:
        """Do *jobs* in one transaction, and with *more* what comes while its turn is waited for."""
        begun = False
        try:
            with self._transaction() as connection:
                begun = True
                if more:
                    jobs += self._waiting(len(jobs))
                results = _done(connection, jobs)
        except Exception as error:  # noqa: BLE001  # whoever waits is told
            if len(jobs) > 1 and begun:
                for job in jobs:  # one bad job must not take the others with it
                    self._write([job], more=False)
                return
            for job in jobs:
                job.done.set_exception(error)
            return
        for job, result in zip(jobs, results, strict=True):
            job.done.set_result(result)


def _done(connection: sa.Connection, jobs: list[_Job]) -> list[Any]:
    results: list[Any] = []
    for run, same in groupby(jobs, key=lambda job: job.run):
        results += run(connection, [job.payload for job in same])
    return results
