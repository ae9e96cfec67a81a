"""What somebody is interested in, and what is taken of it: score = q_i R_ui, R = U Vᵀ.

U (n_users, n_leaves)   strengths of a user's interests, from `penchant.interests.portraits`
V (n_items, n_leaves)   how much an item is about each, from `penchant.interests.features`
q (n_items,)            1 + contacts of an item, aged with the goal *period*; 1 before `fit`

An interest says what kind of thing is wanted; within it people take what others take.
"""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np
from scipy import sparse

from penchant.data.dataset import Dataset, Histories
from penchant.interests.portraits import PortraitModel
from penchant.recommend.base import State
from penchant.recommend.lines import Everywhere, Line
from penchant.recommend.views import last_contacts, share_out
from penchant.types import Floats, Matrix, Rows

__all__ = ["InterestScores"]

_DECIMALS: Final = 6


class InterestScores:
    """Scores an item by the inner product of strengths, exact and explainable.

    Args:
        portraits: An unfitted or fitted model of U.
        V: Items' interests, CSR ``(n_items, n_leaves)``, entries in [0, 1].
        half_life: Share of the data's span after which a contact counts half, with the goal
            *period*; > 0.

    Attributes:
        uses_: q, ``(n_items,)``, ≥ 1.
    """

    name: ClassVar[str] = "interest"

    def __init__(self, portraits: PortraitModel, V: Matrix, *, half_life: float = 0.05) -> None:
        self.portraits = portraits
        self.V = V
        self.half_life = half_life
        self._take(np.ones(V.shape[0], np.float32))

    def fit(self, data: Dataset) -> Self:
        """Calibrate U on *data* and learn what is taken of each interest."""
        self.portraits.fit(data)
        everything = data.all_histories
        taken = everything.where(everything.weight > 0)
        counted = np.ones(len(taken.item))
        if self.portraits.goal == "period" and data.span > 0:
            counted = np.exp2(-taken.ages() / (self.half_life * data.span))
        uses = np.bincount(taken.item, counted, minlength=data.n_items)
        return self._take((1 + uses).astype(np.float32))

    def score(self, histories: Histories) -> Floats:
        """Return q_i (U Vᵀ)_ui, ``(len(histories), n_items)``, ≥ 0.

        To the nearest millionth: sums that are equal on paper are equal here, and so in the
        catalogue's order.
        """
        U = self.portraits.strengths(histories).toarray().astype(np.float32)
        return np.ascontiguousarray((self._taken @ U.T).T, np.float32).round(_DECIMALS)

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        U = self.portraits.strengths(history).toarray()[0].astype(np.float32)
        return Everywhere((self._taken @ U).astype(np.float32).round(_DECIMALS))

    def shares(self, history: Histories, items: Rows) -> Floats:
        """Return q_i U_uj V_ij of *items*, ``(len(items), n_leaves)``; rows sum to the scores."""
        U = self.portraits.strengths(history).toarray()[0]
        return np.asarray(self._taken[items].toarray() * U, np.float32)

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return each past item's part in the score, ``(len(items), n)``.

        What an interest adds is spread over the past items by how strongly they show it, aged.
        """
        used = last_contacts(history)
        shown = self.V[used.item].toarray() * used.aged()[:, None]
        total = shown.sum(axis=0)
        share = np.divide(shown, total, out=np.zeros_like(shown), where=total > 0)
        return share_out(history, used, self.shares(history, items) @ share.T.astype(np.float32))

    def state(self) -> State:
        """Return what the portraits learned and what is taken; V is kept by itself."""
        return {**self.portraits.state(), "uses": self.uses_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.portraits.restore(state)
        return self._take(np.asarray(state["uses"]))

    def _take(self, uses: Floats) -> Self:
        self.uses_ = uses
        self._taken: Matrix = sparse.csr_array(sparse.diags_array(uses) @ self.V)
        return self
