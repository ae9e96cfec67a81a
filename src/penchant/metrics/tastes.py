"""How a list stands to a user's taste: alike within, far from the history, true to its shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.errors import DataError
from penchant.metrics.arrays import Lists, PerUser, check_lists, distinct, mean_over_places, ratio
from penchant.types import Floats, Matrix, Rows

__all__ = [
    "Distances",
    "breadth",
    "diversity",
    "history_distances",
    "interest_shares",
    "jensen_shannon",
    "kullback_leibler",
    "unit_rows",
]

_BATCH: Final = 1024
"""Users whose listed vectors are held in memory at once."""

_SMOOTHING: Final = 0.01
"""How much of the history's shares is mixed into the list's, as Steck (2018) does."""


def unit_rows(vectors: Floats) -> Floats:
    """Return *vectors*, ``(n, dim)``, with rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = np.zeros(vectors.shape, np.float32)
    np.divide(vectors, lengths, out=scaled, where=lengths > 0)
    return scaled


def diversity(lists: Lists, *, vectors: Floats) -> PerUser:
    """Return 1 − mean cosine over all pairs of a list, ``(n,)`` in [0, 2].

    Intra-list distance (Smyth and McClave, 2001; Ziegler and others, 2005).  With s the sum of the
    list's m vectors the mean cosine is (s·s − Σ v·v) / (m (m − 1)).  NaN for less than two items.

    Args:
        lists: ``(n, k)``; an item that is repeated makes pairs of cosine 1.
        vectors: ``(n_items, dim)``, rows of length 1 or 0.

    Returns:
        One value a user.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    check_lists(lists, n_users=len(lists), n_items=len(vectors))
    out = np.full(len(lists), np.nan)
    for start in range(0, len(lists), _BATCH):
        part = lists[start : start + _BATCH]
        filled = part >= 0
        picked = np.where(filled[:, :, None], vectors[part], 0).astype(np.float64)
        total = picked.sum(axis=1)
        cosines = (total**2).sum(axis=1) - (picked**2).sum(axis=(1, 2))
        count = filled.sum(axis=1)
        pairs = count * (count - 1)
        out[start : start + _BATCH] = 1 - ratio(cosines, pairs)
    within: PerUser = np.clip(out, 0, 2)
    return within


def breadth(lists: Lists, *, touch: Rows) -> PerUser:
    """Return how many different interests a list touches, ``(n,)`` ≥ 1; NaN for an empty list.

    Args:
        lists: ``(n, k)``.
        touch: The interest of each item, ``(n_items,)``.

    Returns:
        One value a user.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    check_lists(lists, n_users=len(lists), n_items=len(touch))
    ordered = np.sort(np.where(lists >= 0, touch[lists], -1), axis=1)
    first = np.diff(ordered, axis=1, prepend=-1) != 0
    counts = (first & (ordered >= 0)).sum(axis=1)
    return np.where(counts > 0, counts, np.nan)


@dataclass(frozen=True, slots=True)
class Distances:
    """How far listed items are from what a user had, as 1 − cosine.

    Attributes:
        nearest: From the nearest item of the history, ``(n, k)`` in [0, 2].
        average: From all items of the history on average, ``(n, k)`` in [0, 2].

    Both are NaN in empty places, at repetitions and for empty histories.
    """

    nearest: npt.NDArray[np.float64]
    average: npt.NDArray[np.float64]

    def per_user(self, which: Literal["nearest", "average"] = "nearest") -> PerUser:
        """Return the mean over each list of ``nearest`` or ``average``, ``(n,)``."""
        return mean_over_places(self.nearest if which == "nearest" else self.average)


def history_distances(lists: Lists, *, histories: Matrix, vectors: Floats) -> Distances:
    """Return how far each listed item is from its user's own history.

    Novelty to the user rather than to everyone: distance-based item novelty (Vargas and Castells,
    2011), with the mean as there, and with the nearest item, which a broad history does not blur.

    Args:
        lists: ``(n, k)``.
        histories: ``(n, n_items)``; what is not zero was touched.
        vectors: ``(n_items, dim)``, rows of length 1 or 0; a zero row is at distance 1 from all.

    Returns:
        The distances.

    Raises:
        DataError: If the shapes disagree or an item is not in the catalogue.
    """
    check_lists(lists, n_users=histories.shape[0], n_items=len(vectors))
    if histories.shape[1] != len(vectors):
        raise DataError(f"histories has {histories.shape[1]} items for {len(vectors)} vectors")
    lists = distinct(lists)
    nearest = np.full(lists.shape, np.nan)
    average = np.full(lists.shape, np.nan)
    for row, items in enumerate(lists):
        places = np.flatnonzero(items >= 0)
        own = slice(histories.indptr[row], histories.indptr[row + 1])
        touched = histories.indices[own][histories.data[own] != 0]
        if len(places) and len(touched):
            cosines = vectors[items[places]] @ vectors[touched].T
            nearest[row, places] = 1 - cosines.max(axis=1)
            average[row, places] = 1 - cosines.mean(axis=1, dtype=np.float64)
    return Distances(np.clip(nearest, 0, 2), np.clip(average, 0, 2))


def interest_shares(weights: Matrix, *, features: Matrix) -> npt.NDArray[np.float64]:
    """Return which share of what a user has belongs to which interest, ``(n, n_interests)``.

    p(j | u) = Σ_i w_ui V_ij / Σ_j V_ij, normalised over j (Steck, 2018).  A row sums to 1, or to 0
    for a user without an item of any interest.

    Args:
        weights: ``(n, n_items)``, ≥ 0: histories or lists.
        features: *V*, ``(n_items, n_interests)``, ≥ 0.

    Returns:
        The shares.

    Raises:
        DataError: If the shapes disagree or an entry is negative.
    """
    if weights.shape[1] != features.shape[0]:
        raise DataError(f"features has {features.shape[0]} rows for {weights.shape[1]} items")
    for name, matrix in ("weights", weights), ("features", features):
        if matrix.nnz and matrix.data.min() < 0:
            raise DataError(f"{name} must not be negative, got {matrix.data.min()!r}")
    totals = np.asarray(features.sum(axis=1), np.float64)
    per_item = ratio(np.ones_like(totals), totals, empty=0.0)
    shares: npt.NDArray[np.float64]
    shares = (weights @ (sparse.diags_array(per_item) @ features)).toarray().astype(np.float64)
    totals = shares.sum(axis=1, keepdims=True)
    np.divide(shares, totals, out=shares, where=totals > 0)
    return shares


def kullback_leibler(history: npt.NDArray[np.float64], listed: npt.NDArray[np.float64]) -> PerUser:
    """Return how far the shares of lists are from those of histories, in bits, ``(n,)`` ≥ 0.

    KL(p ‖ q̃) = Σ_j p_j log2(p_j / q̃_j) with q̃ = (1 − α) q + α p, α = .01, so at most log2(1/α)
    ≈ 6.64 bits: miscalibration (Steck, 2018).  NaN where either has no share at all.

    Args:
        history: *p*, ``(n, n_interests)``, rows that sum to 1 or 0.
        listed: *q*, the same shape.

    Returns:
        One value a user.

    Raises:
        DataError: If the shapes disagree.
    """
    _check_shares(history, listed)
    mixed = (1 - _SMOOTHING) * listed + _SMOOTHING * history
    return _where_both(_relative_entropy(history, mixed), history, listed)


def jensen_shannon(history: npt.NDArray[np.float64], listed: npt.NDArray[np.float64]) -> PerUser:
    """Return how far the shares of lists are from those of histories, ``(n,)`` in [0, 1].

    (KL(p ‖ m) + KL(q ‖ m)) / 2 in bits with m = (p + q) / 2 (Lin, 1991); the same both ways, 0 for
    equal shares, 1 for shares that have no interest in common.  NaN and errors as in
    `kullback_leibler`.

    Args:
        history: *p*, ``(n, n_interests)``, rows that sum to 1 or 0.
        listed: *q*, the same shape.

    Returns:
        One value a user.

    Raises:
        DataError: If the shapes disagree.
    """
    _check_shares(history, listed)
    middle = (history + listed) / 2
    both = (_relative_entropy(history, middle) + _relative_entropy(listed, middle)) / 2
    return _where_both(np.minimum(both, 1.0), history, listed)


def _relative_entropy(p: npt.NDArray[np.float64], q: npt.NDArray[np.float64]) -> PerUser:
    ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
    entropy: PerUser = np.maximum((p * np.log2(ratio)).sum(axis=1), 0.0)
    return entropy


def _check_shares(history: npt.NDArray[np.float64], listed: npt.NDArray[np.float64]) -> None:
    if history.shape != listed.shape:
        raise DataError(f"listed has shape {listed.shape}, expected {history.shape}")


def _where_both(
    values: PerUser, history: npt.NDArray[np.float64], listed: npt.NDArray[np.float64]
) -> PerUser:
    return np.where((history.sum(axis=1) > 0) & (listed.sum(axis=1) > 0), values, np.nan)
