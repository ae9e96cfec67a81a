"""How much each item is about each interest.

    V[i, j] = σ(a (φ_j · θ_i + T[i, j]) + b_j)         V (n_items, n_leaves), sparse

    θ_i  direction of item i's text        φ_j  direction of leaf interest j
    T    whether the interest's name is true of the text (`penchant.interests.truth`)
    a, b_j  from a logistic regression of membership on the cosine, each cosine taken with a φ_j
            that the item had no part in

So an entry is the probability, in [0, 1], that an item of that direction belongs to the interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit

from penchant.llm.lsa import unit_rows
from penchant.types import Floats, Matrix, Rows

__all__ = ["FLOOR", "Scale", "fit_scale", "item_features", "kept", "levelled", "touches"]

FLOOR: Final = 0.02
"""Entries below are dropped, but each item keeps its strongest."""

_STEPS: Final = 30
_PRIOR: Final = 1.0
"""Weight that draws each b_j to their mean."""

_SLOPES: Final = (1.0, 60.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """From cosines to probabilities.

    Attributes:
        slope: a, > 0.
        bias: b_j, ``(n_leaves,)``.
    """

    slope: float
    bias: Floats


def fit_scale(
    vectors: Floats,
    centroids: Floats,
    leaf: Rows,
    *,
    names: Floats | None = None,
    strangers: bool = False,
) -> Scale:
    """Fit the probability of membership on cosines to centroids without the member.

    Args:
        vectors: ``(n_units, dim)``, length 1 or 0.
        centroids: ``(n_leaves, dim)``.
        leaf: Leaf of each unit, ``(n_units,)``; −1 for none.
        names: T, ``(n_units, n_leaves)``; None for zeros.
        strangers: Whether units of no leaf are examples, of what is in none, too.
    """
    n_leaves = len(centroids)
    members = np.flatnonzero(leaf >= 0)
    if n_leaves < 2 or len(members) < 2 * n_leaves:  # noqa: PLR2004  # nothing to tell apart
        return Scale(8.0, np.full(n_leaves, -4.0, np.float32))
    labels = leaf[members]
    cosines = _without_oneself(vectors[members], centroids, labels).astype(np.float64)
    if names is not None:
        cosines += names[members]
    inside = np.zeros(cosines.shape, np.bool_)
    inside[np.arange(len(members)), labels] = True
    if strangers:
        outside = np.flatnonzero((leaf < 0) & vectors.any(axis=1))
        far = vectors[outside] @ centroids.T + (0 if names is None else names[outside])
        cosines = np.concatenate([cosines, far])
        inside = np.concatenate([inside, np.zeros(far.shape, np.bool_)])
    return _logistic(cosines, inside)


def levelled(scale: Scale, cosines: Floats) -> Scale:
    """Return *scale* with biases under which the average text is as likely in any leaf.

    Leaves of many kinds of text are near to every text; without this they would get what no leaf
    is about.

    Args:
        scale: Fitted.
        cosines: φ_j · θ_i + T[i, j] of all units, ``(n_units, n_leaves)``.
    """
    usual = scale.slope * cosines.mean(axis=0)
    bias = scale.bias.mean() + usual.mean() - usual
    return Scale(scale.slope, np.asarray(bias, np.float32))


def item_features(
    vectors: Floats,
    unit: Rows,
    *,
    centroids: Floats,
    scale: Scale,
    names: Floats | None = None,
    floor: float = FLOOR,
) -> Matrix:
    """Return V, ``(n_items, n_leaves)``: entries in [0, 1], at least one in each row.

    Args:
        vectors: ``(n_units, dim)``, length 1 or 0.
        unit: Row of each item in *vectors*, ``(n_items,)``.
        centroids: ``(n_leaves, dim)``.
        scale: What turns cosines into probabilities.
        names: T, ``(n_units, n_leaves)``; None for zeros.
        floor: Smaller entries are dropped, except each row's strongest.
    """
    cosines = vectors @ centroids.T
    if names is not None:
        cosines += names
    logits = scale.slope * cosines + scale.bias
    values = expit(logits).astype(np.float32)
    keep = values >= floor
    keep[np.arange(len(values)), logits.argmax(axis=1)] = True
    return sparse.csr_array(kept(values, keep)[unit])


def kept(values: Floats, keep: npt.NDArray[np.bool_]) -> Matrix:
    """Return the *values* that *keep* marks, zeros among them too, ``values.shape``."""
    rows, columns = np.nonzero(keep)
    indptr = np.concatenate([[0], np.cumsum(keep.sum(axis=1))])
    data = values[rows, columns].astype(np.float32)
    return sparse.csr_array((data, columns.astype(np.int32), indptr), keep.shape)


def touches(V: Matrix) -> Rows:
    """Return the leaf in which each item is strongest, ``(n_items,)``; ties to the first.

    Args:
        V: ``(n_items, n_leaves)`` with sorted columns and no empty row.
    """
    starts = V.indptr[:-1]
    row = np.repeat(np.arange(V.shape[0]), np.diff(V.indptr))
    best = np.flatnonzero(V.data == np.maximum.reduceat(V.data, starts)[row]) if V.nnz else row
    _, first = np.unique(row[best], return_index=True)
    leaf: Rows = V.indices[best[first]].astype(np.int32)
    return leaf


def _without_oneself(vectors: Floats, centroids: Floats, labels: npt.NDArray[np.integer]) -> Floats:
    """Return cosines of units to leaves, ``(n, n_leaves)``; to their own one without them."""
    cosines = vectors @ centroids.T
    sums = np.zeros(centroids.shape, np.float32)
    np.add.at(sums, labels, vectors)
    others = unit_rows(sums[labels] - vectors)
    cosines[np.arange(len(vectors)), labels] = (others * vectors).sum(axis=1)
    return cosines


def _logistic(cosines: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]) -> Scale:
    """Fit σ(a x + b_j) by Newton's method; a shared, each b_j drawn to their mean.

    The Hessian is an arrow: one row for a, a diagonal for the b_j.
    """
    slope, bias = 8.0, np.full(cosines.shape[1], -4.0)
    for _ in range(_STEPS):
        p = expit(slope * cosines + bias)
        w = p * (1 - p) + 1e-9
        off = bias - bias.mean()
        g_slope, g_bias = ((p - inside) * cosines).sum(), (p - inside).sum(axis=0) + _PRIOR * off
        h_slope, h_cross = (w * cosines * cosines).sum() + 1e-6, (w * cosines).sum(axis=0)
        h_bias = w.sum(axis=0) + _PRIOR
        d_slope = (g_slope - (h_cross / h_bias) @ g_bias) / (h_slope - (h_cross / h_bias) @ h_cross)
        d_bias = (g_bias - h_cross * d_slope) / h_bias
        step = min(1.0, 10 / max(1e-9, abs(d_slope), np.abs(d_bias).max()))
        slope, bias = slope - step * d_slope, bias - step * d_bias
        slope = float(np.clip(slope, *_SLOPES))
        if step == 1.0 and abs(d_slope) < _CLOSE:
            break
    return Scale(slope, bias.astype(np.float32))


_CLOSE: Final = 1e-4
