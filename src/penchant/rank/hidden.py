"""Weights for the readings of cold items, learned where known items are hidden on purpose.

A tenth of the items that people took is hidden, events and all; the readings are learned from the
rest, and listwise softmax regression finds the weights under which the hidden items that somebody
took come first among all that are hidden.  What is hidden was used, so the encoder has read it;
where it has not read what is cold in truth, the hidden are placed without it too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from penchant.data.dataset import Dataset
from penchant.rank.fusion import Examples, learn_weights, list_quality
from penchant.recommend.cold import Cold, cold_items
from penchant.recommend.readings import READINGS
from penchant.recommend.views import favoured
from penchant.types import Floats, Rows

__all__ = ["examples_of", "learn_cold", "weighed"]

_SHARE: Final = 0.1
_MOST: Final = 2000
"""Items that are hidden at most."""

_USERS: Final = 500
"""Users looked at, spread evenly."""

_READ: Final = 0.5
"""Share of cold items whose texts the encoder has read, below which hidden ones are unread too."""

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
    space = cold.space
    unread = bool(space.taught[space.unit[unknown]].mean() < _READ)
    examples = examples_of(cold, data, hidden, unread=unread)
    if examples is not None:
        learned = weighed(examples)
        cold.weights_ = learned if learned.any() else cold.weights_
    return cold.learn(data, unknown)


def weighed(examples: Examples) -> Floats:
    """Return weights ≥ 0, the last one 0 where it is better so for users not learned from.

    How many will take an item says much where few items are taken by most, and drowns what a
    user likes where it can be read badly from texts.
    """
    quality = np.zeros(2)
    halves = [np.arange(start, len(examples), 2) for start in (0, 1)]
    for own, other in (halves, halves[::-1]):
        for at, last in enumerate((True, False)):
            weights = _learned(examples.take(own), last=last)
            quality[at] += list_quality(examples.take(other), weights).sum()
    return _learned(examples, last=bool(quality[0] > quality[1]))


def _learned(examples: Examples, *, last: bool) -> Floats:
    kept = examples.features.shape[1] - (not last)
    learned = learn_weights(replace(examples, features=examples.features[:, :kept]))
    weights = np.zeros(examples.features.shape[1], np.float32)
    weights[:kept] = np.maximum(learned, 0)
    return weights


def examples_of(cold: Cold, data: Dataset, hidden: Rows, *, unread: bool) -> Examples | None:
    """Return users who took a *hidden* item, with all of these; None if they are too few."""
    rest = data.where(~np.isin(data.item, hidden))
    taken = data.all_histories.contacts()[:, hidden]
    knows = np.diff(favoured(rest.all_histories).indptr) > 0
    users = np.flatnonzero((np.diff(taken.indptr) > 0) & knows)
    if len(users) < _ENOUGH:
        return None
    users = users[np.unique(np.linspace(0, len(users) - 1, _USERS).astype(np.int64))]
    readings = cold.learn(rest, hidden, unread=unread).readings(rest.histories(users))
    target = taken[users].toarray() > 0
    return Examples(
        np.arange(0, target.size + 1, len(hidden)),
        readings.reshape(target.size, -1),
        target.ravel(),
        target.sum(axis=1),
    )
