"""Whether strengths of interests are probabilities: U against what people then touched.

The last days of the data, or each user's last contacts where a strength speaks of those, are cut
away; the portraits learn from the rest alone, with the interests as they are, and say of everybody
who was known at the cut, active afterwards or not, which interests they will touch.

    error   Σ_bins |Σ said − Σ seen| / pairs         ten bins of equal width
    skill   1 − Brier score / that of each interest's own rate after the cut
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset, Histories
from penchant.interests.features import touches
from penchant.interests.portraits import AHEAD, PortraitModel
from penchant.types import DAY, Floats, Matrix, Rows

__all__ = ["Bin", "Calibration", "calibration", "calibration_of"]

_BINS: Final = 10
_ENOUGH: Final = 30
"""Users without whom a curve tells nothing."""

_Touched = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of a user and an interest that were given about the same strength.

    Attributes:
        low: The least strength of the bin; it is 0.1 wide.
        said: Mean strength, in [0, 1].
        seen: Share of the pairs that touched, in [0, 1].
        pairs: How many there are, ≥ 1.
    """

    low: float
    said: float
    seen: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How near strengths are to what was seen.

    Attributes:
        goal: What a strength speaks of: days (``period``) or contacts (``next``).
        ahead: How many.
        users: Who were asked.
        error: Expected calibration error, in [0, 1].
        skill: Of the Brier score over interests' own rates; NaN where these are never wrong.
        bins: Those with a pair, ascending.
    """

    goal: Literal["next", "period"]
    ahead: float
    users: int
    error: float
    skill: float
    bins: list[Bin]


def calibration(
    V: Matrix, data: Dataset, *, goal: Literal["next", "period"], horizon: float
) -> Calibration | None:
    """Return how well strengths of *V*'s interests foretell the end of *data*.

    Args:
        V: Items' interests, ``(n_items, n_leaves)``.
        data: Everything.
        goal: What a strength speaks of.
        horizon: Days ahead, where it speaks of days.

    Returns:
        The figures; None where too few users have a past and, with the goal *next*, a future.
    """
    train, after, users = _cut(data, goal, horizon)
    if len(users) < _ENOUGH or not len(train.events):
        return None
    model = PortraitModel(V, horizon=horizon, goal=goal).fit(train)
    said = model.strengths(train.histories(users)).toarray()
    seen = _touched(V, after.take(users))
    return calibration_of(said, seen, goal=goal, ahead=horizon if goal == "period" else AHEAD)


def calibration_of(
    said: Floats, seen: _Touched, *, goal: Literal["next", "period"], ahead: float
) -> Calibration:
    """Return the figures of strengths *said* and touches *seen*, both ``(n_users, n_leaves)``."""
    given = said.astype(np.float64).ravel()
    bins = np.minimum((given * _BINS).astype(np.int64), _BINS - 1)
    pairs = np.bincount(bins, minlength=_BINS)
    total = np.bincount(bins, given, minlength=_BINS)
    touched = np.bincount(bins, seen.ravel(), minlength=_BINS)
    rate = np.square(seen.mean(axis=0) - seen).mean()
    brier = np.square(said.astype(np.float64) - seen).mean()
    return Calibration(
        goal=goal,
        ahead=ahead,
        users=len(said),
        error=float(np.abs(total - touched).sum() / max(given.size, 1)),
        skill=float(1 - brier / rate) if rate > 0 else float("nan"),
        bins=[
            Bin(
                int(n) / _BINS,
                float(total[n] / pairs[n]),
                float(touched[n] / pairs[n]),
                int(pairs[n]),
            )
            for n in np.flatnonzero(pairs)
        ],
    )


def _cut(data: Dataset, goal: str, horizon: float) -> tuple[Dataset, Histories, Rows]:
    """Return what is learned from, what came after, and the rows of the users who are asked."""
    if goal == "period":
        late = data.timestamp > data.now - horizon * DAY
    else:
        order = np.argsort(data.user, kind="stable")
        ends = np.cumsum(np.bincount(data.user, minlength=data.n_users))
        left = np.zeros(len(data.user), np.int64)
        left[order] = ends[data.user[order]] - np.arange(len(order))
        late = left <= AHEAD
    train, after = data.where(~late), data.where(late).all_histories
    known = np.diff(train.all_histories.indptr) > 0
    if goal == "next":
        known &= np.diff(after.indptr) == AHEAD
    return train, after, np.flatnonzero(known).astype(np.int32)


def _touched(V: Matrix, histories: Histories) -> _Touched:
    """Return which leaf each user touched, ``(len(histories), n_leaves)``."""
    out = np.zeros((len(histories), V.shape[1]), np.bool_)
    out[histories.user, touches(V)[histories.item]] = True
    return out
