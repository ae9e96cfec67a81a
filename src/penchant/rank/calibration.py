"""Calibrated lists: interests in the shares that a portrait has them (Steck, 2018), greedily.

    p      the user's interests: strengths of the portrait, scaled to sum 1
    q(S)   mean of the interests of the listed items S, each scaled to sum 1
    cost   KL(p ‖ q̃(S ∪ {i})) with q̃ = (1 − α) q + α p, in nats, of listing i next

A list that has nothing of an interest pays for it; one that has it in the right share pays nothing.
Nobody's portrait costs nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.errors import UsageError
from penchant.types import Floats

__all__ = ["Shares", "check_calibration", "shares_of"]

_SMOOTHING: Final = 0.01
"""α."""


def check_calibration(calibration: float) -> None:
    """Refuse a calibration outside [0, 1].

    Raises:
        UsageError: If so.
    """
    if not 0 <= calibration <= 1:
        raise UsageError(f"calibration must be in [0, 1], got {calibration!r}")


def shares_of(strengths: Floats) -> Floats:
    """Return rows of *strengths*, ``(n, n_leaves)`` ≥ 0, scaled to sum 1; rows of zeros stay."""
    totals = strengths.sum(axis=1, keepdims=True)
    scaled = np.zeros(strengths.shape, np.float32)
    np.divide(strengths, totals, out=scaled, where=totals > 0)
    return scaled


class Shares:
    """What it costs to list each item of a pool next, as the list grows.

    Args:
        target: p, ``(n_leaves,)``, of sum 1 or 0.
        pool: Interests of the items, ``(n, n_leaves)``, rows of sum 1 or 0.
        weight: What a nat counts beside relevance, in [0, 1].
    """

    def __init__(self, target: Floats, pool: Floats, *, weight: float) -> None:
        own = target > 0
        self.weight = weight
        self._target, self._pool = target[own].astype(np.float64), pool[:, own]
        self._sum = np.zeros(int(own.sum()))
        self._listed = 0

    def take(self, at: int) -> None:
        """List the item at a place of the pool."""
        self._sum += self._pool[at]
        self._listed += 1

    def costs(self) -> npt.NDArray[np.float64]:
        """Return the divergence from the portrait if each item were listed next, ``(n,)`` ≥ 0."""
        listed = (self._sum + self._pool) / (self._listed + 1)
        mixed = (1 - _SMOOTHING) * listed + _SMOOTHING * self._target
        found: npt.NDArray[np.float64] = -(np.log(mixed / self._target) @ self._target)
        return found
