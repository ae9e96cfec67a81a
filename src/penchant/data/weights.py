"""How strongly an event speaks for or against its item, before it ages.

    weight = w(kind) · s        s in [−2, 2]

    rating r    s = ±(½ + ½ · how far r lies in its half of the scale), negative in the lower half
    quantity q  s = sign(q) · min(log₂(1 + |q|), 2)
    dwell d     s = log(1 + d) / log(1 + median d of the kind), in [¼, 2]
    else        s = 1

The lower half of a scale ends at 2.5 where 5 is the highest rating, else at the middle between
the lowest and the highest.  A scale of a single value has no lower half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.types import Columns, Floats

__all__ = ["Scale", "dwelt", "scale_of", "strengths", "usual_dwell", "zero_is_none"]

_FIVE: Final = 5.0
_TOPS: Final = (1.0, 5.0, 10.0, 100.0)
_RARE: Final = 1e-3
_MOST: Final = 2.0
_LEAST_DWELL: Final = 0.25

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of ratings.

    Attributes:
        low: Lowest rating.
        high: Highest rating, ≥ *low*.
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The end of the lower half; −inf where the scale has a single value."""
        if self.low == self.high:
            return -np.inf
        return _FIVE / 2 if self.high == _FIVE else (self.low + self.high) / 2

    def signed(self, ratings: _Numbers) -> _Numbers:
        """Return how strongly each of *ratings*, ``(n,)``, speaks: [−1, −½] or [½, 1]."""
        middle = self.middle
        if not np.isfinite(middle):
            return np.ones_like(ratings)
        above = (ratings - middle) / (self.high - middle)
        below = (middle - ratings) / max(middle - self.low, 1e-9)
        return np.where(ratings > middle, 0.5 + 0.5 * above, -0.5 - 0.5 * np.clip(below, 0, 1))


def scale_of(ratings: _Numbers) -> Scale | None:
    """Return the scale that *ratings*, ``(n,)``, are on; None without any.

    A rating above 1, 5, 10 or 100 where fewer than one in a thousand are is off the scale: a slip
    of the hand must not turn five stars into a low rating.  So is a negative one.
    """
    if not len(ratings):
        return None
    low, high = float(ratings.min()), float(ratings.max())
    for top in _TOPS:
        above = ratings > top
        if above.any() and above.mean() < _RARE:
            high = float(ratings[~above].max())
            break
    negative = ratings < 0
    if negative.any() and negative.mean() < _RARE:
        low = float(ratings[~negative].min())
    return Scale(low, high)


def zero_is_none(ratings: _Numbers) -> bool:
    """Tell whether 0 among *ratings*, ``(n,)``, stands for an event without a rating.

    Goodreads and Book-Crossing write so: beside a scale from 1 to 5 or 10, nothing is as frequent
    as 0.

    Example:
        >>> zero_is_none(np.array([0, 0, 0, 5, 4, 1.0])), zero_is_none(np.array([0, 1, 1, 5.0]))
        (True, False)
    """
    given = ratings[ratings != 0]
    if not len(given) or given.min() < 1 or given.max() not in _TOPS[1:3]:
        return False
    return bool(len(ratings) - len(given) > np.unique(given, return_counts=True)[1].max())


def strengths(frame: pl.DataFrame, *, by_kind: Floats) -> Floats:
    """Return the weight of each event, ``(n_events,)``.

    Args:
        frame: ``kind`` (codes), ``value``, ``dwell`` and ``signed``: the strength of a rating,
            null for what is none.
        by_kind: w of each kind, ``(n_kinds,)``.
    """
    kind = frame["kind"].to_numpy()
    weight = by_kind[kind]
    signed = frame["signed"]
    if signed.null_count() < len(frame):
        s = signed.fill_null(1).to_numpy()
        weight = np.where(weight < 0, weight * np.abs(s), weight * s)
    counted = frame[Columns.VALUE].is_not_null() & signed.is_null()
    if counted.any():
        rows = counted.arg_true().to_numpy()
        q = frame[Columns.VALUE].gather(rows).to_numpy()
        s = np.minimum(np.log2(1 + np.abs(q)), _MOST)
        weight[rows] = np.where(weight[rows] < 0, weight[rows] * s, weight[rows] * s * np.sign(q))
    lasted = frame[Columns.DWELL].is_not_null() & frame[Columns.VALUE].is_null()
    if lasted.any():
        rows = lasted.arg_true().to_numpy()
        weight[rows] *= np.where(weight[rows] > 0, _dwelt(frame[rows]), 1)
    strength: Floats = weight.astype(np.float32)
    return strength


def usual_dwell(events: pl.DataFrame) -> dict[str, float]:
    """Return by kind of event the seconds that it lasts as a rule, for `dwelt`.

    Args:
        events: ``event`` (kind), ``value`` and ``dwell``.
    """
    said = events.filter(pl.col(Columns.DWELL).is_not_null() & pl.col(Columns.VALUE).is_null())
    middle = pl.col(Columns.DWELL).log1p().median()
    found = said.group_by(Columns.EVENT, maintain_order=True).agg(middle)
    return {kind: math.expm1(log) for kind, log in found.iter_rows() if log > 0}


def dwelt(seconds: float, usual: float) -> float:
    """Return s of one event that lasted so long where its kind lasts *usual* seconds, > 0."""
    s = math.log1p(seconds) / math.log1p(usual)
    return min(max(s, _LEAST_DWELL), _MOST)


def _dwelt(frame: pl.DataFrame) -> _Numbers:
    """Return s of each event of *frame* by how long it lasted among those of its kind."""
    lasted = pl.col(Columns.DWELL).log1p()
    middle = lasted.median().over("kind")
    s = pl.when(middle > 0).then(lasted / middle).otherwise(1.0)
    return frame.select(s.clip(_LEAST_DWELL, _MOST)).to_series().to_numpy()
