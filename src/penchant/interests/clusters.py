"""Two nested levels of clusters of unit vectors, the same on every run.

    leaves    Ward on the heaviest units, its centroids into spherical k-means (few steps)
    parents   Ward on the leaves' centroids

Nothing is drawn at random: k-means starts where Ward ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.interests.ward import ward
from penchant.llm.lsa import unit_rows
from penchant.types import Floats, Rows

__all__ = ["Clusters", "cluster", "grouped", "leaf_count", "pulled", "without"]

_WARD_UNITS: Final = 4000
"""Units that Ward sees, the heaviest ones: it takes their square in memory and time."""

_STEPS: Final = 10
_LEAVES: Final = (8, 120)
"""Fewest and most leaves that the data may choose, where there are texts enough."""

_PER_ROOT: Final = (1.0, 0.6)
"""Leaves per square root of distinct texts: of labels and titles alone, of running text alone."""

_OF_PATHS: Final = 1.6
"""Times as many at most where labels are steps of a path, and so many: each step that is much used
is a kind of thing by itself, and says what it is."""

_PER_LEAF: Final = 3
"""Distinct texts a leaf should have at least, on average."""

_SMALLEST: Final = (3, 0.2)
"""Distinct texts each leaf has at least, and as a share of the average leaf's, where there are
`_LEAVES` leaves without the smaller ones."""


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


def leaf_count(n_texts: int, *, running: float = 0.0, steps: int = 0) -> int:
    """Return how many leaf interests a catalogue makes, ≥ 1.

    Args:
        n_texts: Distinct texts.
        running: Share of running text in them, in [0, 1].  Plots and articles fall into fewer clear
            topics than as many names of products do.
        steps: Distinct labels, where they are steps of paths; else 0.
        path: Whether most texts have labels that are steps of a path.
    """
    low, high = _LEAVES
    short, long = _PER_ROOT
    usual = (short + (long - short) * running) * math.sqrt(n_texts)
    wanted = min(max(round(max(usual, min(_OF_PATHS * usual, steps))), low), high)
    return max(1, min(wanted, n_texts // _PER_LEAF))


def cluster(vectors: Floats, mass: npt.NDArray[np.floating], *, leaves: int) -> Clusters:
    """Cluster *vectors* into at most *leaves* leaves, the heaviest leaf first.

    Args:
        vectors: ``(n_units, dim)``, length 1, or 0 for units that say nothing.
        mass: How much each unit counts, ``(n_units,)``, > 0.
        leaves: ≥ 1; fewer come back where there are fewer distinct vectors.
    """
    said = np.flatnonzero(vectors.any(axis=1))
    if not len(said):
        nowhere = np.zeros((1, vectors.shape[1]), np.float32)
        return Clusters(np.full(len(vectors), -1, np.int32), nowhere, np.zeros(1, np.int32))
    points, weight = vectors[said], mass[said].astype(np.float32)
    seen = np.sort(np.argsort(-weight, kind="stable")[:_WARD_UNITS])
    start = _means(points[seen], weight[seen], ward(points[seen], weight[seen], count=leaves))
    labels, centroids = _spherical(points, weight, start)
    sizes = np.bincount(labels, minlength=len(centroids))
    kept = _large(sizes)
    if len(kept) < len(sizes):
        labels, centroids = _spherical(points, weight, centroids[kept])
    return _nested(vectors, mass, said, labels, centroids)


def grouped(leaf: Rows, centroids: Floats, *, parent: Rows | None) -> Clusters:
    """Return leaves that are given, in their order, under parents.

    Args:
        leaf: ``(n_units,)``, in [0, n_leaves); −1 for none.
        centroids: ``(n_leaves, dim)``, length 1.
        parent: ``(n_leaves,)``; None clusters the leaves.
    """
    return Clusters(leaf, centroids, _parents(centroids) if parent is None else parent)


def without(
    clusters: Clusters,
    vectors: Floats,
    mass: npt.NDArray[np.floating],
    *,
    leaves: npt.NDArray[np.integer],
) -> Clusters:
    """Return *clusters* with some *leaves* dissolved into the nearest others.

    Args:
        clusters: Of *vectors*.
        vectors: ``(n_units, dim)``.
        mass: ``(n_units,)``, > 0.
        leaves: Not all of them.
    """
    said = np.flatnonzero(clusters.leaf >= 0)
    kept = np.delete(np.arange(len(clusters.centroids)), leaves)
    points = vectors[said]
    place = np.full(len(clusters.centroids), -1)
    place[kept] = np.arange(len(kept))
    labels = place[clusters.leaf[said]]
    homeless = labels < 0
    labels[homeless] = (points[homeless] @ clusters.centroids[kept].T).argmax(axis=1)
    centroids = _means(points, mass[said].astype(np.float32), labels)
    return _nested(vectors, mass, said, labels.astype(np.int32), centroids)


def pulled(
    clusters: Clusters, vectors: Floats, mass: npt.NDArray[np.floating], *, names: Floats
) -> Clusters:
    """Return *clusters* with each unit where its cosine and the names that are true of it say.

    Args:
        clusters: Of *vectors*.
        vectors: ``(n_units, dim)``.
        mass: ``(n_units,)``, > 0.
        names: What each leaf's name adds to the cosine, ``(n_units, n_leaves)``.
    """
    said = np.flatnonzero(clusters.leaf >= 0)
    if not len(said):
        return clusters
    points, weight = vectors[said], mass[said].astype(np.float32)
    likely = points @ clusters.centroids.T + names[said]
    labels = likely.argmax(axis=1)
    kept = _large(np.bincount(labels, minlength=len(clusters.centroids)))
    labels = np.unique(kept[likely[:, kept].argmax(axis=1)], return_inverse=True)[1]
    centroids = _means(points, weight, labels)
    return _nested(vectors, mass, said, labels.astype(np.int32), centroids)


def _nested(
    vectors: Floats,
    mass: npt.NDArray[np.floating],
    said: npt.NDArray[np.integer],
    labels: Rows,
    centroids: Floats,
) -> Clusters:
    """Put the heaviest leaf first and parents above the leaves."""
    leaf = np.full(len(vectors), -1, np.int32)
    leaf[said], centroids = _heaviest_first(labels, centroids, mass[said])
    return Clusters(leaf, centroids, _parents(centroids))


def _large(sizes: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return the clusters that are not too small; all of them where few would be left."""
    fewest, share = _SMALLEST
    kept = np.flatnonzero(sizes >= max(fewest, share * sizes.mean()))
    return kept if len(kept) >= _LEAVES[0] else np.flatnonzero(sizes > 0)


def _parents(centroids: Floats) -> Rows:
    """Return the parent of each leaf; a leaf alone goes to the nearest parent of several.

    Leaves count alike: by their mass the small ones would be thrown together, whatever they are.
    """
    count = max(1, round(math.sqrt(2 * len(centroids))))
    parent = ward(centroids, np.ones(len(centroids), np.float32), count=count)
    alone = np.flatnonzero(np.bincount(parent)[parent] == 1)
    others = np.flatnonzero(np.bincount(parent)[parent] > 1)
    if len(alone) and len(others):
        means = np.stack([centroids[parent == p].mean(axis=0) for p in np.unique(parent[others])])
        nearest = (centroids[alone] @ unit_rows(means).T).argmax(axis=1)
        parent[alone] = np.unique(parent[others])[nearest]
    _, first, inverse = np.unique(parent, return_index=True, return_inverse=True)
    return first.argsort().argsort().astype(np.int32)[inverse]


def _means(points: Floats, weight: Floats, labels: npt.NDArray[np.integer]) -> Floats:
    """Return the directions of the clusters that have members, ``(n_clusters, dim)``."""
    sums = np.zeros((int(labels.max()) + 1, points.shape[1]), np.float32)
    np.add.at(sums, labels, points * weight[:, None])
    centroids = unit_rows(sums)
    present, first = np.unique(labels, return_index=True)
    # Members that cancel out leave no direction: their first speaks for them.
    opposed = ~centroids[present].any(axis=1)
    centroids[present[opposed]] = points[first[opposed]]
    return centroids[present]


def _spherical(points: Floats, weight: Floats, centroids: Floats) -> tuple[Rows, Floats]:
    """Return labels and centroids after at most `_STEPS` steps of spherical k-means."""
    labels = (points @ centroids.T).argmax(axis=1)
    for _ in range(_STEPS):
        centroids = _means(points, weight, np.unique(labels, return_inverse=True)[1])
        moved = (points @ centroids.T).argmax(axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    present, labels = np.unique(labels, return_inverse=True)
    return labels.astype(np.int32), centroids[present]


def _heaviest_first(
    labels: Rows, centroids: Floats, weight: npt.NDArray[np.floating]
) -> tuple[Rows, Floats]:
    """Renumber the clusters; return labels and centroids."""
    totals = np.bincount(labels, weight, minlength=len(centroids)).astype(np.float32)
    order = np.argsort(-totals, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[labels], centroids[order]
