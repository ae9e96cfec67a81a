"""Places of a list that are kept for interests which are new to somebody.

    places   of k, the share that is asked for, at the end of the list
    θ_j      ~ Beta(s p_j + taken_j, s (1 − p_j) + shown_j − taken_j)
    drawn    for each place the five interests of largest θ
    listed   what the recommender ranks highest among their items, one of an interest

Thompson sampling: an interest is tried as often as it may be the best one, by what is known.  The
prior p is the chance that `penchant.rank.explore` gives it, worth s shows; what was shown and what
was taken of it moves it from there.  Room is made by the lowest items of interests already known:
an item of a new one that earned its place by itself stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.errors import UsageError
from penchant.rank.rules import Room
from penchant.types import Floats, Rows

__all__ = [
    "DRAWN",
    "TakeUp",
    "check_share",
    "choose_items",
    "draw",
    "make_room",
    "places",
]

DRAWN: Final = 5
"""Interests drawn for each place: the recommender chooses among their items."""

_WORTH: Final = 200.0
"""Shows that a prior is worth."""

_TINY: Final = 1e-4


@dataclass(frozen=True, slots=True)
class TakeUp:
    """What became of items that stood in the lane.

    Attributes:
        shown: How often an item of each interest was shown in the lane, ``(n_interests,)``, ≥ 0.
        taken: How often it was taken up, ``(n_interests,)``, ≤ *shown*.
    """

    shown: npt.NDArray[np.integer]
    taken: npt.NDArray[np.integer]

    @classmethod
    def nothing(cls, n_interests: int) -> TakeUp:
        """Return that nothing was shown yet."""
        return cls(np.zeros(n_interests, np.int64), np.zeros(n_interests, np.int64))


def check_share(share: float) -> None:
    """Refuse a share outside [0, 1].

    Raises:
        UsageError: If so.
    """
    if not 0 <= share <= 1:
        raise UsageError(f"explore_share must be in [0, 1], got {share!r}")


def places(k: int, share: float) -> int:
    """Return how many of *k* places *share* keeps, to the nearest whole, halves up."""
    return int(share * k + 0.5)


def draw(chances: Floats, *, count: int, take_up: TakeUp, rng: np.random.Generator) -> Rows:
    """Return at most *count* interests, the largest θ first; none whose chance is 0.

    Args:
        chances: p, ``(n_interests,)``, in [0, 1]; 0 for interests that are not to be tried.
        count: ≥ 0.
        take_up: What was shown and taken so far.
        rng: Where draws come from.
    """
    prior = np.clip(chances.astype(np.float64), _TINY, 1 - _TINY)
    for_it = _WORTH * prior + take_up.taken
    against = _WORTH * (1 - prior) + take_up.shown - take_up.taken
    theta = np.where(chances > 0, rng.beta(for_it, against), -1)
    order = np.argsort(-theta, kind="stable")[:count]
    return order[theta[order] >= 0].astype(np.int32)


def choose_items(
    ranked: Rows, touch: Rows, *, count: int, room: Room | None = None
) -> npt.NDArray[np.intp]:
    """Return the places in *ranked* of the items to list, ascending.

    The best of each interest comes before a second one of any.

    Args:
        ranked: Items of the drawn interests, best first, ``(n,)``.
        touch: Interest of each item of the catalogue.
        count: Places to fill; fewer come back where there are fewer items.
        room: What caps leave of *ranked*; None: all.
    """
    _, first = np.unique(touch[ranked], return_index=True)
    others = np.setdiff1d(np.arange(len(ranked)), first)
    order = np.concatenate([np.sort(first), others])
    if room is None:
        return np.sort(order[:count])
    chosen: list[int] = []
    for place in order.tolist():
        if len(chosen) < count and room.open[place]:
            room.take(place)
            chosen.append(place)
    return np.sort(np.array(chosen, np.intp))


def make_room(known: npt.NDArray[np.bool_], *, count: int, pinned: int = 0) -> npt.NDArray[np.intp]:
    """Return the places of a list that stay when *count* have to go, ascending.

    Args:
        known: Whether the item of each place is of an interest that the user knows, ``(n,)``.
        count: Places to give up: the lowest of known interests, then the lowest of all.
        pinned: Places at the beginning that stay.
    """
    lowest = np.arange(pinned, len(known))[::-1]
    going = np.concatenate([lowest[known[lowest]], lowest[~known[lowest]]])[:count]
    return np.setdiff1d(np.arange(len(known)), going)
