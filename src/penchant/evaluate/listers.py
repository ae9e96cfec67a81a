"""What an experiment compares: anything that makes lists for users of the data it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset
from penchant.errors import DataError
from penchant.recommend.base import Recommender
from penchant.types import Rows, top_k

__all__ = [
    "Factory",
    "Lister",
    "ListerOf",
    "VariedLister",
    "checked_lists",
    "of_recommender",
    "popular_lists",
]

_BATCH: Final = 256
"""Users scored at once."""


class Lister(Protocol):
    """A fitted model that makes lists."""

    def lists(self, users: Rows, k: int) -> npt.NDArray[np.integer]:
        """Return rows of items, best first, for *users* (rows), ``(len(users), k)``.

        A list holds no item twice; one that is shorter ends in −1.
        """
        ...


@runtime_checkable
class VariedLister(Lister, Protocol):
    """One whose lists can be less of the same."""

    def varied(self, users: Rows, k: int, diversity: float) -> npt.NDArray[np.integer]:
        """Return lists as `lists` does, at a *diversity* in [0, 1]; at 0 they are those."""
        ...


Factory: TypeAlias = Callable[[Dataset], Lister]
"""Fits a model on the training part of an experiment and on nothing else."""


class ListerOf:
    """Makes lists from a recommender's scores: the best items that a user has not touched.

    Args:
        recommender: Fitted on *train*.
        train: Holds the histories.
        candidates: Which items may be listed, ``(n_items,)``; None: all.
        include_seen: Whether touched items may be listed too.
    """

    def __init__(
        self,
        recommender: Recommender,
        train: Dataset,
        *,
        candidates: npt.NDArray[np.bool_] | None = None,
        include_seen: bool = False,
    ) -> None:
        self._recommender = recommender
        self._train = train
        self._candidates = candidates
        self._include_seen = include_seen

    def lists(self, users: Rows, k: int) -> npt.NDArray[np.integer]:
        """Return the *k* best items for each of *users*; see `Lister`."""
        out = np.full((len(users), k), -1, np.int32)
        for start in range(0, len(users), _BATCH):
            histories = self._train.histories(users[start : start + _BATCH])
            scores = np.array(self._recommender.score(histories), np.float32)
            if not self._include_seen:
                scores[histories.seen().nonzero()] = -np.inf
            if self._candidates is not None:
                scores[:, ~self._candidates] = -np.inf
            for row, values in enumerate(scores, start):
                best = top_k(values, k)
                out[row, : len(best)] = best
        return out


def of_recommender(
    make: Callable[[], Recommender],
    *,
    candidates: npt.NDArray[np.bool_] | None = None,
    include_seen: bool = False,
) -> Factory:
    """Return a factory that fits what *make* returns; see `ListerOf` for the other arguments."""

    def fit(train: Dataset) -> Lister:
        fitted = make().fit(train)
        return ListerOf(fitted, train, candidates=candidates, include_seen=include_seen)

    return fit


def popular_lists(
    train: Dataset, users: Rows, *, popularity: npt.NDArray[np.integer], k: int
) -> npt.NDArray[np.int32]:
    """Return the *k* most popular items that each of *users* has not touched, ``(n, k)``.

    Ties keep the order of the catalogue.  This is what anybody would expect to be shown.
    """
    order = np.argsort(-popularity, kind="stable").astype(np.int32)
    seen = train.histories(users).seen()
    touched = np.zeros(train.n_items, np.bool_)
    out = np.full((len(users), k), -1, np.int32)
    for row in range(len(users)):
        own = seen.indices[seen.indptr[row] : seen.indptr[row + 1]]
        touched[own] = True
        head = order[: k + len(own)]
        best = head[~touched[head]][:k]
        out[row, : len(best)] = best
        touched[own] = False
    return out


def checked_lists(
    lists: npt.NDArray[np.integer], *, name: str, n_users: int, k: int, n_items: int
) -> npt.NDArray[np.int32]:
    """Return *lists* if they are what a `Lister` promises.

    Args:
        lists: What a model returned.
        name: The model's.
        n_users: How many users were asked for.
        k: How long lists should be.
        n_items: Size of the catalogue.

    Returns:
        The lists as 32-bit rows.

    Raises:
        DataError: If the shape is another, a row is not of the catalogue, or a list repeats an
            item; it names the model.
    """
    lists = np.asarray(lists)
    if lists.shape != (n_users, k) or not np.issubdtype(lists.dtype, np.integer):
        raise DataError(
            f"model {name!r} made lists of shape {lists.shape} and {lists.dtype}, "
            f"expected whole numbers ({n_users}, {k})"
        )
    wrong = lists[(lists < -1) | (lists >= n_items)]
    if wrong.size:
        raise DataError(f"model {name!r} lists item {int(wrong[0])} of a catalogue of {n_items}")
    ordered = np.sort(lists, axis=1)
    again = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
    if again.any():
        item = int(ordered[:, 1:][again][0])
        raise DataError(f"model {name!r} lists item {item} twice for one user")
    return lists.astype(np.int32)
