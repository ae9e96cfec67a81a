"""How often a key may ask: a bucket of tokens each, which fills at a steady rate.

tokens = min(burst, tokens + rate · elapsed)       a request takes one, or is refused
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from typing import Final, Self

from penchant.errors import ConfigError, LimitError

__all__ = ["Limits"]

_RATE: Final = 100.0
"""Requests a second of a key from elsewhere than this machine, unless it is set."""

_BURST: Final = 2.0
"""Seconds of asking that may come at once."""

_MOST: Final = 100_000


class Limits:
    """Lets each key ask so often.

    Args:
        rate: Requests a second, > 0; None: no limit.
        here: Whether requests from this machine count.
        clock: Monotonic seconds.
    """

    def __init__(self, rate: float | None, *, here: bool, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._here = here
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, environ: Mapping[str, str], *, clock: Callable[[], float]) -> Self:
        """Return the limits that ``PENCHANT_RATE`` sets; 0: none.

        Without it this machine may ask as often as it likes, and others 100 times a second.

        Raises:
            ConfigError: If it is no number ≥ 0.
        """
        said = environ.get("PENCHANT_RATE", "").strip()
        if not said:
            return cls(_RATE, here=False, clock=clock)
        try:
            rate = float(said)
        except ValueError:
            rate = math.nan
        if not 0 <= rate < math.inf:
            raise ConfigError(f"PENCHANT_RATE must be a number from 0 on, got {said!r}")
        return cls(rate or None, here=True, clock=clock)

    def take(self, name: str, *, here: bool) -> None:
        """Count a request.

        Args:
            name: Whose bucket.
            here: Whether it comes from this machine.

        Raises:
            LimitError: If the bucket is empty.
        """
        if self._rate is None or (here and not self._here):
            return
        most = max(self._rate * _BURST, 1.0)
        now = self._clock()
        with self._lock:
            if len(self._buckets) >= _MOST:
                self._buckets.clear()
            left, at = self._buckets.get(name, (most, now))
            left = min(most, left + (now - at) * self._rate)
            self._buckets[name] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            wait = math.ceil((1 - left) / self._rate)
            raise LimitError(f"more than {self._rate:g} requests a second", wait=wait)
