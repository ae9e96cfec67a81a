"""EASE: every item predicted from all others (Steck, 2019), on the head of the catalogue.

    X  (n_users, n_head)   contacts
    G  = XᵀX + λ I         P = G⁻¹            by Cholesky, in place
    B  = I − P / diag(P)   B_ii = 0           score = x B

Of who takes one thing after another, the latest things say most about the next: `LatestEase` asks
the same B with x_h = 2^(−steps back / half_life).  `TimedEase` learns from, and scores with,
log(1 + Σ 2^(−age / half_life)) instead of ones, so that what somebody takes now counts more than
what they took a year ago.
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import lapack

from penchant.data.dataset import Dataset, Histories
from penchant.errors import ModelError
from penchant.recommend.base import State
from penchant.recommend.lines import Line, Somewhere
from penchant.recommend.views import (
    by_item,
    last_contacts,
    pairs_found,
    pairs_of,
    remembered,
    share_out,
    steps_back,
)
from penchant.types import Floats, Matrix, Rows

__all__ = ["Ease", "LatestEase", "TimedEase", "ease_weights"]


class Ease:
    """Scores an item by a linear model of all items that somebody is in favour of.

    Args:
        items: Items modelled, the most popular ones; the others score 0.  ≥ 1.
        regularization: λ, > 0.

    Attributes:
        head_: Rows of the modelled items, most popular first, ``(n_head,)``.
        weights_: B, ``(n_head, n_head)``; row = cause, column = item scored.
    """

    name: ClassVar[str] = "ease"

    def __init__(self, *, items: int = 4000, regularization: float = 300.0) -> None:
        self.items = items
        self.regularization = regularization
        self.head_: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.weights_: Floats = np.empty((0, 0), np.float32)
        self._placed = np.empty(0, np.int32)

    def fit(self, data: Dataset) -> Self:
        """Solve for B."""
        self._learn_scale(data)
        inputs = self._inputs(data.all_histories)
        popularity = np.bincount(inputs.indices, minlength=data.n_items)
        head = np.argsort(-popularity, kind="stable")[: self.items]
        self.head_ = head[popularity[head] > 0]
        self._placed = np.empty(0, np.int32)
        self.weights_ = ease_weights(inputs[:, self.head_], regularization=self.regularization)
        return self

    def score(self, histories: Histories) -> Floats:
        """Return x B on the head of the catalogue, 0 elsewhere, ``(len(histories), n_items)``."""
        out = np.zeros((len(histories), histories.n_items), np.float32)
        if len(self.head_):
            asked = self._asked(histories)[:, self.head_]
            out[:, self.head_] = asked.toarray() @ self.weights_  # twice as fast as sparse
        return out

    def line(self, history: Histories) -> Line:
        """Return the scores of one history: rows of B summed, one after another."""
        used = last_contacts(history)
        strength = self._strength_once(history, used)
        place = self._place(history.n_items)[used.item]
        known = place >= 0
        x = (strength[known], place[known], np.array([0, known.sum()], np.int32))
        scores = sparse.csr_array(x, shape=(1, len(self.head_))) @ np.asarray(self.weights_)
        return Somewhere(self.head_, scores[0], history.n_items)

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return x_h B_hi for each past item h, ``(len(items), n)``."""
        used = last_contacts(history)
        strength = self._strength_once(history, used)
        place = self._place(history.n_items)
        causes, asked = place[used.item], place[items]
        values = np.zeros((len(items), len(used.item)), np.float32)
        rows, columns = np.flatnonzero(asked >= 0), np.flatnonzero(causes >= 0)
        part = self.weights_[np.ix_(causes[columns], asked[rows])] * strength[columns, None]
        values[np.ix_(rows, columns)] = part.T
        return share_out(history, used, values)

    def state(self) -> State:
        """Return the learned arrays."""
        return {"head": self.head_, "weights": self.weights_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.head_, self.weights_ = state["head"], state["weights"]
        self._placed = np.empty(0, np.int32)
        return self

    def _place(self, n_items: int) -> npt.NDArray[np.int32]:
        """Return the row of each item in B, ``(n_items,)``; −1 for none."""
        if len(self._placed) != n_items:
            self._placed = np.full(n_items, -1, np.int32)
            self._placed[self.head_] = np.arange(len(self.head_))
        return self._placed

    def _learn_scale(self, data: Dataset) -> None:
        """Learn what inputs need to know of the data; nothing here."""

    def _inputs(self, histories: Histories) -> Matrix:
        """Return what is learned from, ``(len(histories), n_items)``."""
        used = last_contacts(histories)
        return by_item(used, np.ones(len(used.item), np.float32))

    def _asked(self, histories: Histories) -> Matrix:
        """Return x, ``(len(histories), n_items)``."""
        used = last_contacts(histories)
        return by_item(used, self._strength(histories, used))

    def _strength_once(self, history: Histories, used: Histories) -> Floats:
        return remembered(history, self.name, self.weights_, lambda: self._strength(history, used))

    def _strength(self, histories: Histories, used: Histories) -> Floats:  # noqa: ARG002  the timed one's
        """Return x of the *used* last contacts of *histories*, ``(n_used,)``."""
        return np.ones(len(used.item), np.float32)


class LatestEase(Ease):
    """EASE asked with what somebody took last.

    Args:
        of: Another one, whose B is used and which is fitted and restored before this one.
        half_life: Contacts after which one counts half in a history that is scored, > 0.
    """

    name: ClassVar[str] = "ease-latest"

    def __init__(self, of: Ease, *, half_life: float = 5.0) -> None:
        super().__init__(items=of.items, regularization=of.regularization)
        self.of = of
        self.half_life = half_life

    def fit(self, data: Dataset) -> Self:  # noqa: ARG002  the other one has learned
        """Take B over."""
        return self._follow()

    def state(self) -> State:
        """Return nothing: all that is learned is the other one's."""
        return {}

    def restore(self, state: State) -> Self:  # noqa: ARG002  the contract
        """Take B over."""
        return self._follow()

    def _follow(self) -> Self:
        self.head_, self.weights_ = self.of.head_, self.of.weights_
        self._placed = np.empty(0, np.int32)
        return self

    def _strength(self, histories: Histories, used: Histories) -> Floats:  # noqa: ARG002  as above
        return np.exp2(-steps_back(used) / self.half_life).astype(np.float32)


class TimedEase(Ease):
    """EASE on what people take *now*.

    Args:
        items: As for `Ease`.
        regularization: As for `Ease`.
        half_life: Share of the data's span after which an event counts half, > 0.
    """

    name: ClassVar[str] = "ease-timed"

    def __init__(
        self, *, items: int = 4000, regularization: float = 300.0, half_life: float = 0.2
    ) -> None:
        super().__init__(items=items, regularization=regularization)
        self.share = half_life
        self.days_ = 1.0

    def state(self) -> State:
        """Return the learned arrays."""
        return {**super().state(), "days": np.array(self.days_)}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.days_ = float(state["days"])
        return super().restore(state)

    def _learn_scale(self, data: Dataset) -> None:
        self.days_ = max(self.share * data.span, 1e-6)

    def _inputs(self, histories: Histories) -> Matrix:
        return self._asked(histories)

    def _strength(self, histories: Histories, used: Histories) -> Floats:
        fresh = np.exp2(-histories.ages() / self.days_)
        pairs, pair = pairs_found(histories)
        counts = np.bincount(pair, np.where(histories.weight > 0, fresh, 0), minlength=len(pairs))
        own = np.searchsorted(pairs, pairs_of(used))
        return np.log1p(counts[own]).astype(np.float32)


def ease_weights(columns: Matrix, *, regularization: float) -> Floats:
    """Return B for inputs X, ``(n_columns, n_columns)``.

    Args:
        columns: X, ``(n_users, n_columns)``.
        regularization: λ, > 0.

    Raises:
        ModelError: If XᵀX + λ I is not positive definite.
    """
    gram = (columns.T @ columns).toarray().astype(np.float32)
    return _solve(gram, regularization)


def _solve(gram: Floats, regularization: float) -> Floats:
    """Return B from G, which is overwritten; half the memory and time of a general inverse."""
    if not len(gram):
        return gram
    diagonal = np.diag_indices_from(gram)
    gram[diagonal] += regularization
    factor, failed = lapack.spotrf(gram, overwrite_a=1)
    if not failed:
        inverse, failed = lapack.spotri(factor, overwrite_c=1)
    if failed:
        raise ModelError(f"EASE's Gram matrix of {len(gram)} items is not positive definite")
    upper = np.triu(inverse)
    upper += np.triu(upper, 1).T
    weights: Floats = upper / -np.diag(upper)
    weights[diagonal] = 0
    return np.ascontiguousarray(weights)
