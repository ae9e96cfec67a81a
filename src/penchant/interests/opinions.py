"""Whether a text speaks for or against what it is about, by an encoder.

    x      vector of a text less the mean of those learned from, length 1
    s      w · x + b        logistic regression, both sides weighing the same
    said   sign(s) where |s| is large enough, else 0: many reviews take no side

Learned from sentences that are the same for all data (`penchant.interests.anchors`) and, where
there are enough of both sides, from the data's own reviews with stars.  These also tell how sure
s has to be: sure enough that nine of ten are right on either side, where they are not learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy

from penchant.interests.anchors import AGAINST, FOR
from penchant.llm.base import Encoder
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.types import Floats, Progress, silent

__all__ = ["Opinions", "Signs", "Trial", "tried"]

_L2: Final = 1.0
_FOLDS: Final = 5
_RIGHT: Final = 0.9
"""Share of decided texts, on either side, that must be right on the data's own stars."""

_DOUBT: Final = 0.5
"""|s| from which a text takes a side, at least: what has no word of either side has none."""

_TINY: Final = 1e-9

_COVERS: Final = np.linspace(1.0, 0.3, 15)
"""Shares of texts decided that are tried, largest first."""

Signs: TypeAlias = npt.NDArray[np.int8]
"""1 for, −1 against, 0 neither."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How well a reader did on texts whose side is known.

    Attributes:
        texts: How many there were.
        covered: Share of them on which it took a side, in [0, 1].
        accuracy: Share of these that it got right, in [0, 1].
        balanced: Mean of the shares of both sides that it got right, in [0, 1].
        against: Share of what it takes to speak against that does, where texts against are as
            frequent as they are, in [0, 1].
    """

    texts: int
    covered: float
    accuracy: float
    balanced: float
    against: float


def tried(said: Signs, sides: Signs, *, share: float) -> Trial:
    """Return how well *said* agrees with *sides*.

    Args:
        said: What was read, ``(n,)``; 0 takes no side.
        sides: The truth, 1 or −1, ``(n,)``.
        share: Share of texts that are against where these come from, in [0, 1].
    """
    decided = said != 0
    right = said == sides
    by_side = [right[decided & (sides == side)] for side in (1, -1)]
    balanced = float(np.mean([part.mean() if len(part) else 0.0 for part in by_side]))
    accuracy = float(right[decided].mean()) if decided.any() else 0.0
    covered = float(decided.mean()) if len(said) else 0.0
    found, wronged = (
        float((said[sides == side] < 0).mean()) if (sides == side).any() else 0.0
        for side in (-1, 1)
    )
    against = share * found / max(share * found + (1 - share) * wronged, _TINY)
    return Trial(len(said), covered, accuracy, balanced, against)


class Opinions:
    """Reads on which side texts are.

    Args:
        encoder: Reads texts.

    Attributes:
        trial_: How well it does on the texts that it was taught; None where it was not.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._anchors = encode_all(encoder, [*FOR, *AGAINST])
        self._sides = np.repeat(np.array([1, -1], np.int8), [len(FOR), len(AGAINST)])
        self._doubt = _DOUBT
        self._mean, self._w = _learned(self._anchors, self._sides)
        self.trial_: Trial | None = None

    def teach(self, vectors: Floats, sides: Signs, *, share: float) -> Self:
        """Learn from texts whose side is known too, and return itself.

        Args:
            vectors: Of the texts, as the encoder has them, ``(n, dim)``.
            sides: 1 or −1, ``(n,)``; at least `_FOLDS` of either.
            share: Share of such texts that are against, in [0, 1].
        """
        apart = np.empty(len(sides))
        fold = np.empty(len(sides), np.int64)
        for side in (1, -1):  # folds hold both sides in like shares
            rows = np.flatnonzero(sides == side)
            fold[rows] = np.arange(len(rows)) % _FOLDS
        for k in range(_FOLDS):
            rest, held = fold != k, fold == k
            apart[held] = _scores(vectors[held], *self._with(vectors[rest], sides[rest]))
        self._doubt, self.trial_ = _doubt(apart, sides, share=share)
        self._mean, self._w = self._with(vectors, sides)
        return self

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Floats:
        """Return *texts* as vectors, ``(n, dim)``, telling *progress*."""
        return encode_all(self._encoder, texts, progress=progress, stage="reading reviews")

    def sides(self, vectors: Floats) -> Signs:
        """Return the side of each text, ``(n,)``: 1 for, −1 against, 0 neither."""
        s = _scores(vectors, self._mean, self._w)
        return np.where(np.abs(s) >= self._doubt, np.sign(s), 0).astype(np.int8)

    def _with(self, vectors: Floats, sides: Signs) -> tuple[Floats, Floats]:
        return _learned(
            np.concatenate([vectors, self._anchors]), np.concatenate([sides, self._sides])
        )


def _scores(vectors: Floats, mean: Floats, w: Floats) -> Floats:
    s: Floats = unit_rows(vectors - mean) @ w[:-1] + w[-1]
    return s


def _learned(vectors: Floats, sides: Signs) -> tuple[Floats, Floats]:
    """Return the mean and (w, b) of balanced logistic regression, ``(dim,)`` and ``(dim + 1,)``."""
    mean = vectors.mean(axis=0)
    x = unit_rows(vectors - mean).astype(np.float64)
    y = sides.astype(np.float64)
    weight = np.empty(len(y))
    for side in (1, -1):
        weight[y == side] = len(y) / 2 / max(int((y == side).sum()), 1)

    def loss(wb: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        w, b = wb[:-1], wb[-1]
        margin = y * (x @ w + b)
        slope = -weight * y / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + _L2 * (w @ w) / 2)
        return value, np.append(x.T @ slope + _L2 * w, slope.sum())

    found = scipy.optimize.minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return mean, found.astype(np.float32)


def _doubt(s: npt.NDArray[np.floating], sides: Signs, *, share: float) -> tuple[float, Trial]:
    """Return the smallest |s| that is sure enough, and how well it does; the largest tried else."""
    size = np.abs(s)
    for cover in _COVERS:
        doubt = max(float(np.quantile(size, 1 - cover)), _DOUBT)
        trial = tried(np.where(size >= doubt, np.sign(s), 0).astype(np.int8), sides, share=share)
        if trial.balanced >= _RIGHT:
            break
    return doubt, trial
