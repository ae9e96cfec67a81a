"""What came next where others had just taken the same: neighbours among moments in histories.

    x      the last 25 items before a moment, each step back .93 of the one before, times
           log(moments / moments with the item); length 1
    told   logit((Σ_k s_k y_k + y_mean) / (Σ_k s_k + 1))     k: the hundred moments of highest
           cosine s_k, y_k the interests that the ten events from there on touch
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy import sparse

from penchant.interests.ahead import odds
from penchant.interests.windows import Windows
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Rows

__all__ = ["Alike"]

_BACK: Final = 25
_FADE: Final = 0.93
_NEIGHBOURS: Final = 100
_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Alike:
    """Moments that are remembered.

    Attributes:
        moments: x of each, transposed, ``(n_items, n_moments)``.
        targets: y, ``(n_moments, n_leaves)``.
        rarity: Weight of each item, ``(n_items,)``, ≥ 0.
    """

    moments: Matrix
    targets: Floats
    rarity: Floats

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
        moments = sparse.csr_array(_directed(latest, rarity).T)
        return cls(moments, windows.touched(touch, n_leaves), rarity)

    def logits(self, windows: Windows) -> Floats:
        """Return what came next elsewhere, as log-odds, ``(len(windows), n_leaves)``."""
        asked = _directed(windows.latest(back=_BACK, fade=_FADE), self.rarity)
        mean = self.targets.mean(axis=0)
        told = np.empty((len(windows), len(mean)), np.float32)
        few = min(_NEIGHBOURS, len(self.targets))
        for start in range(0, len(windows), _BATCH):
            near = (asked[start : start + _BATCH] @ self.moments).toarray()
            for row, cosines in enumerate(near, start):
                best = np.argpartition(-cosines, few - 1)[:few]
                told[row] = (cosines[best] @ self.targets[best] + mean) / (cosines[best].sum() + 1)
        return odds(told)

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "alike_data": self.moments.data,
            "alike_indices": self.moments.indices,
            "alike_indptr": self.moments.indptr,
            "alike_targets": self.targets.astype(np.bool_),
            "alike_rarity": self.rarity,
        }

    @classmethod
    def restore(cls, state: Arrays) -> Self:
        """Return what `state` described."""
        targets = state["alike_targets"].astype(np.float32)
        parts = (state["alike_data"], state["alike_indices"], state["alike_indptr"])
        shape = (len(state["alike_rarity"]), len(targets))
        return cls(sparse.csr_array(parts, shape=shape), targets, state["alike_rarity"])


def _directed(latest: Matrix, rarity: Floats) -> Matrix:
    """Return x, rows of length 1 or 0."""
    weighed = latest.copy()
    weighed.data = weighed.data * rarity[weighed.indices]
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    weighed.data = (weighed.data * np.repeat(scale, np.diff(weighed.indptr))).astype(np.float32)
    return weighed
