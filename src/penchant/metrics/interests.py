"""Metrics of proposed interests: lists of interests instead of items, judged by the same rules.

    proposed   (n, k)             interests, best first, −1 where a list has ended
    novel      (n, n_interests)   which interests a user had not met when asked
    taken      (n, n_interests)   ones: the novel interests that were taken up afterwards

Recall and nDCG are those of `penchant.metrics.accuracy` with interests for items.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from penchant.metrics.accuracy import hits, ndcg, recall
from penchant.metrics.arrays import Lists, PerUser
from penchant.types import Floats, Matrix, Rows

__all__ = ["engaged", "overlap", "proposals", "taken_up"]


def proposals(scores: Floats, *, novel: npt.NDArray[np.bool_], k: int) -> npt.NDArray[np.int32]:
    """Return the *k* best novel interests of each user, ``(n, k)``; ties keep their order.

    Args:
        scores: ``(n, n_interests)``, higher is better.
        novel: ``(n, n_interests)``.
        k: Length of the lists, ≥ 1.
    """
    ranked = np.argsort(np.where(novel, -scores, np.inf), axis=1, kind="stable")[:, :k]
    kept = np.take_along_axis(novel, ranked, axis=1)
    out = np.full((len(scores), k), -1, np.int32)
    out[:, : ranked.shape[1]] = np.where(kept, ranked, -1)
    return out


def taken_up(proposed: Lists, *, taken: Matrix, ks: tuple[int, ...]) -> dict[str, PerUser]:
    """Return ``recall@k`` for each of *ks* and ``ndcg@K`` for the whole lists, each ``(n,)``.

    Args:
        proposed: ``(n, K)``.
        taken: ``(n, n_interests)``, ones.
        ks: Lengths, each ≤ K.
    """
    hit, counts = hits(proposed, relevant=taken), np.diff(taken.indptr)
    found = {f"recall@{k}": recall(hit[:, :k], counts=counts) for k in ks}
    return {**found, f"ndcg@{proposed.shape[1]}": ndcg(hit, counts=counts)}


def engaged(lists: Lists, *, relevant: Matrix, touch: Rows) -> PerUser:
    """Return how many distinct interests the hits of each list touch, ``(n,)``, ≥ 0.

    Args:
        lists: Items, ``(n, k)``.
        relevant: Items taken up, ``(n, n_items)``, ones.
        touch: Interest of each item, ``(n_items,)``.
    """
    hit = hits(lists, relevant=relevant)
    rows, places = np.nonzero(hit)
    met = np.unique(np.stack([rows, touch[lists[rows, places]]]), axis=1)
    return np.bincount(met[0], minlength=len(lists)).astype(np.float64)


def overlap(left: Lists, right: Lists) -> PerUser:
    """Return the Jaccard index of each pair of rows as sets, ``(n,)``; NaN where both are empty.

    Args:
        left: ``(n, k)``, −1 for nothing.
        right: ``(n, k)``.
    """
    out = np.full(len(left), np.nan)
    for row, (a, b) in enumerate(zip(left, right, strict=True)):
        ours, theirs = set(a[a >= 0].tolist()), set(b[b >= 0].tolist())
        if ours | theirs:
            out[row] = len(ours & theirs) / len(ours | theirs)
    return out
