"""How much of what is relevant a list finds, and how early.

All of these read *hit*, ``(n, k)``: whether each place of each list holds a relevant item.  A user
for whom nothing is relevant has no accuracy: NaN.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from penchant.metrics.arrays import Hits, Lists, PerUser, check_lists, distinct, ratio
from penchant.types import Matrix

__all__ = [
    "accuracy",
    "hit_rate",
    "hits",
    "ndcg",
    "precision",
    "recall",
    "reciprocal_rank",
]


def accuracy(lists: Lists, *, relevant: Matrix) -> dict[str, PerUser]:
    """Return all metrics of this module by name, each ``(n,)`` in [0, 1].

    Args:
        lists: ``(n, k)``.
        relevant: ``(n, n_items)``, ones.

    Returns:
        ``ndcg, precision, recall, hit, mrr``.

    Raises:
        DataError: If the shapes disagree or an item is not in the catalogue.
    """
    hit = hits(lists, relevant=relevant)
    counts = np.diff(relevant.indptr)
    return {
        "ndcg": ndcg(hit, counts=counts),
        "precision": precision(hit, counts=counts),
        "recall": recall(hit, counts=counts),
        "hit": hit_rate(hit, counts=counts),
        "mrr": reciprocal_rank(hit, counts=counts),
    }


def hits(lists: Lists, *, relevant: Matrix) -> Hits:
    """Return which places hold a relevant item, each item at its first place only, ``(n, k)``.

    Args:
        lists: ``(n, k)``.
        relevant: ``(n, n_items)``, ones.

    Returns:
        Truth by place.

    Raises:
        DataError: If the shapes disagree or an item is not in the catalogue.
    """
    check_lists(lists, n_users=relevant.shape[0], n_items=relevant.shape[1])
    lists = distinct(lists)
    n_items = relevant.shape[1]
    wanted = np.repeat(np.arange(len(lists), dtype=np.int64), np.diff(relevant.indptr)) * n_items
    wanted += relevant.indices
    listed = np.arange(len(lists), dtype=np.int64)[:, None] * n_items + lists
    found: Hits = (lists >= 0) & np.isin(listed, wanted)
    return found


def precision(hit: Hits, *, counts: npt.NDArray[np.integer]) -> PerUser:
    """Return the share of *k* places that hold a relevant item, ``(n,)`` in [0, 1].

    An empty place is a miss, as in TREC's P@k, so a short list gains nothing.
    """
    share: PerUser = hit.sum(axis=1) / max(hit.shape[1], 1)
    return _where_relevant(share, counts)


def recall(hit: Hits, *, counts: npt.NDArray[np.integer]) -> PerUser:
    """Return the share of the *counts* relevant items that is listed, ``(n,)`` in [0, 1]."""
    return ratio(hit.sum(axis=1), counts)


def ndcg(hit: Hits, *, counts: npt.NDArray[np.integer]) -> PerUser:
    """Return the normalised discounted cumulative gain, ``(n,)`` in [0, 1].

    DCG = Σ_r hit_r / log2(r + 1) over ranks r = 1 … k, divided by that of a list which begins with
    min(k, counts) hits (Järvelin and Kekäläinen, 2002, with binary gains).
    """
    discount = 1 / np.log2(np.arange(hit.shape[1]) + 2)
    ideal = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(counts, hit.shape[1])]
    return _where_relevant(ratio(hit @ discount, ideal, empty=0.0), counts)


def hit_rate(hit: Hits, *, counts: npt.NDArray[np.integer]) -> PerUser:
    """Return 1 where a relevant item is listed, else 0, ``(n,)``."""
    return _where_relevant(np.where(hit.any(axis=1), 1.0, 0.0), counts)


def reciprocal_rank(hit: Hits, *, counts: npt.NDArray[np.integer]) -> PerUser:
    """Return 1 / rank of the first hit, 0 without one, ``(n,)`` in [0, 1]; its mean is MRR."""
    ranks = np.arange(1, hit.shape[1] + 1)
    best: PerUser = np.max(hit / ranks, axis=1, initial=0.0)
    return _where_relevant(best, counts)


def _where_relevant(values: PerUser, counts: npt.NDArray[np.integer]) -> PerUser:
    return np.where(counts > 0, values, np.nan)
