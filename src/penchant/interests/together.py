"""What people take together, beside what texts say.

    C   (n_units, n_units)        how often two texts are within ten steps of one history
    P   log(C_ij ΣC / C_i C_j)    where that is more often than by chance, else 0
    b   (n_units, n_directions)   rows of P in its main directions, length 1
    W   (dim, n_directions)       ridge from θ to b
    θ'  = [√(1 − w) θ, √w b]      w: share, in [0, 1)

A text that few have taken is, in part, where W would place what is written of it; one that nobody
has, altogether.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.llm.lsa import main_directions, unit_rows
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Rows

__all__ = ["Together"]

_STEPS: Final = 10
_DIM: Final = 64
_EVENTS: Final = 1_000_000
"""Events that are learned from at most: whole histories, evenly spread."""

_SURE: Final = 20.0
"""Neighbours in histories at which a text is half where they say, half where W does."""

_RIDGE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Together:
    """Directions of what is taken together.

    Attributes:
        taken: b, ``(n_units, n_directions)``, rows of length 1 or 0.
        ridge: W, ``(dim, n_directions)``.
        share: w, in [0, 1); 0 where texts alone count.
    """

    taken: Floats
    ridge: Floats
    share: float = 0.0

    @classmethod
    def learn(cls, histories: Histories, unit: Rows, theta: Floats, *, seed: int = 0) -> Self:
        """Learn from what *histories* took one after the other.

        Args:
            histories: What users did, oldest first.
            unit: Text of each item, ``(n_items,)``.
            theta: What each text is about, ``(n_units, dim)``, length 1 or 0.
            seed: Start of random draws.
        """
        near = _neighbours(histories, unit, len(theta))
        evidence = np.asarray(near.sum(axis=1)).ravel().astype(np.float32)
        surprising = _surprising(near)
        sure = (evidence / (evidence + _SURE)).astype(np.float32)
        directions = main_directions(surprising, dim=min(_DIM, len(theta)), seed=seed)
        seen = unit_rows(np.asarray(surprising @ directions, np.float32))
        ridge = _ridge(theta, seen, sure)
        mixed = sure[:, None] * seen + (1 - sure[:, None]) * unit_rows(theta @ ridge)
        taken = unit_rows(mixed.astype(np.float32))
        return cls(taken, ridge)

    def sharing(self, share: float) -> Together:
        """Return the same with another *share*, in [0, 1)."""
        return replace(self, share=share)

    def known(self, theta: Floats) -> Floats:
        """Return θ' of the texts that it was learned from, ``(n_units, dim + n_directions)``."""
        return self._joined(theta, self.taken)

    def strangers(self, theta: Floats) -> Floats:
        """Return θ' of other texts, from what is written of them alone."""
        return self._joined(theta, unit_rows(theta @ self.ridge))

    def state(self) -> Arrays:
        """Return the learned arrays; none where texts alone count."""
        if not self.share:
            return {}
        return {"taken": self.taken, "ridge": self.ridge, "share": np.array(self.share)}

    @classmethod
    def restore(cls, state: Arrays) -> Self | None:
        """Return what `state` described; None where there is nothing of it."""
        if "share" not in state:
            return None
        return cls(state["taken"], state["ridge"], float(state["share"]))

    def _joined(self, theta: Floats, beside: Floats) -> Floats:
        if not self.share:
            return theta
        parts = [np.sqrt(1 - self.share) * theta, np.sqrt(self.share) * beside]
        return unit_rows(np.hstack(parts).astype(np.float32))


def _neighbours(histories: Histories, unit: Rows, n_units: int) -> Matrix:
    """Return C, symmetric, ``(n_units, n_units)``; a text is not its own neighbour."""
    if len(histories.item) > _EVENTS:
        few = int(len(histories) * _EVENTS / len(histories.item))
        histories = histories.take(np.linspace(0, len(histories) - 1, max(few, 1)).astype(np.int64))
    taken, user = unit[histories.item], histories.user
    near = sparse.csr_array((n_units, n_units), dtype=np.float32)
    for step in range(1, _STEPS + 1):
        a, b = taken[:-step], taken[step:]
        kept = (user[:-step] == user[step:]) & (a != b)
        ones = np.ones(int(kept.sum()), np.float32)
        near = near + sparse.csr_array((ones, (a[kept], b[kept])), near.shape)
    return sparse.csr_array(near + near.T)


def _surprising(near: Matrix) -> Matrix:
    """Return P."""
    sums = np.maximum(np.asarray(near.sum(axis=1)).ravel(), 1)
    found = near.tocoo()
    row, column = found.coords
    more = np.log(found.data * sums.sum() / (sums[row] * sums[column]))
    kept = more > 0
    values = (more[kept].astype(np.float32), (row[kept], column[kept]))
    return sparse.csr_array(values, near.shape)


def _ridge(theta: Floats, seen: Floats, weight: Floats) -> Floats:
    """Return W; texts count by *weight*, ``(n_units,)``."""
    weighed = theta * weight[:, None]
    gram = weighed.T @ theta
    gram[np.diag_indices_from(gram)] += _RIDGE
    return np.linalg.solve(gram, weighed.T @ seen).astype(np.float32)
