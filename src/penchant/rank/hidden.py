"""Weights for the readings of cold items, learned where known items are hidden on purpose.

A tenth of the items that people took is hidden, events and all; the readings are learned from the
rest, and listwise softmax regression finds the weights under which the hidden items that somebody
took come first among all that are hidden.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from penchant.data.dataset import Dataset
from penchant.rank.fusion import Examples, learn_weights
from penchant.recommend.cold import Cold, cold_items
from penchant.recommend.readings import READINGS
from penchant.recommend.views import favoured
from penchant.types import Rows

__all__ = ["learn_cold"]

_SHARE: Final = 0.1
_MOST: Final = 2000
"""Items that are hidden at most."""

_USERS: Final = 500
"""Users looked at, spread evenly."""

_ENOUGH: Final = 20
"""Users who took a hidden item from which weights are learned."""


def learn_cold(cold: Cold, data: Dataset, *, seed: int = 0) -> Cold:
    """Give *cold* its weights, learn of *data* what is cold, and return it.

    Nothing is hidden where every item is known; with too few users all weights are 1.
    """
    cold.weights_ = np.ones(len(READINGS), np.float32)
    unknown = cold_items(data)
    if not len(unknown):
        return cold.learn(data, unknown)
    known = np.setdiff1d(np.arange(data.n_items, dtype=np.int32), unknown)
    count = min(int(_SHARE * len(known)), _MOST)
    hidden = np.sort(np.random.default_rng(seed).permutation(known)[:count])
    examples = _examples(cold, data, hidden)
    if examples is not None:
        learned = np.maximum(learn_weights(examples), 0)
        cold.weights_ = learned if learned.any() else cold.weights_
    return cold.learn(data, unknown)


def _examples(cold: Cold, data: Dataset, hidden: Rows) -> Examples | None:
    """Return users who took a *hidden* item, with all of these; None if they are too few."""
    rest = data.where(~np.isin(data.item, hidden))
    taken = data.all_histories.contacts()[:, hidden]
    knows = np.diff(favoured(rest.all_histories).indptr) > 0
    users = np.flatnonzero((np.diff(taken.indptr) > 0) & knows)
    if len(users) < _ENOUGH:
        return None
    users = users[np.unique(np.linspace(0, len(users) - 1, _USERS).astype(np.int64))]
    readings = cold.learn(rest, hidden).readings(rest.histories(users))
    target = taken[users].toarray() > 0
    return Examples(
        np.arange(0, target.size + 1, len(hidden)),
        readings.reshape(target.size, -1),
        target.ravel(),
        target.sum(axis=1),
    )
