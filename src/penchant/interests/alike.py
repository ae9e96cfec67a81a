"""What came next where others had just taken the same: neighbours among moments in histories.

    x      the last 25 items before a moment, each step back .93 of the one before, times
           log(moments / moments with the item); length 1
    z      roots of the shares of each interest in these items
    s_k    x · x_k + 0.3 z · z_k                     k: the hundred moments of the highest s
    y_k    1 for the interests that the ten events from moment k on touch, those left out whose
           item one has had already, where items seldom come back
    told   logit((Σ_k s_k y_k + mean y) / (Σ_k s_k + 1))

A line (`penchant.interests.ahead`) hears each item alone; neighbours hear them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.interests.ahead import odds
from penchant.interests.windows import Windows
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Rows

__all__ = ["Alike"]

_BACK: Final = 25
_FADE: Final = 0.93
_LEAVES: Final = 0.3
"""What interests weigh beside items."""

_NEIGHBOURS: Final = 100
_SELDOM: Final = 0.1
"""Share of events with an item that the history had before, below which items seldom come back."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Moments that are remembered.

    Attributes:
        touch: The interest of each item, ``(n_items,)``.
        rarity: Weight of each item, ``(n_items,)``, ≥ 0.
        items: x of each moment, transposed, ``(n_items, n_moments)``.
        leaves: z, ``(n_moments, n_leaves)``.
        after: Items of the ten events from each moment on, ``(n_moments, AHEAD)``.
        mean: Mean of y, ``(n_leaves,)``.
        anew: Whether items seldom come back.
    """

    touch: Rows
    rarity: Floats
    items: Matrix
    leaves: Floats
    after: Rows
    mean: Floats
    anew: bool

    @classmethod
    def learn(cls, windows: Windows, touch: Rows, n_leaves: int) -> Self:
        """Remember moments in histories.

        Args:
            windows: At least one, inside of histories.
            touch: The interest of each item, ``(n_items,)``.
            n_leaves: Number of interests.
        """
        latest = windows.latest(back=_BACK, fade=_FADE)
        known = np.bincount(latest.indices, minlength=latest.shape[1])
        rarity = np.log(len(windows) / np.maximum(known, 1)).astype(np.float32)
        return cls(
            touch=touch,
            rarity=rarity,
            items=sparse.csr_array(_directed(latest, rarity).T),
            leaves=_shares(windows, touch, n_leaves),
            after=windows.after(),
            mean=windows.touched(touch, n_leaves).mean(axis=0),
            anew=_returning(windows) < _SELDOM,
        )

    def logits(self, windows: Windows) -> Floats:
        """Return what came next elsewhere, as log-odds, ``(len(windows), n_leaves)``."""
        items = _directed(windows.latest(back=_BACK, fade=_FADE), self.rarity)
        leaves = _LEAVES * _shares(windows, self.touch, len(self.mean))
        told = np.empty((len(windows), len(self.mean)), np.float32)
        few = min(_NEIGHBOURS, len(self.after))
        for row in range(len(windows)):
            part = slice(*items.indptr[row : row + 2])
            alike = self._alike(items.indices[part], items.data[part], leaves[row])
            best = np.argpartition(-alike, few - 1)[:few]
            had = windows.before(row) if self.anew else np.empty(0, np.int32)
            told[row] = self._told(best, alike[best], had)
        return odds(told)

    def _alike(self, items: Rows, values: Floats, leaves: Floats) -> Floats:
        """Return s of one moment and all that are remembered, ``(n_moments,)``."""
        alike: Floats = self.leaves @ leaves
        for item, value in zip(items, values, strict=True):
            part = slice(*self.items.indptr[item : item + 2])
            alike[self.items.indices[part]] += value * self.items.data[part]
        return alike

    def _told(self, best: npt.NDArray[np.intp], alike: Floats, had: Rows) -> Floats:
        """Return the shares of moments that went on to each interest, ``(n_leaves,)``."""
        after = self.after[best]
        seen = np.zeros(len(self.touch), np.bool_)
        seen[had] = True
        at, step = np.nonzero(~seen[after])
        went = np.zeros((len(best), len(self.mean)), np.float32)
        went[at, self.touch[after[at, step]]] = 1
        shares: Floats = (alike @ went + self.mean) / (alike.sum() + 1)
        return shares

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "alike_rarity": self.rarity,
            "alike_data": self.items.data,
            "alike_indices": self.items.indices,
            "alike_indptr": self.items.indptr,
            "alike_leaves": self.leaves,
            "alike_after": self.after,
            "alike_mean": self.mean,
            "alike_anew": np.array(self.anew),
        }

    @classmethod
    def restore(cls, state: Arrays, touch: Rows) -> Self:
        """Return what `state` described; *touch* is the interest of each item."""
        parts = (state["alike_data"], state["alike_indices"], state["alike_indptr"])
        shape = (len(touch), len(state["alike_after"]))
        return cls(
            touch=touch,
            rarity=state["alike_rarity"],
            items=sparse.csr_array(parts, shape=shape),
            leaves=state["alike_leaves"],
            after=state["alike_after"],
            mean=state["alike_mean"],
            anew=bool(state["alike_anew"]),
        )


def _directed(latest: Matrix, rarity: Floats) -> Matrix:
    """Return x, rows of length 1 or 0."""
    weighed = latest.copy()
    weighed.data = weighed.data * rarity[weighed.indices]
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    weighed.data = (weighed.data * np.repeat(scale, np.diff(weighed.indptr))).astype(np.float32)
    return weighed


def _shares(windows: Windows, touch: Rows, n_leaves: int) -> Floats:
    """Return z, ``(len(windows), n_leaves)``."""
    sums = windows.recent(touch, n_leaves, back=_BACK, fade=_FADE)
    shares: Floats = np.sqrt(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-9))
    return shares


def _returning(windows: Windows) -> float:
    """Return the share of events whose item their history had before, in [0, 1)."""
    seen = windows.histories.seen()
    return 1 - int(seen.nnz) / max(len(windows.histories.item), 1)
