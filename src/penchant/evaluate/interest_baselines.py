"""What proposing new interests is held to: simple scores, and recommenders of items summed up.

random, popularity, recent, adoption, successors, centroid      `penchant.rank.explore_scores`
interest-ease, interest-neighbours                              of interests, there too
item-cf, item-ease, item-neighbours    Σ over the items of an interest of max(0, score)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from scipy import sparse

from penchant.data.dataset import Dataset, Histories
from penchant.interests.partition import Partition
from penchant.rank.explore_scores import (
    Centroid,
    Common,
    InterestEase,
    InterestScorer,
    Random,
    Successors,
    Users,
)
from penchant.rank.explore_views import Past
from penchant.recommend.ease import Ease
from penchant.recommend.neighbours import Neighbours
from penchant.types import Floats, Matrix

__all__ = ["SIMPLE", "ItemCf", "ItemScores", "interest_scores", "item_scores"]

SIMPLE: Final = ("popularity", "recent", "successors", "item-cf")
"""Baselines that a proposal should beat clearly."""

_BATCH: Final = 256
_HEAD: Final = 4000


class ItemCf:
    """Items that were taken together: cosine of their users, summed over a history.

    Args:
        items: Items modelled, the most popular ones; the others score 0.  ≥ 1.
    """

    def __init__(self, *, items: int = _HEAD) -> None:
        self.items = items
        self._alike: Floats = np.empty((0, 0), np.float32)
        self._head = np.empty(0, np.int64)

    def fit(self, data: Dataset) -> ItemCf:
        """Count who took what together."""
        contacts = data.all_histories.contacts()
        popularity = np.bincount(contacts.indices, minlength=data.n_items)
        head = np.argsort(-popularity, kind="stable")[: self.items]
        self._head = head[popularity[head] > 0]
        columns = contacts[:, self._head]
        alike = (columns.T @ columns).toarray().astype(np.float32)
        length = np.sqrt(np.diag(alike))
        alike /= np.outer(length, length)
        np.fill_diagonal(alike, 0)
        self._alike = alike
        return self

    def score(self, histories: Histories) -> Floats:
        """Return Σ_h cos(h, i), ``(len(histories), n_items)``."""
        out = np.zeros((len(histories), histories.n_items), np.float32)
        out[:, self._head] = histories.contacts()[:, self._head].toarray() @ self._alike
        return out


class ItemScores:
    """A recommender's scores of items, added up by interest.

    Args:
        recommender: Fitted; scores histories.
        partition: Of the items.
    """

    def __init__(self, recommender: Ease | Neighbours | ItemCf, partition: Partition) -> None:
        self._recommender = recommender
        self._sum = summing(partition)

    def score(self, past: Past) -> Floats:
        """Return Σ_i max(0, score_i) over the items of each interest."""
        out = np.empty((len(past), past.n_interests), np.float32)
        for start in range(0, len(past), _BATCH):
            rows = np.arange(start, min(start + _BATCH, len(past)))
            scores = np.maximum(self._recommender.score(past.histories.take(rows)), 0)
            out[rows] = scores @ self._sum
        return out


def summing(partition: Partition) -> Matrix:
    """Return what adds items up by interest: ones, ``(n_items, n_interests)``."""
    n = len(partition.touch)
    ones = np.ones(n, np.float32)
    return sparse.csr_array((ones, partition.touch, np.arange(n + 1)), shape=(n, len(partition)))


def interest_scores(
    past: Past, directions: Floats | None, *, seed: int
) -> dict[str, Callable[[Past], Floats]]:
    """Return the baselines that know interests alone, fitted on everybody's *past*, by name.

    Args:
        past: What everybody did.
        directions: Of the interests, ``(n_interests, dim)``; None leaves out ``centroid``.
        seed: Start of the draws of ``random``.
    """
    made: dict[str, InterestScorer] = {
        "random": Random(seed=seed),
        **{name: Common(name) for name in ("popularity", "recent", "adoption")},
        "successors": Successors(),
    }
    if directions is not None:
        made["centroid"] = Centroid(directions)
    made |= {"interest-ease": InterestEase(), "interest-neighbours": Users()}
    return {name: scorer.fit(past).score for name, scorer in made.items()}


_ITEMS: Final[Mapping[str, Callable[[], Ease | Neighbours | ItemCf]]] = MappingProxyType(
    {"item-cf": ItemCf, "item-ease": Ease, "item-neighbours": Neighbours}
)


def item_scores(train: Dataset) -> dict[str, Ease | Neighbours | ItemCf]:
    """Return the recommenders of items, fitted on *train*, by the names of their baselines."""
    return {name: make().fit(train) for name, make in _ITEMS.items()}
