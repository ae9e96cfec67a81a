"""Scores of interests from items: one thing that somebody took tells more than its interest does.

item-ease    x · (B A)       B from `penchant.recommend.ease`, A sums items up by interest
item-steps   x_fresh · P     P[h, j] = Σ over first meetings with j, d ≤ 20 events after h, of 1/d,
over the same of all interests + 5
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.rank.explore_views import Past
from penchant.recommend.base import State
from penchant.recommend.ease import ease_weights
from penchant.types import Floats, Matrix

__all__ = ["ItemEase", "ItemSteps"]

_REACH = 20
"""Events that a step may span."""

_SHRINK = 5.0


class _ItemTable:
    """A table with a row for each item of the head of a catalogue.

    Attributes:
        head_: Rows of these items, ``(n_head,)``.
        table_: ``(n_head, n_interests)``.
    """

    def __init__(self, view: Callable[[Past], Matrix]) -> None:
        self._view = view
        self.head_: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.table_: Floats = np.empty((0, 0), np.float32)

    def score(self, past: Past) -> Floats:
        """Return x · table, ``(len(past), n_interests)``."""
        return np.asarray(self._view(past)[:, self.head_] @ self.table_, np.float32)

    def state(self) -> State:
        """Return the learned arrays."""
        return {"head": self.head_, "table": self.table_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.head_, self.table_ = np.asarray(state["head"]), np.asarray(state["table"])
        return self


class ItemEase(_ItemTable):
    """Every item predicted from all others, summed up by interest.

    Args:
        items: Items modelled, the most popular ones, ≥ 1.
        regularization: λ, > 0.
    """

    name = "item-ease"

    def __init__(self, *, items: int = 2000, regularization: float = 300.0) -> None:
        super().__init__(lambda past: past.items)
        self.items = items
        self.regularization = regularization

    def fit(self, past: Past) -> Self:
        """Solve for B and sum it up."""
        self.head_ = _most(np.bincount(past.items.indices, minlength=len(past.touch)), self.items)
        weights = ease_weights(past.items[:, self.head_], regularization=self.regularization)
        self.table_ = weights @ _summing(past)[self.head_].toarray()
        return self


class ItemSteps(_ItemTable):
    """Which interests people first meet soon after an item.

    Args:
        items: Items modelled, those with most steps, ≥ 1.
    """

    name = "item-steps"

    def __init__(self, *, items: int = 4000) -> None:
        super().__init__(lambda past: past.fresh)
        self.items = items

    def fit(self, past: Past) -> Self:
        """Count steps from items to first meetings."""
        steps = _steps(past)
        total = np.asarray(steps.sum(axis=1)).ravel()
        self.head_ = _most(total, self.items)
        counted = steps[self.head_].toarray() / (total[self.head_, None] + _SHRINK)
        self.table_ = counted.astype(np.float32)
        return self


def _steps(past: Past) -> Matrix:
    """Return the steps from each item to each interest, ``(n_items, n_interests)``."""
    histories: Histories = past.histories
    user = histories.user
    causes, effects, weights = [], [], []
    for distance in range(1, _REACH + 1):
        later = past.first[past.first >= distance]
        later = later[user[later] == user[later - distance]]
        causes.append(histories.item[later - distance])
        effects.append(past.interest[later])
        weights.append(np.full(len(later), 1 / distance, np.float32))
    at = (np.concatenate(causes), np.concatenate(effects))
    shape = (len(past.touch), past.n_interests)
    return sparse.csr_array(sparse.coo_array((np.concatenate(weights), at), shape=shape).tocsr())


def _most(counts: npt.NDArray[np.number], items: int) -> npt.NDArray[np.int64]:
    """Return the rows of the *items* largest *counts*, those above 0, largest first."""
    order = np.argsort(-counts, kind="stable")[:items]
    return order[counts[order] > 0]


def _summing(past: Past) -> Matrix:
    n = len(past.touch)
    ones = np.ones(n, np.float32)
    return sparse.csr_array((ones, past.touch, np.arange(n + 1)), shape=(n, past.n_interests))
