"""How sure an average over users is: the bootstrap by user.

Users are drawn with replacement and averaged anew, many times; the interval holds the middle of
those averages (percentile bootstrap; Efron and Tibshirani, 1993).  The draws depend on the number
of users and the seed alone, so two models over the same users are resampled together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.errors import DataError, UsageError
from penchant.metrics.arrays import PerUser

__all__ = ["Interval", "difference", "interval", "intervals", "mean", "quotient"]

_ENTRIES: Final = 4_000_000
"""Draws that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An average and where it may lie.

    Attributes:
        value: Mean over the users who have a value; NaN without any.
        low: Lower end, ≤ high; NaN without any user.
        high: Upper end.
        users: How many users have a value.
    """

    value: float
    low: float
    high: float
    users: int

    def excludes(self, reference: float) -> bool:
        """Tell whether *reference* lies outside of the interval; False without any user."""
        return reference < self.low or reference > self.high


def mean(values: PerUser) -> float:
    """Return the mean of *values*, ``(n,)``, over the users who have one; NaN without any."""
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else math.nan


def interval(values: PerUser, *, draws: int = 1000, level: float = 0.95, seed: int = 0) -> Interval:
    """Return the mean of *values* with its bootstrap interval.

    Args:
        values: One a user, ``(n,)``; NaN where a user has none.
        draws: How often users are drawn anew, ≥ 1.
        level: Share of the averages that the interval holds, in (0, 1).
        seed: Start of the draws.

    Returns:
        The interval.

    Raises:
        UsageError: If *draws* or *level* is out of range.
    """
    return intervals(values[:, None], draws=draws, level=level, seed=seed)[0]


def intervals(
    values: npt.NDArray[np.float64], *, draws: int = 1000, level: float = 0.95, seed: int = 0
) -> list[Interval]:
    """Return the mean of each column of *values*, ``(n, m)``, as `interval` does for one.

    Args:
        values: ``(n, m)``; NaN where a user has none.
        draws: As in `interval`.
        level: As in `interval`.
        seed: As in `interval`.

    Returns:
        An interval a column.

    Raises:
        UsageError: If *draws* or *level* is out of range.
    """
    _check(draws, level)
    known = ~np.isnan(values)
    if not len(values):
        return [Interval(math.nan, math.nan, math.nan, 0) for _ in known.T]
    both = np.hstack([np.where(known, values, 0.0), known])
    sums = np.concatenate([counts @ both for counts in _draws(len(values), draws, seed)])
    totals, drawn = np.hsplit(sums, 2)
    edges = 50 * (1 - level), 50 * (1 + level)
    return [
        _summary(values[:, at], totals[:, at], drawn[:, at], edges) for at in range(known.shape[1])
    ]


def _summary(
    values: PerUser, totals: PerUser, drawn: PerUser, edges: tuple[float, float]
) -> Interval:
    value = mean(values)
    averages = totals[drawn > 0] / drawn[drawn > 0]
    low, high = np.percentile(averages, edges) if len(averages) else (value, value)
    return Interval(value, float(low), float(high), int((~np.isnan(values)).sum()))


def difference(
    values: PerUser, baseline: PerUser, *, draws: int = 1000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return by how much *values* exceed *baseline* on average, user by user.

    Args:
        values: One a user, ``(n,)``.
        baseline: Of the same users in the same order, ``(n,)``; a pair with a NaN is left out.
        draws: As in `interval`.
        level: As in `interval`.
        seed: As in `interval`.

    Returns:
        The interval of the mean difference.

    Raises:
        DataError: If the numbers of users differ.
        UsageError: If *draws* or *level* is out of range.
    """
    if values.shape != baseline.shape:
        raise DataError(f"{len(values)} users cannot be paired with {len(baseline)}")
    return interval(values - baseline, draws=draws, level=level, seed=seed)


def quotient(
    values: PerUser, baseline: PerUser, *, draws: int = 1000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return the mean of *values* as a multiple of that of *baseline*, users drawn together.

    Args:
        values: One a user, ``(n,)``.
        baseline: Of the same users in the same order, ``(n,)``; a pair with a NaN is left out.
        draws: As in `interval`.
        level: As in `interval`.
        seed: As in `interval`.

    Returns:
        The interval of the quotient of the means; NaN where the baseline's is 0.

    Raises:
        DataError: If the numbers of users differ.
        UsageError: If *draws* or *level* is out of range.
    """
    if values.shape != baseline.shape:
        raise DataError(f"{len(values)} users cannot be paired with {len(baseline)}")
    _check(draws, level)
    known = ~np.isnan(values + baseline)
    pairs = np.stack([values[known], baseline[known]], axis=1)
    if not len(pairs) or not pairs[:, 1].any():
        return Interval(math.nan, math.nan, math.nan, len(pairs))
    totals = np.concatenate([counts @ pairs for counts in _draws(len(pairs), draws, seed)])
    totals = totals[totals[:, 1] > 0]
    edges = 50 * (1 - level), 50 * (1 + level)
    low, high = np.percentile(totals[:, 0] / totals[:, 1], edges)
    value, base = pairs.sum(axis=0)
    return Interval(float(value / base), float(low), float(high), len(pairs))


def _check(draws: int, level: float) -> None:
    if not (draws >= 1 and 0 < level < 1):
        raise UsageError(f"draws must be ≥ 1 and level in (0, 1), got {draws!r} and {level!r}")


def _draws(users: int, draws: int, seed: int) -> Iterator[npt.NDArray[np.float64]]:
    """Yield how often each user is drawn, ``(≤ draws, users)`` at a time."""
    rng = np.random.default_rng(seed)
    step = max(_ENTRIES // users, 1)
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        drawn = rng.integers(0, users, (rows, users)) + users * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * users)
        yield counts.reshape(rows, users).astype(np.float64)
