"""Scores of interests in one sum, its weights learned from what people took up after a cut.

    z_uj   a scorer's values, standardised over the interests that are novel for user u
    F_uj   sign(z) log(1 + |z|)
    w      listwise softmax regression over the novel interests (`penchant.rank.fusion`)
    p_uj   σ(a · w·F_uj + b · log(1 + events of u) + c)    the chance that u takes j up

The gate: the fused list must find more of what was taken up than the best single scorer does, or
that scorer is used alone.  Each half of the users is judged by weights learned from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy
from scipy.special import expit

from penchant import metrics
from penchant.rank.fusion import Examples, learn_weights
from penchant.types import Floats, Matrix

__all__ = ["Chosen", "K", "Trial", "chance", "choose", "compared", "fit_chance"]

K: Final = 5
"""Length of the lists that the gate judges."""

_L2: Final = 0.01
_RIDGE: Final = 1e-3
_ZERO: Final = 1e-6
_LEAST: Final = 1e-3
"""The least that a counts."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What scorers said before the cut, and what was taken up after it.

    Attributes:
        features: F, ``(n_users, n_interests, n_scorers)``; 0 for interests that are known.
        novel: ``(n_users, n_interests)``.
        taken: The novel interests that were taken up, ones, ``(n_users, n_interests)``; each user
            has at least one.
        activity: Events of each user before the cut, ``(n_users,)``.
    """

    features: Floats
    novel: npt.NDArray[np.bool_]
    taken: Matrix
    activity: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.novel)

    def take(self, users: npt.NDArray[np.integer]) -> Trial:
        """Return the trial of *users* (positions)."""
        return Trial(
            self.features[users], self.novel[users], self.taken[users], self.activity[users]
        )

    def recall(self, weights: Floats) -> npt.NDArray[np.float64]:
        """Return recall@5 of lists ranked by w · F, ``(n_users,)``."""
        found = metrics.proposals(self.features @ weights, novel=self.novel, k=K)
        return metrics.taken_up(found, taken=self.taken, ks=(K,))[f"recall@{K}"]

    def learn(self) -> Floats:
        """Return w, ``(n_scorers,)``."""
        counts = self.novel.sum(axis=1)
        target = self.taken.toarray()[self.novel] > 0
        indptr = np.concatenate([[0], np.cumsum(counts)])
        sizes = np.diff(self.taken.indptr).astype(np.int64)
        examples = Examples(indptr, self.features[self.novel], target, sizes)
        return learn_weights(examples, regularization=_L2)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the gate decided.

    Attributes:
        weights: w, ``(n_scorers,)``.
        says: What was chosen and why, as a sentence.
        quality: recall@5 on validation of the fused lists and of each scorer alone, by name.
    """

    weights: Floats
    says: str
    quality: dict[str, float]


def compared(scores: Floats, novel: npt.NDArray[np.bool_]) -> Floats:
    """Return F of one scorer, ``(n_users, n_interests)``; 0 for interests that are known.

    Args:
        scores: ``(n_users, n_interests)``.
        novel: ``(n_users, n_interests)``.
    """
    counts = np.maximum(novel.sum(axis=1, keepdims=True), 1)
    values = np.where(novel, scores, 0).astype(np.float64)
    off = np.where(novel, values - values.sum(axis=1, keepdims=True) / counts, 0)
    deviation = np.sqrt(np.square(off).sum(axis=1, keepdims=True) / counts)
    same = deviation <= _ZERO * np.abs(values).max(axis=1, keepdims=True, initial=0)
    z = np.divide(off, deviation, out=np.zeros_like(off), where=~same & (deviation > 0))
    return np.asarray(np.copysign(np.log1p(np.abs(z)), z), np.float32)


def choose(trial: Trial, names: Sequence[str]) -> Chosen:
    """Choose between the fused scores and each scorer alone.

    Args:
        trial: Of users who took something up.
        names: Of the scorers.
    """
    halves = [np.arange(start, len(trial), 2) for start in (0, 1)]
    fused = np.zeros(len(trial))
    for own, other in (halves, halves[::-1]):
        fused[own] = trial.take(own).recall(trial.take(other).learn())
    alone = np.eye(len(names), dtype=np.float32)
    quality = {
        name: float(trial.recall(row).mean()) for name, row in zip(names, alone, strict=True)
    }
    best = max(names, key=lambda name: quality[name])
    found = float(fused.mean())
    said = f"recall@{K} on validation {found:.4f}, {best} alone {quality[best]:.4f}"
    quality = {"fused": found, **quality}
    if found > quality[best]:
        return Chosen(trial.learn(), f"all scores, fused: {said}", quality)
    weights = alone[list(names).index(best)]
    return Chosen(weights, f"{best} alone: fused it was no better ({said})", quality)


def fit_chance(trial: Trial, weights: Floats) -> Floats:
    """Return a, b and c of the chance that a novel interest is taken up, ``(3,)``."""
    fused = (trial.features @ weights)[trial.novel].astype(np.float64)
    active = np.repeat(np.log1p(trial.activity), trial.novel.sum(axis=1))
    inputs = np.stack([fused, active, np.ones(len(fused))], axis=1)
    taken = trial.taken.toarray()[trial.novel]

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = inputs @ w
        value = (np.logaddexp(0, logits) - taken * logits).mean() + _RIDGE * w[:2] @ w[:2]
        slope = inputs.T @ (expit(logits) - taken) / len(taken)
        slope[:2] += 2 * _RIDGE * w[:2]
        return float(value), slope

    start = np.array([0.0, 0.0, -np.log(max(1 / max(taken.mean(), _ZERO) - 1, _ZERO))])
    # A better score must never mean a smaller chance, whatever few users did.
    bounds = [(_LEAST, None), (None, None), (None, None)]
    found = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(found, np.float32)


def chance(fused: Floats, activity: npt.NDArray[np.integer], parameters: Floats) -> Floats:
    """Return p, ``(n_users, n_interests)``, in (0, 1).

    Args:
        fused: w · F, ``(n_users, n_interests)``.
        activity: Events of each user, ``(n_users,)``.
        parameters: a, b and c.
    """
    a, b, c = parameters
    return np.asarray(expit(a * fused + (b * np.log1p(activity) + c)[:, None]), np.float32)
