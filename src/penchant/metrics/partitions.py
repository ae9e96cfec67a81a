"""How much two partitions of the same things agree: adjusted mutual information.

    AMI = (I(A; B) − E[I]) / (½ (H(A) + H(B)) − E[I])       Vinh, Epps and Bailey (2010)

E[I] is the mutual information of two partitions of these sizes drawn at random, so chance is 0 and
the same partition, under whatever names, is 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

from penchant.types import Rows

__all__ = ["adjusted_mutual_information"]

_Counts = npt.NDArray[np.int64]


def adjusted_mutual_information(left: Rows, right: Rows) -> float:
    """Return the adjusted mutual information of two partitions, at most 1.

    Two that both leave everything in one part, or everything alone, agree: 1.

    Args:
        left: Part of each thing, ``(n,)``.
        right: The same in the other partition, ``(n,)``.
    """
    _, one = np.unique(left, return_inverse=True)
    _, other = np.unique(right, return_inverse=True)
    n = len(one)
    if not n:
        return 1.0
    cells = np.zeros((one.max() + 1, other.max() + 1), np.int64)
    np.add.at(cells, (one, other), 1)
    a, b = cells.sum(axis=1), cells.sum(axis=0)
    if len(a) == len(b) in (1, n):
        return 1.0
    shared = _mutual(cells, a, b, n)
    expected = _expected(a, b, n)
    most = (_entropy(a, n) + _entropy(b, n)) / 2
    return float((shared - expected) / max(most - expected, 1e-12))


def _entropy(sizes: _Counts, n: int) -> float:
    share = sizes / n
    return float(-xlogy(share, share).sum())


def _mutual(cells: _Counts, a: _Counts, b: _Counts, n: int) -> float:
    share = cells / n
    return float((xlogy(share, share) - xlogy(share, np.outer(a, b) / n**2)).sum())


def _expected(a: _Counts, b: _Counts, n: int) -> float:
    """Return the mean mutual information where things keep their parts' sizes and are shuffled."""
    logs = gammaln(np.arange(n + 2))  # logs[k + 1] = ln k!
    total = 0.0
    # Parts of one size share all their terms.
    for (size, many), (width, more) in (
        ((s, m), (w, k))
        for s, m in zip(*np.unique(a, return_counts=True), strict=True)
        for w, k in zip(*np.unique(b, return_counts=True), strict=True)
    ):
        common = np.arange(max(1, size + width - n), min(size, width) + 1)
        chance = np.exp(
            logs[size + 1]
            + logs[width + 1]
            + logs[n - size + 1]
            + logs[n - width + 1]
            - logs[n + 1]
            - logs[common + 1]
            - logs[size - common + 1]
            - logs[width - common + 1]
            - logs[n - size - width + common + 1]
        )
        terms = common / n * np.log(n * common / (float(size) * float(width)))
        total += float(many * more) * float((terms * chance).sum())
    return total
