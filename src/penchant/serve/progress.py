"""Progress on standard error: a moving bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Self, TextIO

from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from penchant.serve.tables import console
from penchant.types import Progress, silent

__all__ = ["Lines", "duration", "progress"]

_EVERY: Final = 3.0
"""Seconds between two lines of a log."""

_LATER: Final = 2.0
"""Seconds that may pass in silence."""


def duration(seconds: float) -> str:
    """Return *seconds* as people say them.

    Example:
        >>> duration(0.42), duration(8.4), duration(75), duration(3723)
        ('0.4 s', '8 s', '1 min 15 s', '1 h 2 min')
    """
    whole = round(seconds)
    if seconds < 1:
        return f"{seconds:.1f} s"
    if whole < 60:  # noqa: PLR2004  # seconds in a minute
        return f"{whole} s"
    if whole < 3600:  # noqa: PLR2004  # seconds in an hour
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Yield what to give a long call as its ``progress``; clears the bar at the end.

    Args:
        quiet: Report to nobody.
    """
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _Bars() as bars:
            yield bars
    else:
        yield Lines(sys.stderr, clock=time.monotonic)


class _Stage:
    """When a stage began, and from that when it will end.

    Args:
        name: The stage in words.
        start: The clock's value when it began.
    """

    def __init__(self, name: str, start: float) -> None:
        self.name = name
        self._start = start

    def left(self, done: int, total: int, *, now: float) -> str:
        """Return the remaining time in words, empty where nobody can tell yet."""
        if not 0 < done < total:
            return ""
        return f"{duration((now - self._start) * (total - done) / done)} left"


class Lines:
    """Writes a line every few seconds, and none for what is over sooner.

    Args:
        file: Where lines go.
        clock: Returns seconds, ascending.
    """

    def __init__(self, file: TextIO, *, clock: Callable[[], float]) -> None:
        self._file = file
        self._clock = clock
        self._next = clock() + _LATER
        self._stage = _Stage("", clock())

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear that *done* of *total* steps of *stage* are done."""
        now = self._clock()
        if stage != self._stage.name:
            self._stage = _Stage(stage, now)
        if now < self._next:
            return
        self._next = now + _EVERY
        share = f" {done:,} of {total:,}" if total > 1 else ""
        left = self._stage.left(done, total, now=now)
        print(f"{stage}{share}" + (f", {left}" if left else ""), file=self._file, flush=True)


class _Bars:
    """One bar for the stage that runs; it goes when all is done."""

    def __init__(self) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[share]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=console(stderr=True),
            transient=True,
        )
        self._stage = _Stage("", 0.0)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear that *done* of *total* steps of *stage* are done."""
        now = time.monotonic()
        if self._task is None or stage != self._stage.name:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._stage = _Stage(stage, now)
            self._task = self._bar.add_task(stage, total=None, share="", left="")
        self._bar.update(
            self._task,
            completed=done,
            total=total if total > 1 else None,
            share=f"{done:,}/{total:,}" if total > 1 else "",
            left=self._stage.left(done, total, now=now),
        )
