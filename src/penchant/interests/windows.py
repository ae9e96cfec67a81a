"""Moments in histories, with what came before each and what came after.

    x_t   (n_items,)    fade^(steps back) for the last items before event t, 0 elsewhere
    y_t   (n_leaves,)   1 for the interests that the ten events from t on touch

What is learned from moments inside of histories is asked of their ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.types import Floats, Matrix, Rows

__all__ = ["AHEAD", "Windows", "fading"]

AHEAD: Final = 10
"""Contacts ahead that are spoken of."""

_MOST: Final = 30_000
"""Moments inside of histories at most, evenly spread."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Moments in histories.

    Attributes:
        histories: What users did.
        places: Event at or after each moment, ``(n,)``.
        starts: First event of the history of each, ``(n,)``.
    """

    histories: Histories
    places: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    @classmethod
    def inside(cls, histories: Histories) -> Self:
        """Return moments with events before and `AHEAD` after."""
        counts = np.diff(histories.indptr)
        starts = np.repeat(histories.indptr[:-1], counts)
        ends = np.repeat(histories.indptr[1:], counts)
        places = np.arange(len(histories.item))
        places = places[(places > starts) & (places + AHEAD <= ends)]
        if len(places) > _MOST:
            places = places[np.linspace(0, len(places) - 1, _MOST).astype(np.int64)]
        return cls(histories, places, starts[places])

    @classmethod
    def ends(cls, histories: Histories) -> Self:
        """Return the end of each history."""
        return cls(histories, histories.indptr[1:], histories.indptr[:-1])

    def latest(self, *, back: int, fade: float) -> Matrix:
        """Return x, ``(n, n_items)``.

        Args:
            back: Items that count, ≥ 1.
            fade: What each step back leaves, in (0, 1].
        """
        items, known = self.steps_back(back)
        row = np.repeat(np.arange(len(self)), known.sum(axis=1))
        faded = np.broadcast_to(fading(back, fade), items.shape)[known]
        found = sparse.csr_array(
            (faded, (row, items[known])), shape=(len(self), self.histories.n_items)
        )
        found.sum_duplicates()
        return found

    def steps_back(self, back: int) -> tuple[Rows, npt.NDArray[np.bool_]]:
        """Return the last items before each moment, the latest first, and where there is one.

        Both are ``(n, back)``; an item that is not there is 0.
        """
        at = self.places[:, None] - np.arange(1, back + 1)
        known = at >= self.starts[:, None]
        if not len(self.histories.item):
            return np.zeros(at.shape, np.int32), known
        items: Rows = np.where(known, self.histories.item[np.where(known, at, 0)], 0)
        return items, known

    def part(self, rows: slice) -> Windows:
        """Return some of the moments."""
        return Windows(self.histories, self.places[rows], self.starts[rows])

    def counts(self, touch: Rows, n_leaves: int) -> Floats:
        """Return how many events before each moment touch each leaf, ``(n, n_leaves)``.

        Args:
            touch: The leaf of each item, ``(n_items,)``.
            n_leaves: Number of leaves.
        """
        leaf = touch[self.histories.item]
        total = np.zeros((len(self), n_leaves), np.float32)
        for j in range(n_leaves):
            sums = np.concatenate([[0], np.cumsum(leaf == j)])
            total[:, j] = sums[self.places] - sums[self.starts]
        return total

    def recent(self, touch: Rows, n_leaves: int, *, back: int, fade: float) -> Floats:
        """Return the same of the last *back* events, each step back worth *fade* of the last."""
        items, known = self.steps_back(back)
        row, step = np.nonzero(known)
        total = np.zeros((len(self), n_leaves), np.float32)
        np.add.at(total, (row, touch[items[row, step]]), fading(back, fade)[step])
        return total

    def before(self, row: int) -> Rows:
        """Return the items of a history before one of the moments, oldest first."""
        items: Rows = self.histories.item[self.starts[row] : self.places[row]]
        return items

    def after(self) -> Rows:
        """Return the items of the `AHEAD` events from each moment on, ``(n, AHEAD)``."""
        items: Rows = self.histories.item[self.places[:, None] + np.arange(AHEAD)]
        return items

    def touched(self, touch: Rows, n_leaves: int) -> Floats:
        """Return y, ``(n, n_leaves)``, of moments with `AHEAD` events after them."""
        found = np.zeros((len(self), n_leaves), np.float32)
        found[np.arange(len(self))[:, None], touch[self.after()]] = 1
        return found


def fading(back: int, fade: float) -> Floats:
    """Return what each step back leaves of the first, ``(back,)``."""
    left: Floats = (fade ** np.arange(back)).astype(np.float32)
    return left
