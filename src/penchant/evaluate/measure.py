"""What one model's lists are worth: one value a user and metric, and a few numbers of them all.

A `Judge` is made once from the split and measures every model with the same eyes: popularity,
histories and novelty are those of the training part, and so is what popularity would have listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant import metrics
from penchant.data.dataset import Dataset
from penchant.data.splits import Held
from penchant.errors import DataError
from penchant.evaluate.listers import popular_lists
from penchant.interests.features import touches
from penchant.types import Floats, Matrix, Rows

__all__ = ["ACCURACY", "Judge", "PerUser", "Totals", "activity_steps"]

PerUser = dict[str, npt.NDArray[np.float64]]
"""One value a user, ``(n,)``, by metric; NaN where a user has none."""

Totals = dict[str, float]
"""Numbers of all lists together, by metric."""

ACCURACY: Final = ("ndcg", "precision", "recall", "hit", "mrr")
"""Metrics of finding what is relevant, the first the one that models are compared by."""

_STEPS: Final = (0, 1, 5, 10, 20, 50, 100, 200)
"""Where steps of activity begin, in items that a user had."""


@dataclass(frozen=True)
class Judge:
    """What lists for some users are measured against.

    Attributes:
        train: What models learnt from.
        test: What should have been listed, by user.
        k: Length of the lists.
        negatives: What the test part speaks against, for the same users.
        vectors: ``(n_items, dim)``; None leaves out what needs them.
        features: *V*, ``(n_items, n_interests)``; None leaves out what needs it.
    """

    train: Dataset
    test: Held
    k: int
    negatives: Held | None = None
    vectors: Floats | None = None
    features: Matrix | None = None

    def __post_init__(self) -> None:
        for name, array in ("vectors", self.vectors), ("features", self.features):
            if array is not None and array.shape[0] != self.train.n_items:
                raise DataError(f"{array.shape[0]} item {name} for {self.train.n_items} items")

    @property
    def users(self) -> Rows:
        """Rows of the users, ``(n,)``."""
        return self.test.users

    @cached_property
    def relevant(self) -> Matrix:
        """What should be listed, ``(n, n_items)``."""
        return self.test.matrix()

    @cached_property
    def had(self) -> Matrix:
        """What each user had a positive contact with before, ``(n, n_items)``."""
        return self.train.histories(self.users).contacts()

    @cached_property
    def activity(self) -> npt.NDArray[np.int64]:
        """How many items each user had before, ``(n,)``."""
        items: npt.NDArray[np.int64] = np.diff(self.had.indptr).astype(np.int64)
        return items

    @cached_property
    def popularity(self) -> npt.NDArray[np.int64]:
        """How many users had each item, ``(n_items,)``."""
        touched = self.train.histories().contacts().indices
        counts: npt.NDArray[np.int64] = np.bincount(touched, minlength=self.train.n_items)
        return counts

    @cached_property
    def cold(self) -> npt.NDArray[np.bool_]:
        """Which items have no training event at all, ``(n_items,)``."""
        cold: npt.NDArray[np.bool_]
        cold = np.bincount(self.train.item, minlength=self.train.n_items) == 0
        return cold

    @cached_property
    def n_users(self) -> int:
        """How many users had anything before."""
        return len(np.unique(self.train.user[self.train.weight > 0]))

    @cached_property
    def _units(self) -> Floats | None:
        return None if self.vectors is None else metrics.unit_rows(self.vectors)

    def accuracy(self, lists: npt.NDArray[np.int32]) -> PerUser:
        """Return how much of what is relevant *lists*, ``(n, k)``, find."""
        return metrics.accuracy(lists, relevant=self.relevant)

    def accuracy_of(self, lists: npt.NDArray[np.int32], items: npt.NDArray[np.bool_]) -> PerUser:
        """Return how much of what is relevant among *items*, ``(n_items,)``, *lists* find.

        The lists are the same as ever, of all items: how good they are at placing these.
        """
        some = self.relevant.multiply(items[None, :].astype(np.float32)).tocsr()
        some.eliminate_zeros()
        return metrics.accuracy(lists, relevant=Matrix(some))

    def beyond(self, lists: npt.NDArray[np.int32]) -> PerUser:
        """Return everything else that *lists*, ``(n, k)``, are, by user."""
        popularity, n_users = self.popularity, self.n_users
        hit = metrics.hits(lists, relevant=self.relevant)
        found: PerUser = {
            "novelty": metrics.self_information(lists, popularity=popularity, n_users=n_users),
            "popularity": metrics.average_popularity(lists, popularity=popularity, n_users=n_users),
            "popularity_lift": metrics.popularity_lift(
                lists, histories=self.had, popularity=popularity
            ),
            "serendipity": metrics.serendipity(hit, unexpected=~_stands_in(lists, self.usual)),
            "seen": _share(lists, self.train.histories(self.users).seen()),
        }
        if self.negatives is not None:
            found["disliked"] = _share(lists, self.negatives.matrix())
        if self._units is not None:
            found |= self._by_vectors(lists, hit, self._units)
        if self.features is not None:
            found |= self._by_interests(lists, self.features)
        return found

    def _by_vectors(
        self, lists: npt.NDArray[np.int32], hit: npt.NDArray[np.bool_], units: Floats
    ) -> PerUser:
        away = metrics.history_distances(lists, histories=self.had, vectors=units)
        far = np.clip(np.nan_to_num(away.nearest), 0, 1)
        return {
            "history_distance": away.per_user(),
            "history_distance_mean": away.per_user("average"),
            "diversity": metrics.diversity(lists, vectors=units),
            "serendipity_far": metrics.serendipity(hit, unexpected=far),
        }

    def _by_interests(self, lists: npt.NDArray[np.int32], features: Matrix) -> PerUser:
        before = metrics.interest_shares(self.had, features=features)
        after = metrics.interest_shares(_as_matrix(lists, self.train.n_items), features=features)
        units = metrics.unit_rows(features.toarray())
        return {
            "breadth": metrics.breadth(lists, touch=touches(features)),
            "interest_diversity": metrics.diversity(lists, vectors=units),
            "calibration_js": metrics.jensen_shannon(before, after),
            "calibration_kl": metrics.kullback_leibler(before, after),
        }

    def totals(self, lists: npt.NDArray[np.int32]) -> Totals:
        """Return what *lists*, ``(n, k)``, are all together."""
        exposure = metrics.exposure(lists, n_items=self.train.n_items)
        return {
            "coverage": metrics.coverage(lists, n_items=self.train.n_items),
            "gini": metrics.gini(exposure),
            "cold_share": float(exposure[self.cold].sum() / max(exposure.sum(), 1)),
            "filled": float((lists >= 0).mean()) if lists.size else 0.0,
        }

    @cached_property
    def usual(self) -> npt.NDArray[np.int32]:
        """What popularity would have listed, ``(n, k)``."""
        return popular_lists(self.train, self.users, popularity=self.popularity, k=self.k)


def activity_steps(activity: npt.NDArray[np.int64]) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    """Return steps of *activity*, ``(n,)``, that have users: "5–9", and who is in it, ``(n,)``."""
    steps = []
    for low, end in zip(_STEPS, (*_STEPS[1:], None), strict=True):
        inside = (activity >= low) & (activity < end) if end is not None else activity >= low
        name = f"{low}+" if end is None else f"{low}–{end - 1}" if end - 1 > low else f"{low}"
        if inside.any():
            steps.append((name, inside))
    return steps


def _stands_in(
    lists: npt.NDArray[np.int32], others: npt.NDArray[np.int32]
) -> npt.NDArray[np.bool_]:
    same: npt.NDArray[np.bool_] = (lists[:, :, None] == others[:, None, :]).any(axis=2)
    return same


def _as_matrix(lists: npt.NDArray[np.int32], n_items: int) -> Matrix:
    rows, places = np.nonzero(lists >= 0)
    ones = np.ones(len(rows), np.float32)
    return Matrix((ones, (rows, lists[rows, places])), shape=(len(lists), n_items))


def _share(lists: npt.NDArray[np.int32], of: Matrix) -> npt.NDArray[np.float64]:
    """Return which share of *k* places holds an item of the user's row of *of*, ``(n,)``."""
    share: npt.NDArray[np.float64]
    share = metrics.hits(lists, relevant=of).sum(axis=1) / max(lists.shape[1], 1)
    return share
