"""The seam of recommenders.

A recommender is fitted on a data set and then scores *histories*, never user ids: known users,
visitors with three clicks and events of this minute take the same way.  ``penchant.testing`` has
the contract that each keeps; the checkerboard is part of it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from penchant.data.dataset import Dataset, Histories
from penchant.types import Floats, Rows

__all__ = ["Recommender", "State"]

State = dict[str, np.ndarray[Any, Any]]
"""Learned arrays by name; what a snapshot keeps of a recommender."""


@runtime_checkable
class Recommender(Protocol):
    """Scores every item for a batch of histories.

    Attributes:
        name: What users call it, in lower case: ``ease``.
    """

    name: ClassVar[str]

    def fit(self, data: Dataset) -> Self:
        """Learn from the positive and negative events of *data* and return itself."""
        ...

    def score(self, histories: Histories) -> Floats:
        """Return a score per user and item, ``(len(histories), n_items)``, higher is better.

        An empty history gets finite scores too.  Seen items are not masked.
        """
        ...

    def contributions(self, history: Histories, items: Rows) -> Floats | None:
        """Return how much each past event brings to the score of each of *items*.

        Args:
            history: A batch of one user with *n* events.
            items: Rows of the items asked for, ``(m,)``.

        Returns:
            ``(m, n)``; a row sums to the item's score up to what the history has no part in.
            None where no event is a cause (popularity).
        """
        ...

    def state(self) -> State:
        """Return the learned arrays."""
        ...

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned and return itself."""
        ...
