"""What the latest items say of the next contacts: a ridge from histories to interests.

    x      what stands behind a moment: its last 25 items, each step back .93 of the one before; the
           last eight, .7 of it; and of each interest the root of its share of the whole history,
           of the last 25 and of the last eight
    y      1 for the interests that the ten events from there on touch
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

from penchant.interests.windows import Windows, fading
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Rows

__all__ = ["Ahead", "odds"]

_SCALES: Final = ((25, 0.93, 2500), (8, 0.7, 1000))
"""Items back, what a step back leaves, and how many items say something, the most frequent."""

_RIDGE: Final = 0.01
"""λ for each moment that is learned from."""

_LENGTH: Final = 0.2
"""What the logarithm of a history's length weighs beside shares."""

_EDGE: Final = 0.005
_BATCH: Final = 1024


@dataclass(frozen=True, slots=True)
class Ahead:
    """A map from latest items to interests.

    Attributes:
        touch: The interest of each item, ``(n_items,)``.
        heads: Rows of the items that say something, for each of `_SCALES`.
        weights: B, ``(n_inputs, n_leaves)``.
        mean: Mean of Y, ``(n_leaves,)``.
    """

    touch: Rows
    heads: tuple[npt.NDArray[np.int64], ...]
    weights: Floats
    mean: Floats

    @classmethod
    def learn(cls, windows: Windows, touch: Rows, n_leaves: int) -> Self:
        """Learn from moments in histories.

        Args:
            windows: At least one, inside of histories.
            touch: The interest of each item, ``(n_items,)``.
            n_leaves: Number of interests.
        """
        heads = tuple(_head(windows.latest(back=b, fade=f), most) for b, f, most in _SCALES)
        inputs = _inputs(windows, touch, n_leaves, heads)
        targets = windows.touched(touch, n_leaves)
        mean = targets.mean(axis=0)
        gram = (inputs.T @ inputs).toarray()
        gram[np.diag_indices_from(gram)] += _RIDGE * len(windows)
        weights = np.linalg.solve(gram, inputs.T @ (targets - mean)).astype(np.float32)
        return cls(touch, heads, weights, mean)

    def logits(self, windows: Windows) -> Floats:
        """Return what stands behind *windows* says, as log-odds, ``(len(windows), n_leaves)``."""
        told = np.empty((len(windows), len(self.mean)), np.float32)
        for start in range(0, len(windows), _BATCH):
            rows = slice(start, start + _BATCH)
            told[rows] = self._line(windows.part(rows))
        return odds(told)

    def _line(self, windows: Windows) -> Floats:
        """Return x B + mean Y; items are looked up, for x has few of them."""
        shares = _shares(windows, self.touch, len(self.mean))
        line: Floats = shares @ self.weights[-shares.shape[1] :] + self.mean
        first = 0
        for head, (back, fade, _) in zip(self.heads, _SCALES, strict=True):
            items, known = windows.steps_back(back)
            at = np.searchsorted(head, items).clip(0, max(len(head) - 1, 0))
            heard = known & (head[at] == items) if len(head) else np.zeros_like(known)
            row, step = np.nonzero(heard)
            spoken = self.weights[first + at[row, step]] * fading(back, fade)[step, None]
            np.add.at(line, row, spoken)
            first += len(head)
        return line

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            **{f"ahead_head_{at}": head for at, head in enumerate(self.heads)},
            "ahead_weights": self.weights,
            "ahead_mean": self.mean,
        }

    @classmethod
    def restore(cls, state: Arrays, touch: Rows) -> Self:
        """Return what `state` described."""
        heads = tuple(state[f"ahead_head_{at}"] for at in range(len(_SCALES)))
        return cls(touch, heads, np.asarray(state["ahead_weights"]), state["ahead_mean"])


def odds(share: Floats) -> Floats:
    """Return log-odds of probabilities that a line or a count gave."""
    found: Floats = logit(np.clip(share, _EDGE, 1 - _EDGE)).astype(np.float32)
    return found


def _head(latest: Matrix, most: int) -> npt.NDArray[np.int64]:
    """Return the rows of the most frequent items, in their order."""
    counts = np.bincount(latest.indices, minlength=latest.shape[1])
    head = np.argsort(-counts, kind="stable")[:most]
    return np.sort(head[counts[head] > 0])


def _inputs(
    windows: Windows, touch: Rows, n_leaves: int, heads: tuple[npt.NDArray[np.int64], ...]
) -> Matrix:
    """Return x, ``(len(windows), n_inputs)``."""
    items = [
        windows.latest(back=back, fade=fade)[:, head]
        for head, (back, fade, _) in zip(heads, _SCALES, strict=True)
    ]
    shares = sparse.csr_array(_shares(windows, touch, n_leaves))
    return sparse.csr_array(sparse.hstack([*items, shares]))


def _shares(windows: Windows, touch: Rows, n_leaves: int) -> Floats:
    """Return what interests have of a history, ``(len(windows), 3 n_leaves + 1)``."""
    counts = windows.counts(touch, n_leaves)
    total = counts.sum(axis=1, keepdims=True)
    recent = [windows.recent(touch, n_leaves, back=back, fade=fade) for back, fade, _ in _SCALES]
    parts = [np.sqrt(counts / np.maximum(total, 1)), *map(np.sqrt, recent)]
    return np.hstack([*parts, _LENGTH * np.log1p(total)]).astype(np.float32)
