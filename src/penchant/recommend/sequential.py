"""What comes next: directed transitions between items.

T_hi   Σ over users of 1 / distance, where i follows h within ten first contacts
T      ← diag(1 / (Σ_i T_hi + 5)) T diag(popularity_i^−0.3)      rare causes, popular items damped
score  Σ_h 0.8^(steps back) T_hi                                 over the last ten contacts
"""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np
from scipy import sparse

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.recommend.lines import Line, Somewhere, block, row_sum
from penchant.recommend.views import by_item, favoured_first, first_contacts, share_out, steps_back
from penchant.types import Floats, Matrix, Rows

__all__ = ["Transitions"]

_SHRINK: Final = 5.0


class Transitions:
    """Scores an item by how often it followed what somebody did last.

    Args:
        steps: How far behind a successor may be, ≥ 1.
        last: How many of somebody's last contacts count, ≥ 1.
        decay: What a contact counts beside the one after it, in (0, 1].
        damping: Power of popularity that successors are divided by, ≥ 0.

    Attributes:
        successors_: T, CSR ``(n_items, n_items)``.
    """

    name: ClassVar[str] = "transitions"

    def __init__(
        self, *, steps: int = 10, last: int = 10, decay: float = 0.8, damping: float = 0.3
    ) -> None:
        self.steps = steps
        self.last = last
        self.decay = decay
        self.damping = damping
        self.successors_: Matrix = sparse.csr_array((0, 0), dtype=np.float32)

    def fit(self, data: Dataset) -> Self:
        """Count who follows whom."""
        used = first_contacts(data.all_histories)
        user, item, shape = used.user, used.item, (data.n_items, data.n_items)
        counts = sparse.csr_array(shape, dtype=np.float32)
        for distance in range(1, min(self.steps, len(item) - 1) + 1):
            same = user[:-distance] == user[distance:]
            pairs = (item[:-distance][same], item[distance:][same])
            weights = np.full(int(same.sum()), 1 / distance, np.float32)
            counts = counts + sparse.csr_array((weights, pairs), shape=shape)
        popularity = np.bincount(item, minlength=data.n_items) + 1.0
        rows = sparse.diags_array(1 / (np.asarray(counts.sum(axis=1)).ravel() + _SHRINK))
        columns = sparse.diags_array(popularity**-self.damping)
        self.successors_ = sparse.csr_array(rows @ counts @ columns, dtype=np.float32)
        return self

    def score(self, histories: Histories) -> Floats:
        """Return the decayed successors of the last contacts, ``(len(histories), n_items)``."""
        used = favoured_first(histories)
        scores: Floats = (by_item(used, self._strength(used)) @ self.successors_).toarray()
        return scores

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        used = favoured_first(history)
        strength = self._strength(used)
        late = np.flatnonzero(strength)
        return Somewhere.of(row_sum(self.successors_, used.item[late], strength[late]))

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return what each of the last contacts brings, ``(len(items), n)``; exact."""
        used = favoured_first(history)
        follows = block(self.successors_, used.item, items) * self._strength(used)[:, None]
        return share_out(history, used, np.asarray(follows.T, np.float32))

    def state(self) -> State:
        """Return the learned arrays."""
        matrix = self.successors_
        return {"indptr": matrix.indptr, "indices": matrix.indices, "data": matrix.data}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        n = len(state["indptr"]) - 1
        parts = (state["data"], state["indices"], state["indptr"])
        self.successors_ = sparse.csr_array(parts, shape=(n, n))
        return self

    def _strength(self, used: Histories) -> Floats:
        back = steps_back(used)
        return np.where(back < self.last, self.decay**back, 0).astype(np.float32)
