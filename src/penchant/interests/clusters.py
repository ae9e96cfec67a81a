"""Two nested levels of clusters of unit vectors, the same on every run.

    leaves    Ward on the most used units, its centroids into spherical k-means (few steps)
    parents   Ward on the leaves' centroids

Nothing is drawn at random: k-means starts where Ward ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster import hierarchy

from penchant.llm.lsa import unit_rows
from penchant.types import Floats, Rows

__all__ = ["Clusters", "cluster", "leaf_count"]

_WARD_UNITS: Final = 4000
"""Units that Ward sees, the most used ones: it takes their square in memory and time."""

_STEPS: Final = 10
_LEAVES: Final = (8, 120)
"""Fewest and most leaves that the data may choose, where there are texts enough."""

_PER_ROOT: Final = 1.25
"""Leaves per square root of distinct texts."""

_PER_LEAF: Final = 3
"""Distinct texts a leaf should have at least, on average."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which leaf each unit is in, and which parent each leaf.

    Attributes:
        leaf: ``(n_units,)``, in [0, n_leaves); −1 for units without a direction.
        centroids: Directions of the leaves, ``(n_leaves, dim)``, length 1.
        parent: ``(n_leaves,)``, in [0, n_parents).
    """

    leaf: Rows
    centroids: Floats
    parent: Rows


def leaf_count(n_texts: int) -> int:
    """Return how many leaf interests *n_texts* distinct texts make, ≥ 1."""
    low, high = _LEAVES
    wanted = min(max(round(_PER_ROOT * math.sqrt(n_texts)), low), high)
    return max(1, min(wanted, n_texts // _PER_LEAF))


def cluster(vectors: Floats, weights: npt.NDArray[np.floating], *, leaves: int) -> Clusters:
    """Cluster *vectors* into at most *leaves* leaves, the heaviest leaf first.

    Args:
        vectors: ``(n_units, dim)``, length 1, or 0 for units that say nothing.
        weights: How much each unit counts, ``(n_units,)``, > 0.
        leaves: ≥ 1; fewer come back where there are fewer distinct vectors.
    """
    said = np.flatnonzero(vectors.any(axis=1))
    if not len(said):
        return Clusters(
            np.full(len(vectors), -1, np.int32),
            np.zeros((1, vectors.shape[1]), np.float32),
            np.zeros(1, np.int32),
        )
    points, mass = vectors[said], weights[said].astype(np.float32)
    seen = np.sort(np.argsort(-mass, kind="stable")[:_WARD_UNITS])
    start = _means(points[seen], mass[seen], _ward(points[seen], leaves))
    labels, centroids = _spherical(points, mass, start)
    labels, centroids = _heaviest_first(labels, centroids, mass)
    leaf = np.full(len(vectors), -1, np.int32)
    leaf[said] = labels
    wanted = max(1, round(math.sqrt(2 * len(centroids))))
    parent = _ward(centroids, wanted) if len(centroids) > wanted else np.arange(len(centroids))
    return Clusters(leaf, centroids, _by_first(parent))


def _ward(points: Floats, count: int) -> npt.NDArray[np.int64]:
    """Return labels in [0, count) by Ward's method, ``(n,)``."""
    if len(points) < 2 or count < 2:  # noqa: PLR2004  # nothing to merge, or all
        return np.zeros(len(points), np.int64)
    tree = hierarchy.linkage(points.astype(np.float64), method="ward")
    labels = hierarchy.fcluster(tree, t=min(count, len(points)), criterion="maxclust")
    return np.asarray(labels, np.int64) - 1


def _means(points: Floats, mass: Floats, labels: npt.NDArray[np.integer]) -> Floats:
    """Return the directions of the clusters that have members, ``(n_clusters, dim)``."""
    count = int(labels.max()) + 1
    sums = np.zeros((count, points.shape[1]), np.float32)
    np.add.at(sums, labels, points * mass[:, None])
    centroids = unit_rows(sums)
    present, first = np.unique(labels, return_index=True)
    opposed = ~centroids[present].any(
        axis=1
    )  # members that cancel out: their first speaks for them
    centroids[present[opposed]] = points[first[opposed]]
    return centroids[present]


def _spherical(points: Floats, mass: Floats, centroids: Floats) -> tuple[Rows, Floats]:
    """Return labels and centroids after at most `_STEPS` steps of spherical k-means."""
    labels = (points @ centroids.T).argmax(axis=1)
    for _ in range(_STEPS):
        present, labels = np.unique(labels, return_inverse=True)
        centroids = _means(points, mass, labels) if len(present) else centroids
        moved = (points @ centroids.T).argmax(axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    present, labels = np.unique(labels, return_inverse=True)
    return labels.astype(np.int32), centroids[present]


def _heaviest_first(labels: Rows, centroids: Floats, mass: Floats) -> tuple[Rows, Floats]:
    weight = np.bincount(labels, mass, minlength=len(centroids))
    order = np.argsort(-weight, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[labels], centroids[order]


def _by_first(labels: npt.NDArray[np.integer]) -> Rows:
    """Renumber *labels* by where each first occurs."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.int32)
    return rank[inverse]
