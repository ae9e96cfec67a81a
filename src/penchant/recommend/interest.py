"""What somebody is interested in: R = U Vᵀ.

U (n_users, n_leaves)   strengths of a user's interests, from `penchant.interests.portraits`
V (n_items, n_leaves)   how much an item is about each, from `penchant.interests.features`
"""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np

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
    """

    name: ClassVar[str] = "interest"

    def __init__(self, portraits: PortraitModel, V: Matrix) -> None:
        self.portraits = portraits
        self.V = V

    def fit(self, data: Dataset) -> Self:
        """Calibrate U on *data*."""
        self.portraits.fit(data)
        return self

    def score(self, histories: Histories) -> Floats:
        """Return U Vᵀ, ``(len(histories), n_items)``, ≥ 0.

        To the nearest millionth: sums that are equal on paper are equal here, and so in the
        catalogue's order.
        """
        U = self.portraits.strengths(histories).toarray().astype(np.float32)
        return np.ascontiguousarray((self.V @ U.T).T, np.float32).round(_DECIMALS)

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        U = self.portraits.strengths(history).toarray()[0].astype(np.float32)
        return Everywhere((self.V @ U).astype(np.float32).round(_DECIMALS))

    def shares(self, history: Histories, items: Rows) -> Floats:
        """Return U_uj V_ij for each of *items*, ``(len(items), n_leaves)``; rows sum to R."""
        U = self.portraits.strengths(history).toarray()[0]
        return np.asarray(self.V[items].toarray() * U, np.float32)

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
        """Return what the portraits learned; V is kept by itself."""
        return self.portraits.state()

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.portraits.restore(state)
        return self
