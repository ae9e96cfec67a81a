"""Intervals that hold however often one looks: asymptotic confidence sequences.

    mean ± s √( 2 (n ρ² + 1) / (n² ρ²) · log(√(n ρ² + 1) / α) )

for all n at once with chance 1 − α (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, 2024), so one may
stop as soon as the interval says enough.  ρ makes it tightest where *planned* have been seen.  Of
the difference of two groups of n = n_0 + n_1, s² = n (s_0² / n_0 + s_1² / n_1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Difference", "difference_ever", "half_width"]

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more one group has than another, and where that may lie at any time.

    Attributes:
        value: Mean of the one less mean of the other.
        low: Lower end, ≤ high; −∞ while too little is known.
        high: Upper end.
        n: Observations of both groups.
    """

    value: float
    low: float
    high: float
    n: int


def half_width(n: int, *, spread: float, alpha: float, planned: int) -> float:
    """Return half the interval's width after *n* observations; ∞ before the second.

    Args:
        n: Observations.
        spread: Their standard deviation, ≥ 0.
        alpha: Chance that the interval ever misses, in (0, 1).
        planned: Number of observations at which it shall be tightest, ≥ 1.
    """
    if n < 2:  # noqa: PLR2004  a spread needs two
        return math.inf
    budget = -2 * math.log(alpha)
    rho2 = (budget + math.log(budget) + 1) / planned if budget > 1 else 1 / planned
    inside = n * rho2 + 1
    return spread * math.sqrt(2 * inside / (n * n * rho2) * math.log(math.sqrt(inside) / alpha))


def difference_ever(
    group: Numbers, control: Numbers, *, alpha: float = 0.05, planned: int = 1000
) -> Difference:
    """Return by how much the mean of *group* exceeds that of *control*, valid at any time.

    Args:
        group: Values, one a user, ``(n_1,)``.
        control: Values of others, ``(n_0,)``.
        alpha: Chance that the interval ever misses.
        planned: Users of both at which it shall be tightest.
    """
    n = len(group) + len(control)
    if min(len(group), len(control)) < 2:  # noqa: PLR2004  a spread needs two
        return Difference(0.0, -math.inf, math.inf, n)
    value = float(group.mean() - control.mean())
    variance = n * (group.var(ddof=1) / len(group) + control.var(ddof=1) / len(control))
    half = half_width(n, spread=math.sqrt(variance), alpha=alpha, planned=planned)
    if variance == 0:  # all alike so far says nothing about what comes
        half = math.inf
    return Difference(value, value - half, value + half, n)
