"""Weights for scorers, learned from lists that they should have made.

    z_ui   a scorer's values, standardised over the catalogue for each user
    F_ui   sign(z) log(1 + |z|) for each scorer, user u and candidate i
    p_ui   softmax over the candidates of w · F_ui
    maximise over w   mean over users of mean over targets i of log p_ui  −  λ |w|²

Listwise softmax regression; the signs of *w* are free.  The logarithm is for long tails: in a
catalogue of many thousand items that hardly anybody takes, the best z is 50 or 200.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from penchant.recommend.lines import Line
from penchant.types import Floats, Rows

__all__ = [
    "L2",
    "Examples",
    "compared",
    "drawn",
    "learn_few",
    "learn_weights",
    "list_quality",
    "standardised",
]

L2: Final = 0.03
"""λ where nothing else is said."""

_EPOCHS: Final = 60
_CLIP: Final = (-3.0, 10.0)
_K: Final = 10
_COUNTS: Final = 0.03
"""Share of all that the sum moves from which a scorer counts."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Users with candidates, some of them targets.

    Attributes:
        indptr: Where the candidates of each user start and end, ``(n_users + 1,)``.
        features: ``(n_rows, n_scorers)``.
        target: Whether a candidate is what the user took, ``(n_rows,)``.
        targets: How many items each user took, candidates or not, ``(n_users,)``, ≥ 1.
    """

    indptr: npt.NDArray[np.int64]
    features: Floats
    target: npt.NDArray[np.bool_]
    targets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, users: npt.NDArray[np.integer]) -> Examples:
        """Return the examples of *users* (positions)."""
        counts = np.diff(self.indptr)[users]
        indptr = np.concatenate([[0], np.cumsum(counts)])
        rows = np.repeat(self.indptr[users] - indptr[:-1], counts) + np.arange(indptr[-1])
        return Examples(indptr, self.features[rows], self.target[rows], self.targets[users])

    @classmethod
    def join(cls, parts: Sequence[Examples]) -> Examples:
        """Return the examples of all *parts*, in order."""
        counts = np.concatenate([np.diff(part.indptr) for part in parts])
        return cls(
            np.concatenate([[0], np.cumsum(counts)]),
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.target for part in parts]),
            np.concatenate([part.targets for part in parts]),
        )


def standardised(scores: Floats) -> Floats:
    """Return z-scores per row over the catalogue, clipped to [−3, 10]; 0 where all are the same.

    Args:
        scores: ``(n_users, n_items)``.
    """
    return _rowwise(scores, _clip)


def compared(scores: Floats) -> Floats:
    """Return F of one scorer: sign(z) log(1 + |z|), ``(n_users, n_items)``; the order is kept.

    Args:
        scores: ``(n_users, n_items)``.
    """
    return _rowwise(scores, _draw_together)


def drawn(line: Line, items: Rows) -> Floats:
    """Return F of one scorer for one history, of *items* alone, ``(len(items),)``."""
    if line.deviation <= 0:
        return np.zeros(len(items), np.float32)
    z = (line.at(items) - np.float32(line.mean)) * np.float32(1 / line.deviation)
    _draw_together(z)
    return z


def _rowwise(scores: Floats, finish: Callable[[Floats], None]) -> Floats:
    """Return z-scores as *finish* leaves them, made a few rows at a time to stay in the cache."""
    scores = np.asarray(scores, np.float32)
    out = np.empty(scores.shape, np.float32)
    for start in range(0, len(scores), _ROWS):
        part = out[start : start + _ROWS]
        _standardise(scores[start : start + _ROWS], part)
        finish(part)
    return out


def _standardise(scores: Floats, out: Floats) -> None:
    np.subtract(scores, scores.mean(axis=1, keepdims=True), out=out)
    deviation = np.sqrt(np.square(out).mean(axis=1, keepdims=True))
    same = deviation <= _ZERO * np.abs(scores).max(axis=1, keepdims=True, initial=0)
    out *= np.divide(1, deviation, out=np.zeros_like(deviation), where=~same & (deviation > 0))


def _clip(z: Floats) -> None:
    np.clip(z, *_CLIP, out=z)


def _draw_together(z: Floats) -> None:
    size = np.abs(z)
    size += 1
    np.log(size, out=size)
    np.copysign(size, z, out=z)


_ROWS: Final = 4
_ZERO: Final = 1e-6
"""Deviation beside the largest score from which scores differ by more than rounding."""


def learn_weights(
    examples: Examples, *, regularization: float = L2, start: Floats | None = None
) -> Floats:
    """Return the weights of the scorers, ``(n_scorers,)``.

    Args:
        examples: Users without a target among their candidates teach nothing.
        regularization: λ, > 0.
        start: Weights from which the search for the best begins; None: 0.
    """
    at = np.add.reduceat(examples.target, examples.indptr[:-1]) if len(examples) else np.empty(0)
    useful = examples.take(np.flatnonzero(at > 0))
    n_scorers = examples.features.shape[1]
    if not len(useful):
        return np.zeros(n_scorers, np.float32)
    counts = np.diff(useful.indptr)
    starts = useful.indptr[:-1]
    features = useful.features.astype(np.float64)
    hits = np.add.reduceat(useful.target, starts)
    wanted = useful.target / np.repeat(hits, counts)
    n = len(useful)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        shifted = np.exp(scores - np.repeat(top, counts))
        total = np.add.reduceat(shifted, starts)
        chance = shifted / np.repeat(total, counts)
        value = (np.log(total) + top).mean() - wanted @ scores / n
        slope = features.T @ (chance - wanted) / n
        penalty = regularization * weights
        return float(value + penalty @ weights), slope + 2 * penalty

    if start is None:
        start = np.zeros(n_scorers, np.float32)
    found = scipy.optimize.minimize(
        loss, start.astype(np.float64), jac=True, method="L-BFGS-B", options={"maxiter": _EPOCHS}
    )
    return np.asarray(found.x, np.float32)


def learn_few(examples: Examples, *, regularization: float = L2) -> Floats:
    """Return weights of the scorers that count, ``(n_scorers,)``; of the others 0.

    What moves the sum least, by |w| × the deviation of F among candidates, is left out and the
    others are learned anew, until each has at least `_COUNTS` of all that is moved: a scorer that
    says next to nothing would still cost its time for every list.
    """
    weights = learn_weights(examples, regularization=regularization)
    deviation = examples.features.std(axis=0) if len(examples.features) else weights
    kept = weights != 0
    while kept.any():
        moved = np.abs(weights) * deviation
        least = int(np.where(kept, moved, np.inf).argmin())
        if moved[least] >= _COUNTS * moved.sum():
            break
        kept[least] = False
        few = replace(examples, features=examples.features[:, kept])
        again = learn_weights(few, regularization=regularization, start=weights[kept])
        weights = np.zeros(len(kept), np.float32)
        weights[kept] = again
    return weights


def list_quality(examples: Examples, weights: Floats) -> Floats:
    """Return nDCG@10 of each user's candidates ranked by w · F, ``(n_users,)``, in [0, 1]."""
    scores = examples.features @ weights
    counts = np.diff(examples.indptr)
    user = np.repeat(np.arange(len(examples)), counts)
    order = np.lexsort((np.arange(len(scores)), -scores, user))
    place = np.arange(len(scores)) - np.repeat(examples.indptr[:-1], counts)
    discount = np.where(place < _K, 1 / np.log2(place + 2), 0)
    gained = np.bincount(user, examples.target[order] * discount, minlength=len(examples))
    ideal = np.cumsum(1 / np.log2(np.arange(_K) + 2))
    return np.asarray(gained / ideal[np.minimum(examples.targets, _K) - 1], np.float32)
