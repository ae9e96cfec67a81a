"""What everybody takes: the baseline that is hard to beat, and the list for somebody unknown.

popularity   users who had a positive contact with the item
recent       log(1 + Σ 2^(−age / half_life)) over its positive events
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.types import Floats, Rows

__all__ = ["Popularity", "Recent"]


class Popularity:
    """Scores an item by how many users had a positive contact with it.

    Attributes:
        scores_: ``(n_items,)``, ≥ 0.
    """

    name: ClassVar[str] = "popularity"

    def __init__(self) -> None:
        self.scores_: Floats = np.empty(0, np.float32)

    def fit(self, data: Dataset) -> Self:
        """Count the users of each item."""
        contacts = data.all_histories.contacts()
        self.scores_ = np.bincount(contacts.indices, minlength=data.n_items).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Floats:
        """Return the same scores for everybody, ``(len(histories), n_items)``."""
        return np.broadcast_to(self.scores_, (len(histories), histories.n_items))

    def contributions(self, history: Histories, items: Rows) -> Floats | None:  # noqa: ARG002  the contract
        """Return None: nothing that somebody did is the cause."""
        return None

    def state(self) -> State:
        """Return the learned arrays."""
        return {"scores": self.scores_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.scores_ = state["scores"]
        return self


class Recent(Popularity):
    """Scores an item by its positive events, recent ones counting more.

    Args:
        half_life: Share of the data's span after which an event counts half, > 0.
    """

    name: ClassVar[str] = "recent"

    def __init__(self, *, half_life: float = 0.05) -> None:
        super().__init__()
        self.half_life = half_life

    def fit(self, data: Dataset) -> Self:
        """Sum the aged events of each item."""
        everything = data.all_histories
        events = everything.where(everything.weight > 0)
        days = max(self.half_life * data.span, 1e-6)
        aged = np.exp2(-events.ages() / days)
        total = np.bincount(events.item, weights=aged, minlength=data.n_items)
        self.scores_ = np.log1p(total).astype(np.float32)
        return self
