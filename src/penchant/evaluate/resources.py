"""What a model costs: seconds, and the memory of the process while it works."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

__all__ = ["Usage", "measured"]

_PROC: Final = Path("/proc/self")
_KILO: Final = 1024
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took.

    Attributes:
        seconds: On the clock, ≥ 0.
        peak_bytes: The most memory that the process held meanwhile (on Linux; elsewhere since the
            process began; 0 where the system does not say), data and libraries included.
    """

    seconds: float
    peak_bytes: int


def measured(
    call: Callable[[], _T], *, clock: Callable[[], float] = time.perf_counter
) -> tuple[_T, Usage]:
    """Return what *call* returns and what it took."""
    _forget_peak()
    start = clock()
    value = call()
    return value, Usage(clock() - start, _peak())


def _forget_peak() -> None:
    try:
        (_PROC / "clear_refs").write_text("5")
    except OSError:
        return  # not Linux, or not ours to write: the peak is that of the process so far


def _peak() -> int:
    try:
        lines = (_PROC / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * _KILO
    except (OSError, StopIteration):
        if resource is None:
            return 0
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * _KILO
