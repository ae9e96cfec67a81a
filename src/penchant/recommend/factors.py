"""iALS: factors of users and items from implicit contacts (Hu, Koren and Volinsky, 2008).

    minimise Σ_ui c_ui (p_ui − x_u · y_i)² + λ(…)      c = 1 + α for a contact, 1 otherwise
    x_u = (YᵀY + Yᵀ(C_u − I)Y + λI)⁻¹ Yᵀ C_u p_u       any history folds in this way

With a half-life, a contact counts r = 2^(−steps back / half_life): c = 1 + α r, c p = (1 + α) r.

The item factors are learned by the library implicit; users are always folded in.
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares
from scipy import sparse
from threadpoolctl import threadpool_limits

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.recommend.lines import Factored, Line
from penchant.recommend.views import by_item, last_contacts, share_out, steps_back
from penchant.types import Floats, Matrix, Rows

__all__ = ["Ials"]


class Ials:
    """Scores an item by x_u · y_i.

    Args:
        factors: Length of a factor, ≥ 1.
        regularization: λ, ≥ 0.
        alpha: α, > 0.
        epochs: Passes over the data, ≥ 1.
        half_life: Contacts after which one counts half, > 0; None: all count alike.
        seed: Start of the random factors.

    Attributes:
        factors_: Y, ``(n_items, factors)``.
    """

    name: ClassVar[str] = "ials"

    def __init__(
        self,
        *,
        factors: int = 64,
        regularization: float = 0.05,
        alpha: float = 10.0,
        epochs: int = 15,
        half_life: float | None = None,
        seed: int = 0,
    ) -> None:
        self.factors = factors
        self.regularization = regularization
        self.alpha = alpha
        self.epochs = epochs
        self.half_life = half_life
        self.seed = seed
        self.factors_: Floats = np.empty((0, factors), np.float32)
        self._summed: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None

    def fit(self, data: Dataset) -> Self:
        """Learn the item factors."""
        contacts = self._contacts(data.all_histories)
        if not contacts.nnz:
            self.factors_ = np.zeros((data.n_items, self.factors), np.float32)
            self._summed = None
            return self
        with threadpool_limits(1, "blas"):  # implicit threads by itself, and warns otherwise
            model = AlternatingLeastSquares(
                factors=self.factors,
                regularization=self.regularization,
                alpha=self.alpha,
                iterations=self.epochs,
                random_state=self.seed,
            )
            model.fit(sparse.csr_matrix(contacts), show_progress=False)
        factors = np.array(model.item_factors, np.float32)
        # An item that nobody met has kept its random start: it knows nothing.
        factors[np.bincount(contacts.indices, minlength=data.n_items) == 0] = 0
        self.factors_ = factors
        self._summed = None
        return self

    def score(self, histories: Histories) -> Floats:
        """Return x_u · y_i, ``(len(histories), n_items)``."""
        contacts = self._contacts(histories)
        users = np.zeros((len(histories), self.factors), np.float32)
        with threadpool_limits(1, "blas"):  # many small systems: threads would wait for each other
            for row in range(len(histories)):
                events = slice(contacts.indptr[row], contacts.indptr[row + 1])
                users[row] = self._folded(contacts.indices[events], contacts.data[events])
        scores: Floats = users @ self.factors_.T
        return scores

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        used = last_contacts(history)
        x = self._folded(used.item, self._weights(used))
        total, gram = self._sums()
        return Factored(x, self.factors_, total=total, gram=gram)

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return y_i · A⁻¹ (1 + α) r_h y_h for each past item h, ``(len(items), n)``; exact."""
        used = last_contacts(history)
        own = self.factors_[used.item]
        wanted = self._weights(used)[:, None] * own
        system = self._system() + self.alpha * own.T @ wanted
        parts = np.linalg.solve(system, (1 + self.alpha) * wanted.T)
        return share_out(history, used, self.factors_[items] @ parts)

    def state(self) -> State:
        """Return the learned arrays."""
        return {"factors": self.factors_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.factors_ = state["factors"]
        self._summed = None
        return self

    def _folded(self, items: npt.NDArray[np.integer], strength: Floats) -> Floats:
        """Return x of somebody who took *items*, ``(factors,)``."""
        own = self.factors_[items]
        if not len(own):
            return np.zeros(self.factors, np.float32)
        wanted = strength[:, None] * own
        system = self._system() + self.alpha * own.T @ wanted
        return np.asarray(np.linalg.solve(system, (1 + self.alpha) * wanted.sum(axis=0)))

    def _sums(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return Σ y and YᵀY, summed once."""
        if self._summed is None:
            exact = np.asarray(self.factors_, np.float64)
            self._summed = exact.sum(axis=0), exact.T @ exact
        return self._summed

    def _system(self) -> Floats:
        """Return YᵀY + λI."""
        identity = np.eye(self.factors) * max(self.regularization, 1e-6)
        return (self._sums()[1] + identity).astype(np.float32)

    def _contacts(self, histories: Histories) -> Matrix:
        """Return r, ``(len(histories), n_items)``."""
        used = last_contacts(histories)
        return by_item(used, self._weights(used))

    def _weights(self, used: Histories) -> Floats:
        if self.half_life is None:
            return np.ones(len(used.item), np.float32)
        return np.exp2(-steps_back(used) / self.half_life).astype(np.float32)
