"""What the latest items say of the next contacts: a ridge from items to interests.

    x_t   (n_head,)    .93^(steps back) for the 25 items before event t of a history, 0 elsewhere
    y_t   (n_leaves,)  1 for the interests that the ten events from t on touch
    B = (XᵀX + λ I)⁻¹ Xᵀ (Y − mean Y)        told: logit(x B + mean Y)

People who do everything in one sitting go along a shelf: which item they stand at says more of the
next ten than how often they touched an interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import logit

from penchant.data.dataset import Histories
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Rows

__all__ = ["AHEAD", "Ahead"]

AHEAD: Final = 10
"""Contacts ahead that are spoken of."""

_BACK: Final = 25
_FADE: Final = 0.93
_RIDGE: Final = 0.02
"""λ for each event that is learned from."""

_HEAD: Final = 3000
"""Items that say something, the most frequent ones."""

_WINDOWS: Final = 30_000
"""Events that are learned from at most, evenly spread."""

_ENOUGH: Final = 300
"""Events that it needs."""

_EDGE: Final = 0.005

_Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A map from latest items to interests.

    Attributes:
        head: Rows of the items that say something, ``(n_head,)``.
        weights: B, ``(n_head, n_leaves)``.
        mean: Mean of Y, ``(n_leaves,)``.
    """

    head: npt.NDArray[np.int64]
    weights: Floats
    mean: Floats

    @classmethod
    def learn(cls, histories: Histories, touch: Rows, n_leaves: int) -> Self | None:
        """Learn from every history's events that have others before and `AHEAD` from there on.

        Args:
            histories: What users did.
            touch: The interest of each item, ``(n_items,)``.
            n_leaves: Number of interests.

        Returns:
            The map; None where there are too few such events.
        """
        places, starts = _windows(histories)
        if len(places) < _ENOUGH:
            return None
        X = _latest(histories, places, starts)
        Y = np.zeros((len(places), n_leaves), np.float32)
        for step in range(AHEAD):
            Y[np.arange(len(places)), touch[histories.item[places + step]]] = 1
        counts = np.bincount(X.indices, minlength=histories.n_items)
        head = np.argsort(-counts, kind="stable")[:_HEAD]
        head = head[counts[head] > 0]
        inputs, mean = X[:, head], Y.mean(axis=0)
        gram = (inputs.T @ inputs).toarray()
        gram[np.diag_indices_from(gram)] += _RIDGE * len(places)
        weights = np.linalg.solve(gram, inputs.T @ (Y - mean)).astype(np.float32)
        return cls(head, weights, mean)

    def logits(self, histories: Histories) -> Floats:
        """Return what the ends of *histories* say, as log-odds, ``(len(histories), n_leaves)``."""
        inputs = _latest(histories, histories.indptr[1:], histories.indptr[:-1])[:, self.head]
        told: Floats = logit(np.clip(inputs @ self.weights + self.mean, _EDGE, 1 - _EDGE))
        return told

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "ahead_head": self.head,
            "ahead_weights": self.weights,
            "ahead_mean": self.mean,
        }

    @classmethod
    def restore(cls, state: Arrays) -> Self | None:
        """Return what `state` described; None where there is nothing of it."""
        if "ahead_head" not in state:
            return None
        return cls(state["ahead_head"], np.asarray(state["ahead_weights"]), state["ahead_mean"])


def _windows(histories: Histories) -> tuple[_Places, _Places]:
    """Return places of events to look ahead from, and where the history of each starts."""
    counts = np.diff(histories.indptr)
    starts = np.repeat(histories.indptr[:-1], counts)
    ends = np.repeat(histories.indptr[1:], counts)
    places = np.arange(len(histories.item))
    places = places[(places > starts) & (places + AHEAD <= ends)]
    if len(places) > _WINDOWS:
        places = places[np.linspace(0, len(places) - 1, _WINDOWS).astype(np.int64)]
    return places, starts[places]


def _latest(histories: Histories, places: _Places, starts: _Places) -> Matrix:
    """Return x of what came before each of *places*, ``(len(places), n_items)``."""
    back = np.arange(1, _BACK + 1)
    at = places[:, None] - back
    known = at >= starts[:, None]
    row = np.repeat(np.arange(len(places)), known.sum(axis=1))
    faded = np.broadcast_to(_FADE ** (back - 1), at.shape)[known].astype(np.float32)
    return sparse.csr_array(
        (faded, (row, histories.item[at[known]])), shape=(len(places), histories.n_items)
    )
