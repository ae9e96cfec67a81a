"""The kind of item that a wish means, where a catalogue has categories beside finer labels.

    s'_c  = s_c + 0.1 log((Σ_l g_l p(c | l) + 0.02) / (p(c) + 0.02))
    k_i   = Σ_{c of i} exp((s'_c − max s') / 0.06) / (1 + √categories of i)

A wish often lands on a fine label that few items bear ("gunfight") and means a kind that many do
(westerns).  The fine labels that are meant speak for the categories in which their items lie.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from penchant.rank.labels import Labels
from penchant.types import Floats

__all__ = ["kinds_meant"]

_SPREAD: Final = 0.1
_LITTLE: Final = 0.02
"""Keeps a category that is rare from being certain."""


def kinds_meant(labels: Labels, near: Floats, *, sharp: float) -> Floats:
    """Tell how much each item is of the kind that is meant, ``(n_items,)``, ≥ 0.

    Zeros where the labels are all categories, or none is: then they say all by themselves.

    Args:
        labels: Of the catalogue.
        near: How near the wish is to each label, ``(n_labels,)``, cosines.
        sharp: Difference of nearness that makes e times as much.
    """
    category = labels.is_category
    if category.all() or not category.any():
        return np.zeros(labels.members.shape[0], np.float32)
    columns = sparse.csc_array(labels.members)
    kinds, fine = columns[:, category].tocsr(), columns[:, ~category].tocsr()
    near_kinds = near[category] + _SPREAD * _lift(kinds, fine, _soft(near[~category], sharp))
    count = np.diff(kinds.indptr)
    return np.asarray(kinds @ _soft(near_kinds, sharp) / (1 + np.sqrt(count)), np.float32)


def _lift(kinds: sparse.csr_array, fine: sparse.csr_array, meant: Floats) -> Floats:
    """How much more often than usual items of the meant labels lie in each kind, as a log."""
    shared = np.asarray((fine.T @ kinds).todense(), np.float64)
    within = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    usual = np.asarray(kinds.sum(axis=0)).ravel() / max(kinds.sum(), 1)
    mixed = meant @ within / meant.sum()
    return np.asarray(np.log((mixed + _LITTLE) / (usual + _LITTLE)), np.float32)


def _soft(near: Floats, sharp: float) -> Floats:
    return np.asarray(np.exp((near - near.max()) / sharp), np.float32)
