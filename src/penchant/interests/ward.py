"""Ward's hierarchical clustering of weighted points.

Two clusters of masses w_a, w_b merge where that adds least to the spread within clusters::

    cost(a, b) = w_a w_b / (w_a + w_b) · ‖c_a − c_b‖²

found by chains of nearest neighbours (Murtagh 1983) and updated by Lance and Williams' formula, so
points take their square in memory and time.  With equal masses it is SciPy's ``ward``; masses keep
a shop's thousand oddities from taking the clusters of what sells.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from penchant.types import Floats, Rows

__all__ = ["ward"]


def ward(points: Floats, mass: npt.NDArray[np.floating], *, count: int) -> Rows:
    """Return the cluster of each point, in [0, count), ``(n,)``, numbered by first member.

    Args:
        points: ``(n, dim)``.
        mass: ``(n,)``, > 0.
        count: Clusters wanted, ≥ 1; fewer points give as many clusters as points.
    """
    n = len(points)
    merges = sorted(_merges(points.astype(np.float32), mass.astype(np.float32)), key=lambda m: m[0])
    root = list(range(n))
    for _, a, b in merges[: max(0, n - count)]:
        a, b = _find(root, a), _find(root, b)  # noqa: PLW2901 - the clusters they are in by now
        root[max(a, b)] = min(a, b)
    roots = [_find(root, point) for point in range(n)]
    number = {r: k for k, r in enumerate(dict.fromkeys(roots))}
    return np.array([number[r] for r in roots], np.int32)


def _find(root: list[int], point: int) -> int:
    while root[point] != point:
        root[point] = root[root[point]]
        point = root[point]
    return point


def _merges(points: Floats, mass: Floats) -> list[tuple[float, int, int]]:
    """Return every merge as (cost, a point of one cluster, a point of the other)."""
    cost = _costs(points, mass)
    mass = mass.copy()
    left = np.ones(len(points), np.bool_)
    chain: list[int] = []
    merges = []
    for _ in range(len(points) - 1):
        if not chain:
            chain = [int(left.argmax())]
        a, b = _mutual(cost, chain)
        merges.append((float(cost[a, b]), a, b))
        both = mass[a] + mass[b]
        row = (mass[a] + mass) * cost[a] + (mass[b] + mass) * cost[b] - mass * cost[a, b]
        row /= both + mass
        row[~left] = np.inf
        row[[a, b]] = np.inf
        cost[a, :], cost[:, a] = row, row
        cost[b, :], cost[:, b] = np.inf, np.inf
        mass[a], left[b] = both, False
    return merges


def _mutual(cost: Floats, chain: list[int]) -> tuple[int, int]:
    """Follow nearest neighbours from the end of *chain* to a mutual pair, and take it off."""
    while True:
        last = chain[-1]
        near = int(cost[last].argmin())
        if len(chain) > 1 and cost[last, chain[-2]] <= cost[last, near]:
            near = chain[-2]  # of equals the one we came from, or the chain goes round
        if len(chain) > 1 and near == chain[-2]:
            del chain[-2:]
            return min(last, near), max(last, near)
        chain.append(near)


def _costs(points: Floats, mass: Floats) -> Floats:
    squares = (points * points).sum(axis=1)
    cost = points @ points.T
    cost *= -2
    cost += squares[:, None]
    cost += squares[None, :]
    np.maximum(cost, 0, out=cost)
    cost *= mass[:, None] * mass[None, :] / (mass[:, None] + mass[None, :])
    np.fill_diagonal(cost, np.inf)
    return cost
