"""What became of lists that were shown: take-up, conversion, value, by group, freed from position.

    take-up     T / n                          taken items among the n shown ones
    examined    q_p                            chance that place p is looked at, q_1 = 1
    corrected   Σ w_i t_i / Σ w_i q_i          w = 1 / max(q, floor), over the group's impressions
    novelty     Σ −log2(users_i / users) / n   as offline (`penchant.metrics.lists`)

`corrected` is the take-up that the group's items would have at the first place: by inverse
propensity, clipped and self-normalised (Swaminathan and Joachims, 2015).
Examination is learned from items that stood at several places, t ~ Poisson(a_item q_place), by
turns; it starts at 1 / log2(1 + p) and stays there as long as nothing speaks against it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Numbers", "Shown", "Told", "examination", "tell"]

_ROUNDS: Final = 30
_BELIEF: Final = 20.0
"""Take-ups that the first guess of examination is worth, at each place."""

_SHRINK: Final = 2.0
"""Examined impressions of an average item that each item's attraction starts from."""

_FLOOR: Final = 0.05
_Z: Final = 1.96

Numbers = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shown:
    """Items as they were shown, one row each.

    Attributes:
        group: Number of the group, ``(n,)``.
        position: Place in the list, from 1, ``(n,)``.
        item: Number of the item, ``(n,)``.
        taken: Whether it was taken up from that list, ``(n,)``.
        converted: Whether it was bought, ``(n,)``.
        value: What was paid, ``(n,)``; NaN where that is not known.
        bits: How surprising it is that anyone knows the item, ``(n,)``; NaN: nobody can tell.
    """

    group: Ints
    position: Ints
    item: Ints
    taken: Flags
    converted: Flags
    value: Numbers
    bits: Numbers


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the items of one group.

    Attributes:
        impressions: Items shown.
        taken: Of them taken up.
        take_up: Their share.
        low: Lower end of its 95 % interval (Wilson).
        high: Upper end.
        take_up_corrected: At the first place.
        converted: Of the items shown, those bought.
        conversion: Their share.
        value: What was paid; None where no event carries a price.
        items: Different items shown.
        novelty: Mean bits of the items shown; None where they are of no item known.
    """

    impressions: int
    taken: int
    take_up: float
    low: float
    high: float
    take_up_corrected: float
    converted: int
    conversion: float
    value: float | None
    items: int
    novelty: float | None


def examination(shown: Shown) -> Numbers:
    """Return q of the places from the first to the last one shown, ``(places,)``, in (0, 1]."""
    places = int(shown.position.max(initial=1))
    guess = 1 / np.log2(1 + np.arange(1, places + 1))
    at, taken = shown.position - 1, shown.taken.astype(np.float64)
    n_items = int(shown.item.max(initial=0)) + 1
    of_place = np.bincount(at, taken, minlength=places)
    of_item = np.bincount(shown.item, taken, minlength=n_items)
    q = guess
    for _ in range(_ROUNDS):
        looked = np.bincount(shown.item, q[at], minlength=n_items)
        mean = taken.sum() / max(float(looked.sum()), 1e-9)
        attraction = (of_item + _SHRINK * mean) / (looked + _SHRINK)
        expected = np.bincount(at, attraction[shown.item], minlength=places)
        q = (of_place + _BELIEF * guess) / (expected + _BELIEF)
        q = np.clip(q / q[0], 1e-3, 1)
    return q


def tell(shown: Shown, *, groups: int) -> list[Told]:
    """Return what became of each group's items, in the order of their numbers.

    Args:
        shown: All impressions; examination is learned from all of them.
        groups: How many groups there are; one without impressions has rates of 0.
    """
    q = examination(shown)[shown.position - 1]
    weight = 1 / np.maximum(q, _FLOOR)
    counts = np.bincount(shown.group, minlength=groups)

    def total(values: npt.NDArray[np.generic]) -> Numbers:
        weights = values.astype(np.float64)
        return np.bincount(shown.group, weights, minlength=groups).astype(np.float64)

    taken, converted = total(shown.taken), total(shown.converted)
    corrected = total(weight * shown.taken) / np.maximum(total(weight * q), 1e-9)
    priced = total(~np.isnan(shown.value))
    value = total(np.nan_to_num(shown.value))
    known = total(~np.isnan(shown.bits))
    bits = total(np.nan_to_num(shown.bits))
    pairs = np.unique(np.stack([shown.group, shown.item]), axis=1)[0]
    items = np.bincount(pairs, minlength=groups)
    return [
        Told(
            impressions=int(counts[g]),
            taken=int(taken[g]),
            take_up=_share(taken[g], counts[g]),
            low=_wilson(taken[g], counts[g], -_Z),
            high=_wilson(taken[g], counts[g], _Z),
            take_up_corrected=float(corrected[g]),
            converted=int(converted[g]),
            conversion=_share(converted[g], counts[g]),
            value=float(value[g]) if priced[g] else None,
            items=int(items[g]),
            novelty=float(bits[g] / known[g]) if known[g] else None,
        )
        for g in range(groups)
    ]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _wilson(part: float, whole: float, z: float) -> float:
    """Return an end of the interval of a share: the lower one for a negative *z*."""
    if not whole:
        return 0.0 if z < 0 else 1.0
    share, n = part / whole, whole
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return min(max(float((middle + spread) / (1 + z * z / n)), 0.0), 1.0)
