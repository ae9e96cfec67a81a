"""What everybody takes: the baseline that is hard to beat, and the list for somebody unknown.

popularity   users who had a positive contact with the item
recent       log(1 + Σ 2^(−age / half_life)) over its positive events
fresh        Σ 2^(−age / half_life) over its first positive contacts: what people begin to take
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.recommend.lines import Everywhere, Line
from penchant.recommend.views import first_contacts
from penchant.types import Floats, Rows

__all__ = ["Fresh", "Popularity", "Recent"]


class Popularity:
    """Scores an item by how many users had a positive contact with it.

    Attributes:
        scores_: ``(n_items,)``, ≥ 0.
    """

    name: ClassVar[str] = "popularity"

    def __init__(self) -> None:
        self.scores_: Floats = np.empty(0, np.float32)
        self._line: Line | None = None

    def fit(self, data: Dataset) -> Self:
        """Count the users of each item."""
        contacts = data.all_histories.contacts()
        counts = np.bincount(contacts.indices, minlength=data.n_items)
        return self._with(counts.astype(np.float32))

    def score(self, histories: Histories) -> Floats:
        """Return the same scores for everybody, ``(len(histories), n_items)``."""
        return np.broadcast_to(self.scores_, (len(histories), histories.n_items))

    def line(self, history: Histories) -> Line:  # noqa: ARG002  the same for everybody
        """Return the scores of one history."""
        if self._line is None:
            order = np.argsort(-self.scores_, kind="stable").astype(np.int32)
            self._line = Everywhere(self.scores_, order=order)
        return self._line

    def contributions(self, history: Histories, items: Rows) -> Floats | None:  # noqa: ARG002  the contract
        """Return None: nothing that somebody did is the cause."""
        return None

    def state(self) -> State:
        """Return the learned arrays."""
        return {"scores": self.scores_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        return self._with(state["scores"])

    def _with(self, scores: Floats) -> Self:
        self.scores_, self._line = scores, None
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
        total = self._aged(everything.where(everything.weight > 0), data.span)
        return self._with(np.log1p(total).astype(np.float32))

    def _aged(self, events: Histories, span: float) -> npt.NDArray[np.float64]:
        days = max(self.half_life * span, 1e-6)
        aged = np.exp2(-events.ages() / days)
        total = np.bincount(events.item, weights=aged, minlength=events.n_items)
        return total.astype(np.float64)


class Fresh(Recent):
    """Scores an item by how many took it up lately.

    First contacts alone count: what the same people buy over and over does not count again.

    Args:
        half_life: As for `Recent`.
    """

    name: ClassVar[str] = "fresh"

    def __init__(self, *, half_life: float = 0.03) -> None:
        super().__init__(half_life=half_life)

    def fit(self, data: Dataset) -> Self:
        """Sum the aged first contacts of each item."""
        taken_up = self._aged(first_contacts(data.all_histories), data.span)
        return self._with(taken_up.astype(np.float32))
