"""What lists show beside what was asked for: how much of the catalogue, and how well known it is.

*popularity*, ``(n_items,)``, is the number of users who had a positive contact with each item.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from penchant.errors import DataError
from penchant.metrics.arrays import Hits, Lists, PerUser, check_lists, mean_over_items, ratio
from penchant.types import Matrix

__all__ = [
    "average_popularity",
    "coverage",
    "exposure",
    "gini",
    "popularity_lift",
    "self_information",
    "serendipity",
]


def coverage(lists: Lists, *, n_items: int) -> float:
    """Return the share of the catalogue that stands in at least one list, in [0, 1].

    Args:
        lists: ``(n, k)``.
        n_items: Size of the catalogue.

    Returns:
        The share.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    return float((exposure(lists, n_items=n_items) > 0).mean()) if n_items else 0.0


def exposure(lists: Lists, *, n_items: int) -> npt.NDArray[np.int64]:
    """Return in how many places each item stands, ``(n_items,)``.

    Args:
        lists: ``(n, k)``.
        n_items: Size of the catalogue.

    Returns:
        Places by item.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    check_lists(lists, n_users=len(lists), n_items=n_items)
    return np.bincount(lists[lists >= 0], minlength=n_items)


def gini(counts: npt.NDArray[np.integer]) -> float:
    """Return how unequally *counts*, ``(n_items,)``, are spread, in [0, 1).

    0 where all are equal; (n − 1) / n where one item has all.
    G = Σ_j (2j − n − 1) c_j / (n Σ c) over counts in ascending order (Gini, 1912; of exposure in
    lists: Castells, Hurley and Vargas, 2015).  0 where nothing is counted.

    Args:
        counts: ``(n_items,)``, ≥ 0.

    Returns:
        The coefficient.

    Raises:
        DataError: If a count is negative.
    """
    if counts.size and counts.min() < 0:
        raise DataError(f"counts must not be negative, got {counts.min()!r}")
    total, n = float(counts.sum()), len(counts)
    if not total:
        return 0.0
    ordered = np.sort(counts).astype(np.float64)
    return max(float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)), 0.0)


def self_information(lists: Lists, *, popularity: npt.NDArray[np.integer], n_users: int) -> PerUser:
    """Return how surprising it is that anyone knows the items of a list, in bits, ``(n,)`` ≥ 0.

    The mean of −log2(popularity / n_users) over its items (Zhou and others, 2010); an item that
    nobody knows counts as known to one user.  NaN for an empty list.

    Args:
        lists: ``(n, k)``.
        popularity: ``(n_items,)``, ≥ 0.
        n_users: How many users there are.

    Returns:
        One value a user.

    Raises:
        DataError: If an item is not in the catalogue, or better known than there are users.
    """
    if popularity.size and popularity.max() > max(n_users, 1):
        raise DataError(f"an item has {popularity.max()} users of {n_users}")
    bits = -np.log2(np.maximum(popularity, 1) / max(n_users, 1))
    return mean_over_items(lists, bits)


def average_popularity(
    lists: Lists, *, popularity: npt.NDArray[np.integer], n_users: int
) -> PerUser:
    """Return which share of all users knows the items of a list, on average, ``(n,)`` in [0, 1].

    Average recommendation popularity (Yin and others, 2012).  NaN for an empty list.

    Args:
        lists: ``(n, k)``.
        popularity: ``(n_items,)``, ≥ 0.
        n_users: How many users there are.

    Returns:
        One value a user.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    return mean_over_items(lists, popularity / max(n_users, 1))


def popularity_lift(
    lists: Lists, *, histories: Matrix, popularity: npt.NDArray[np.integer]
) -> PerUser:
    """Return how much better known a user's list is than their history, ``(n,)``, ≥ −1.

    mean popularity of the list / mean popularity of the items of the history − 1, by user; 0 where
    lists are as well known as what people had (after ΔGAP of Abdollahpouri and others, 2019).  NaN
    for an empty list, an empty history or one of items that nobody knows.

    Args:
        lists: ``(n, k)``.
        histories: ``(n, n_items)``; what is not zero was touched.
        popularity: ``(n_items,)``, ≥ 0.

    Returns:
        One value a user.

    Raises:
        DataError: If the shapes disagree or an item is not in the catalogue.
    """
    check_lists(lists, n_users=histories.shape[0], n_items=histories.shape[1])
    touched = histories.astype(np.bool_).astype(np.float64)
    before = ratio(touched @ popularity, np.diff(touched.indptr))
    shown = mean_over_items(lists, popularity.astype(np.float64))
    return ratio(shown, np.nan_to_num(before)) - 1


def serendipity(hit: Hits, *, unexpected: npt.NDArray[np.floating] | Hits) -> PerUser:
    """Return the share of *k* places that are relevant and unexpected, ``(n,)`` in [0, 1].

    Σ_r hit_r · unexpected_r / k.  With *unexpected* telling which items a primitive model (here
    popularity) would not have listed, this is the measure of Ge, Delgado-Battenfeld and Jannach
    (2010); with the distance of each item from the user's history it is graded.

    Args:
        hit: ``(n, k)``.
        unexpected: ``(n, k)`` in [0, 1].

    Returns:
        One value a user.

    Raises:
        DataError: If the shapes disagree or *unexpected* is out of range.
    """
    if hit.shape != unexpected.shape:
        raise DataError(f"unexpected has shape {unexpected.shape}, expected {hit.shape}")
    chosen = unexpected[hit].astype(np.float64)
    if chosen.size and not (chosen.min() >= 0 and chosen.max() <= 1):
        raise DataError("unexpected must be in [0, 1]")
    graded: PerUser = np.where(hit, unexpected, 0.0).sum(axis=1) / max(hit.shape[1], 1)
    return graded
