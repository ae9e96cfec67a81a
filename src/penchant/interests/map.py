"""A map of interests: each a disc of its items, near what it resembles.

The discs' centres come from classical scaling of the cosines between interests, φ_j·φ_k, which
keeps neighbours together; overlapping discs are then pushed apart along the line between them.
Within a disc, items lie on a sunflower spiral, the most typical in the middle::

    r_n = R √((n + ½) / N)        angle_n = n · π (3 − √5)

Deterministic: the same interests make the same map.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from penchant.types import Floats, Rows

__all__ = ["place_interests", "place_items"]

_GOLDEN = np.pi * (3 - np.sqrt(5))


def place_interests(centroids: Floats, sizes: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Place discs so that like interests are near and none overlap.

    Args:
        centroids: Unit vectors of the interests, ``(n, dim)``.
        sizes: Items shown in each, ``(n,)``, ≥ 0.

    Returns:
        Centres ``(n, 2)`` and radii ``(n,)``; a radius is √(size + 1).
    """
    radii = np.sqrt(sizes + 1.0)
    centres = _scale(np.asarray(centroids, np.float64))
    spread = np.sqrt((radii**2).sum()) * 1.6
    centres = centres / max(np.abs(centres).max(), 1e-9) * spread
    return _push_apart(centres, radii * 1.08).astype(np.float32), radii.astype(np.float32)


def _scale(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Classical scaling to the plane, ``(n, 2)``; signs fixed so that it never mirrors."""
    n = len(vectors)
    centred = vectors - vectors.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    plane = np.zeros((n, 2))
    width = min(2, len(values))
    plane[:, :width] = left[:, :width] * np.sqrt(values[:width] + 1e-12)
    for axis in range(width):
        plane[:, axis] *= np.sign(plane[np.abs(plane[:, axis]).argmax(), axis]) or 1
    ranks = plane.argsort(axis=0).argsort(axis=0) / max(n - 1, 1) - 0.5
    spread: npt.NDArray[np.float64] = plane / max(np.abs(plane).max(), 1e-9) + ranks
    return spread  # ranks alone would lose distances, distances alone crowd the middle


def _push_apart(
    centres: npt.NDArray[np.float64], radii: npt.NDArray[np.float64], *, rounds: int = 600
) -> npt.NDArray[np.float64]:
    """Pull all discs gently to the middle and push overlapping ones apart, *rounds* times."""
    centres = centres.copy()
    need = radii[:, None] + radii[None, :]
    for step in range(rounds):
        centres *= 0.995 if step < rounds * 0.8 else 1.0
        gap = centres[:, None, :] - centres[None, :, :]
        distance = np.sqrt((gap**2).sum(axis=2))
        overlap = np.maximum(need - distance, 0)
        np.fill_diagonal(overlap, 0)
        if not overlap.any() and step >= rounds * 0.8:
            break
        direction = gap / np.maximum(distance, 1e-9)[:, :, None]
        centres += 0.5 * (direction * overlap[:, :, None]).sum(axis=1)
    return centres


def place_items(leaf: Rows, typical: Floats, centres: Floats, radii: Floats) -> Floats:
    """Place each item in the disc of its interest, the most typical in the middle.

    Args:
        leaf: Interest of each item, ``(n_items,)``; −1 for none.
        typical: How typical an item is of its interest, ``(n_items,)``; higher is nearer.
        centres: ``(n, 2)``.
        radii: ``(n,)``.

    Returns:
        Points ``(n_items, 2)``; NaN for an item without an interest.
    """
    points = np.full((len(leaf), 2), np.nan, np.float32)
    for j in range(len(centres)):
        members = np.flatnonzero(leaf == j)
        members = members[np.argsort(-typical[members], kind="stable")]
        turn = np.arange(len(members))
        radius = radii[j] * np.sqrt((turn + 0.5) / max(len(members), 1))
        points[members, 0] = centres[j, 0] + radius * np.cos(turn * _GOLDEN)
        points[members, 1] = centres[j, 1] + radius * np.sin(turn * _GOLDEN)
    return points
