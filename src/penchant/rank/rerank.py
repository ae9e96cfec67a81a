"""Reranking: a list that is less of the same.

Maximal marginal relevance (Carbonell and Goldstein, 1998): the next item is::

    argmax_i  (1 − d) · rel_i  −  d · max_{j listed} cos(θ_i, θ_j)

    rel   scores of the pool, scaled to [0, 1]
    θ     vectors of the items' texts
    d     diversity: 0 keeps the ranking, 1 looks at difference alone
"""

from __future__ import annotations

import numpy as np

from penchant.errors import UsageError
from penchant.types import Floats, Rows

__all__ = ["PLACES", "check_diversity", "diversify"]

PLACES = 10
"""Items looked at for each place of a list."""


def check_diversity(diversity: float) -> None:
    """Refuse a diversity outside [0, 1].

    Raises:
        UsageError: If so.
    """
    if not 0 <= diversity <= 1:
        raise UsageError(f"diversity must be in [0, 1], got {diversity!r}")


def diversify(items: Rows, scores: Floats, vectors: Floats, *, k: int, diversity: float) -> Rows:
    """Return positions in *items* of the *k* to list, in the order of listing.

    Args:
        items: The pool, best first, ``(n,)``.
        scores: Of the pool, descending, ``(n,)``.
        vectors: Of the pool, ``(n, dim)``, length 1 or 0.
        k: Length of the list.
        diversity: d, in [0, 1].
    """
    n = min(k, len(items))
    if diversity == 0:
        return np.arange(n, dtype=np.int32)
    spread = float(scores[0] - scores[-1]) if len(scores) else 0.0
    relevance = (scores - scores[-1]) / spread if spread > 0 else np.zeros(len(items))
    nearest = np.full(len(items), 0.0)
    free = np.ones(len(items), np.bool_)
    chosen: list[int] = []
    for _ in range(n):
        value = np.where(free, (1 - diversity) * relevance - diversity * nearest, -np.inf)
        best = int(value.argmax())  # the first of equals: the better ranked
        chosen.append(best)
        free[best] = False
        cosine = vectors @ vectors[best]
        nearest = cosine if len(chosen) == 1 else np.maximum(nearest, cosine)
    return np.array(chosen, np.int32)
