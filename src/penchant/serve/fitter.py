"""When to fit again, and the process that does it: one at a time, over all machines.

first      from `FIRST` events on, as soon as no more arrive or ten seconds have passed
then       after so many events or hours, and on request
failed     again when there is half as much again to learn from
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from penchant.errors import PenchantError
from penchant.serve.deployment import Deployment
from penchant.store.base import Fit, Model
from penchant.store.sql import Store

__all__ = ["BEAT", "FIRST", "Fitter", "Schedule", "Seen", "due"]

_LOG: Final = logging.getLogger("penchant.service")

FIRST: Final = 50
"""Events from which a first fit is tried."""

BEAT: Final = 5
"""Seconds between two signs of life of a fit."""

_LOOK: Final = 1.0
_QUIET: Final = 2.0
_LONGEST: Final = 10.0
_SHARE: Final = 0.1
"""Share of all events that must be new, where the schedule does not say how many."""

_LEAST: Final = 1000
_PAUSE: Final = 600
"""Seconds between two fits that nobody asked for."""

_LOST: Final = 6 * BEAT
"""Seconds after which a fit that gives no sign of life is given up."""

_GRACE: Final = 3.0
"""Seconds that a fit has to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the service fits again by itself.

    Attributes:
        events: After so many new events; None: a tenth of all, at least 1,000.
        hours: After so many hours, if anything is new; 0: never by the clock.
    """

    events: int | None = None
    hours: float = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the store says now.

    Attributes:
        last: Number of the newest event.
        model: What serves; None: nothing.
        fits: Latest first.
        quiet: Seconds since the newest event was seen.
        waited: Seconds since enough events for a first fit were seen.
        tried: Number of the newest event when the last fit began; 0: none by this process.
        now: UTC seconds.
    """

    last: int
    model: Model | None
    fits: list[Fit]
    quiet: float
    waited: float
    tried: int
    now: float


def due(seen: Seen, schedule: Schedule) -> str:
    """Return why a fit is due, in words; ``""`` where none is."""
    if seen.fits and seen.fits[0].status == "requested":
        return "requested"
    failed = bool(seen.fits) and seen.fits[0].status == "failed"
    if failed and seen.tried and seen.last < 1.5 * seen.tried:
        return ""
    if seen.model is None:
        settled = seen.quiet >= _QUIET or seen.waited >= _LONGEST
        return "the first" if seen.last >= FIRST and settled else ""
    return _due_again(seen, schedule, seen.model)


def _due_again(seen: Seen, schedule: Schedule, model: Model) -> str:
    began = max([fit.at for fit in seen.fits[:1]] + [model.at])
    new = seen.last - max(model.watermark, seen.tried)
    passed = seen.now - began
    if new <= 0 or passed < _PAUSE:
        return ""
    if new >= (schedule.events or max(_LEAST, round(_SHARE * seen.last))):
        return f"{new:,} new events"
    by_clock = schedule.hours and passed >= 3600 * schedule.hours
    return f"{schedule.hours:g} hours" if by_clock else ""


class Fitter:
    """Looks every second whether a fit is due, and runs it in a process of its own.

    Args:
        deployment: Which store.
        schedule: When to fit by itself.
        clock: UTC seconds.
    """

    def __init__(
        self,
        deployment: Deployment,
        *,
        schedule: Schedule,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._deployment = deployment
        self._schedule = schedule
        self._clock = clock
        self._store: Store = deployment.open()
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._fit_id = ""
        self._last = (0, clock())
        self._enough: float | None = None
        self._tried = 0
        self._thread = threading.Thread(target=self._watch, name="fitter", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """End a fit that runs, and look no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self._end("it was ended with the service")
        self._store.close()

    def look(self) -> None:
        """See what became of a fit, or begin one that is due."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            code, self._process = self._process.returncode, None
            if code:
                _LOG.warning("a fit ended with code %s", code)
                self._end(f"it ended with code {code}")
        seen = self._see()
        why = due(seen, self._schedule)
        if why:
            self._begin(seen, why)

    def _see(self) -> Seen:
        now = self._clock()
        last = self._store.events.last()
        if last != self._last[0]:
            self._last = (last, now)
        if last >= FIRST and self._enough is None:
            self._enough = now
        return Seen(
            last=last,
            model=self._store.models.serving(),
            fits=self._store.models.fits(most=1),
            quiet=now - self._last[1],
            waited=0.0 if self._enough is None else now - self._enough,
            tried=self._tried,
            now=now,
        )

    def _begin(self, seen: Seen, why: str) -> None:
        requested = why == "requested"
        fit_id = seen.fits[0].fit_id if requested else f"f{secrets.token_hex(6)}"
        at = int(seen.now)
        fit = Fit(fit_id=fit_id, at=at, beat=at, status="running", detail=why)
        if not self._store.models.begin(fit, stale=at - _LOST):
            return
        self._fit_id, self._tried = fit_id, seen.last
        variables = {"PENCHANT_STORE": self._deployment.url}
        if self._deployment.key:
            variables["PENCHANT_STORE_KEY"] = self._deployment.key
        variables["PENCHANT_MODELS"] = str(self._deployment.models)
        command = [sys.executable, "-m", "penchant.serve.refitting", fit_id]
        self._process = subprocess.Popen(command, env=os.environ | variables)  # noqa: S603  # our own

    def _end(self, detail: str) -> None:
        fits = self._store.models.fits(most=5)
        if any(fit.fit_id == self._fit_id and fit.status == "running" for fit in fits):
            at = int(self._clock())
            self._store.models.end(
                self._fit_id, at=at, status="failed", detail=detail, model_id=None
            )

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK):
            with contextlib.suppress(PenchantError):  # the store is away; it is asked again
                self.look()
